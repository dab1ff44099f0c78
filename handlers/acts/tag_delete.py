"""The act "tag delete"."""

import asyncio
from datetime import timedelta

from bot.blocks.layout import section
from bot.blocks.tag_changes import GONE, image, name, now_line, others_line, pulls_line, until_line
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.domain.images import TagPage
from bot.ports import Quay
from bot.rules.tag_rows import newest_first
from bot.services.gate import Going
from handlers.acts.tagging import PATIENCE, alive, blame, changeable, last_author, state, tag_of
from handlers.acts.tagging_told import Change, back_to, carry_out, question_of
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "tag delete"
_DAYS = 7  # in which pulls are counted
_LOOKED_AT = 100  # living tags among which others with the same image are sought


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image the tag has now."""
    digest = await quay.tag_digest(act.repository, tag_of(act))
    if not digest:
        raise UserError(
            f"There is no tag {tag_of(act)} in {act.repository}. `/quay tag list` shows those that there are."
        )
    return Act(NAME, act.target, {"digest": digest})


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it points at, who still uses it, and until when it can be taken back."""
    quay, now, tag, digest = going.quay, desk.clock.now(), tag_of(act), act.parameters["digest"]
    rows, found, page, pulls = await asyncio.gather(
        quay.tags.history(act.repository, tag),
        quay.repositories.get(act.repository),
        quay.tags.page(act.repository, limit=_LOOKED_AT),
        _pulls(act, quay, desk),
    )
    changeable(found, "delete tags")
    here = alive(rows, now)
    if here is None or here.digest != digest:
        raise UserError(f"{tag} was changed while I looked at it. Please ask again.")
    lines = (
        f"*Delete {name(act.repository, tag)}*",
        now_line(here, newest_first(rows)[0], await last_author(rows, act.repository, quay)),
        others_line(_others(page, tag, digest), whole=not page.more),
        *([pulls] if pulls else []),
        until_line(found.keeps_for, now),
    )
    return Preview((section("\n".join(lines)),), yes="Delete", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Delete it."""
    digest, tag = act.parameters["digest"], tag_of(act)
    inverse = back_to(act, digest, GONE)
    did = f"deleted {name(act.repository, tag)} (it pointed at {image(digest)})."
    return await carry_out(_deleted(act, going), Change(did, "", inverse, question_of(inverse)), going, desk)


def says(act: Act) -> str:
    """Which tag, and what it points at."""
    return f"Delete {name(act.repository, tag_of(act))}. It points at {image(act.parameters.get('digest', ''))} now."


async def _deleted(act: Act, going: Going) -> None:
    if not await going.quay.tagging.delete(act.repository, tag_of(act)):
        raise UserError(f"There is no tag {tag_of(act)} in {act.repository} any more: somebody else has deleted it.")


def _others(page: TagPage, tag: str, digest: str) -> tuple[str, ...]:
    return tuple(row.name for row in page.rows if row.digest == digest and row.name != tag)


async def _pulls(act: Act, quay: Quay, desk: Desk) -> str:
    """How often it was pulled lately; "" where the log may not be read, or not in time."""
    now, tag = desk.clock.now(), tag_of(act)
    try:
        async with asyncio.timeout(PATIENCE):
            page = await quay.log_page(act.repository, now - timedelta(days=_DAYS), now, kind="pull_repo")
    except (BotError, TimeoutError):
        return ""
    wanted = (tag, act.parameters["digest"])
    pulls = [one for one in page.entries if one.about.get("tag", one.about.get("manifest_digest")) in wanted]
    return pulls_line(len(pulls), _DAYS, more=bool(page.next))


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=state,
    quay_log="delete_tag",
    preview=preview,
    blame=blame,
)
