"""The act "subscription clean up": removing notifications with our title and address that nobody knows any more."""

from collections.abc import Sequence

from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.rules.hook_urls import home
from bot.rules.tending import is_stray
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "subscription clean up"
NOTHING = "There is nothing left to remove: they are gone, or belong to a subscription of mine. So I left everything."
_UUIDS = "notifications"


def wanted(target: str, uuids: Sequence[str]) -> Act:
    """Remove these in a repository (or of a namespace)."""
    return Act(NAME, target, {_UUIDS: " ".join(uuids)})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Remove exactly those of them that still look like ours and that still nobody knows. Raises UserError for none."""
    asked, notifications = act.parameters[_UUIDS].split(), going.quay.notifications
    listed = await notifications.all(act.target)
    known = await desk.subscriptions.hooks_of({one.mark for one in listed if one.mark})
    needed = {part.uuid for part in await desk.subscriptions.parts()}
    ours = [one for one in listed if one.uuid in asked and is_stray(one, known, home(desk.public_url))]
    gone = [one.uuid for one in ours if one.uuid not in needed and await notifications.delete(act.target, one.uuid)]
    if not gone:
        raise UserError(NOTHING)
    left = len(asked) - len(gone)
    rest = f" {count(left, 'other')} of them I left, because it was gone or is known." if left else ""
    going.result.detail = f"Removed {', '.join(gone)}."
    return whisper(f"Done: I removed {count(len(gone), 'notification')} of {code(act.target, 260)} in Quay.{rest}")


def says(act: Act) -> str:
    """Which ones."""
    uuids = [code(uuid) for uuid in act.parameters.get(_UUIDS, "").split()]
    return f"Remove from {code(act.target, 260)} the notifications {', '.join(uuids)}, which no subscription knows."


KIND = ActKind(name=NAME, run=run, says=says, quay_log="delete_repo_notification delete_namespace_notification")
