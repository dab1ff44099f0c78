"""Global messages of the registry: which one is meant, what state it is in, and whose approvals a scheduled one has."""

import hashlib
from collections.abc import Iterable, Sequence

from bot.domain.acts import Act, Outcome
from bot.domain.banners import Banner
from bot.domain.errors import UserError
from bot.ports import Audit, Banners
from bot.ports.quay_things import GlobalMessage
from bot.services.references import new_name

_LEAST = 4  # characters of a uuid
_VOTES = 100
_RAN = (Outcome.TRIED, Outcome.DONE)


def named(word: str, shown: Sequence[GlobalMessage]) -> GlobalMessage:
    """The message whose uuid begins like that. Raises UserError if it is none, or not clear which."""
    word = word.strip().strip("`").lower()
    found = [one for one in shown if len(word) >= _LEAST and one.uuid.lower().startswith(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            "Several messages begin like that. Please give more of the name that `/quay message list` shows."
        )
    raise UserError("There is no such global message now. `/quay message list` shows those that there are.")


def same(content: str, severity: str, media_type: str, shown: Iterable[GlobalMessage]) -> list[str]:
    """The uuids of those that say just this."""
    what = (content, severity, media_type)
    return [one.uuid for one in shown if (one.content, one.severity, one.media_type) == what]


def state(uuid: str, shown: Iterable[GlobalMessage]) -> str:
    """What a message is now, as a pin: it changes when the message does, or goes."""
    found = next((one for one in shown if one.uuid == uuid), None)
    return pinned(found)


def pinned(message: GlobalMessage | None) -> str:
    """The pin of a message; of none if it is not there."""
    if message is None:
        return "message=none"
    told = "\0".join((message.uuid, message.severity, message.media_type, message.content))
    return f"message={hashlib.sha256(told.encode()).hexdigest()[:20]}"


async def free_name(banners: Banners) -> str:
    """A name that people can type and that no other has: "M7PX4"."""
    for _ in range(20):
        name = f"M{new_name()[1:]}"
        if await banners.get(name) is None:
            return name
    raise UserError("I could not find a name for this message. Please try again.")


async def agreed(banner: Banner, act: Act, audit: Audit) -> tuple[str, int]:
    """The approval under which exactly this was scheduled, and how many Quay accounts gave it; ("", 0) for none.

    The audit remembers it for as long as it takes: requests themselves are forgotten after a while.
    """
    lines = await audit.newest(reference=banner.reference, limit=_VOTES)
    ours = (line.deed for line in lines if line.deed.act.shown() == act.shown() and line.deed.outcome in _RAN)
    approval = next((deed.approval for deed in ours if deed.approval), "")
    if not approval:
        return "", 0
    votes = [line.deed for line in await audit.newest(reference=approval, limit=_VOTES)]
    yes = {deed.username for deed in votes if deed.outcome is Outcome.APPROVED and deed.act.shown() == act.shown()}
    return approval, len(yes)
