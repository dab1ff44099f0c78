"""What acts that change a tag share: its state, whether it may be changed at all, and who changed it last."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.blocks.tag_changes import GONE, deed
from bot.domain.acts import Act
from bot.domain.errors import BotError, Lacking, TryLater, UserError
from bot.domain.images import TagRow
from bot.domain.tag_steps import Author
from bot.ports import Quay, Repository
from bot.rules.tag_history import steps
from bot.rules.tag_rows import living, newest_first
from bot.services.gate import Going

PATIENCE = 2.0  # seconds for what would only be nice to know
_AROUND = timedelta(minutes=1)  # of Quay's log, to either side of what is looked for


def tag_of(act: Act) -> str:
    """The tag that it is done to."""
    return act.target.partition(":")[2]


async def state(act: Act, quay: Quay) -> str:
    """The digest that the tag has now: "latest=sha256:…", "latest=none"."""
    return marked(act, await quay.tag_digest(act.repository, tag_of(act)))


def marked(act: Act, digest: str) -> str:
    """The state in which the tag has that digest."""
    return f"{tag_of(act)}={digest or GONE}"


def alive(rows: Sequence[TagRow], now: datetime) -> TagRow | None:
    """The row that the tag has now. Quay's clock may be ahead of ours: its newest row has begun, whatever ours says."""
    return living(rows, max(now, *(row.start for row in rows))) if rows else None


def changeable(repository: Repository, does: str) -> None:
    """Nothing, if tags can be changed there by this person; else raises UserError that says why not."""
    name = repository.name
    if repository.state == "MIRROR":
        raise UserError(
            f"{name} is a mirror: its tags come from the repository that it copies, and Quay lets nobody else change "
            "them. Change the tag there, or ask an admin to switch mirroring off."
        )
    if repository.state == "READ_ONLY":
        raise UserError(f"{name} is read-only, so nobody can change its tags. An admin can change that in Quay.")
    if repository.can_write is False:
        lacks = f"You can read {name} but need write there to {does}."
        ask = f"ask an admin of {name} for the role write"
        raise Lacking(
            f"{lacks} Either {ask}, or your linked token lacks the scope `repo:write`: then run `/quay link` again.",
            repository=name,
            needs="write",
            does=does,
            role=f"{lacks} Please {ask}.",
        )


async def blame(act: Act, going: Going) -> str:
    """Who changed the tag last, and when; "" if nobody can tell even when."""
    rows = await going.quay.tags.history(act.repository, tag_of(act))
    if not rows:
        return ""
    newest = newest_first(rows)[0]
    at = newest.end or newest.start
    author = await last_author(rows, act.repository, going.quay)
    clock = f"at {at.astimezone(UTC):%H:%M} UTC"
    if author is None:
        return f"That was {clock}; Quay's usage log, which admins of the repository can read, knows who it was."
    return f"{deed(author)} {clock}."


async def last_author(rows: Sequence[TagRow], repository: str, quay: Quay) -> Author | None:
    """Who brought the tag to where it is now, or deleted it; None where that cannot be found out, or not in time."""
    if not rows:
        return None
    newest = newest_first(rows)[0]
    at = newest.end or newest.start
    try:
        async with asyncio.timeout(PATIENCE):
            entries = await quay.log(repository, at - _AROUND, at + _AROUND)
    except (BotError, TimeoutError):  # most people may not read the log
        return None
    step = steps(rows, at + _AROUND, entries)[0]
    return step.gap.author if step.gap else step.author


async def read_back(act: Act, quay: Quay) -> str | None:
    """What the tag points at after a change ("" for nothing); None if Quay does not say."""
    try:
        return await quay.tag_digest(act.repository, tag_of(act))
    except BotError:  # the change is made, whatever comes now
        return None


async def wrought(act: Act, quay: Quay, wanted: str, doubt: TryLater | None) -> str | None:
    """What the tag points at after it was asked to point at `wanted`; raises `doubt` if that has not happened."""
    found = await read_back(act, quay)
    if doubt is not None and found != wanted:
        raise doubt
    return found
