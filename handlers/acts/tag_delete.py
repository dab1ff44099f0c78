"""The act "tag delete"."""

import asyncio
from datetime import timedelta

from bot.blocks.layout import section
from bot.blocks.tag_changes import name, now_line, others_line, pulls_line, until_line
from bot.blocks.tag_marks import image
from bot.domain.acts import Act
from bot.domain.images import GONE, TagPage
from bot.ports import Quay
from bot.rules.tag_rows import newest_first
from bot.services.gate import Going
from handlers.acts.tagging import alive, blame, changeable, last_author, missing, moved_meanwhile, no_tag, since
from handlers.acts.tagging_told import Turn, back_to, turn_tag
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.patience import in_time

NAME = "tag delete"
_DAYS = 7  # in which pulls are counted
_LOOKED_AT = 100  # living tags among which others with the same image are sought


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image the tag has now."""
    digest = await quay.tag_digest(act.repository, act.tag)
    if not digest:
        raise await missing(act.repository, act.tag, quay)
    return Act(NAME, act.target, {"digest": digest})


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What it points at, who still uses it, and until when it can be taken back."""
    quay, now, tag, digest = going.quay, desk.clock.now(), act.tag, act.parameters["digest"]
    rows, found, page, pulls = await asyncio.gather(
        quay.tags.history(act.repository, tag),
        quay.repositories.get(act.repository),
        quay.tags.page(act.repository, limit=_LOOKED_AT),
        _pulls(act, quay, desk),
    )
    changeable(found, "delete tags")
    here = alive(rows, now)
    if here is None or here.digest != digest:
        raise moved_meanwhile(act)
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
    digest, tag = act.parameters["digest"], act.tag
    inverse = back_to(act, digest, GONE)
    did = f"deleted {name(act.repository, tag)} (it pointed at {image(digest)})."
    return await turn_tag(_deleted(act, going), Turn(did, "", inverse), going, desk)


def says(act: Act) -> str:
    """Which tag, and what it points at."""
    return f"Delete {name(act.repository, act.tag)}. It points at {image(act.parameters.get('digest', ''))} now."


async def _deleted(act: Act, going: Going) -> None:
    if not await going.quay.tagging.delete(act.repository, act.tag):
        raise no_tag(act.repository, act.tag, "Somebody else has deleted it.")


def _others(page: TagPage, tag: str, digest: str) -> tuple[str, ...]:
    return tuple(row.name for row in page.rows if row.digest == digest and row.name != tag)


async def _pulls(act: Act, quay: Quay, desk: Desk) -> str:
    """How often it was pulled lately; "" where the log may not be read, or not in time."""
    now, tag = desk.clock.now(), act.tag
    page = await in_time(quay.log_page(act.repository, now - timedelta(days=_DAYS), now, kind="pull_repo"))
    if isinstance(page, Exception):
        return ""
    wanted = (tag, act.parameters["digest"])
    pulls = [one for one in page.entries if one.about.get("tag", one.about.get("manifest_digest")) in wanted]
    return pulls_line(len(pulls), _DAYS, more=bool(page.next))


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=since,
    quay_log="delete_tag",
    preview=preview,
    blame=blame,
)
