"""What acts that change a tag share: its state, whether it may be changed at all, and who changed it last."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.blocks.tag_marks import deed
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.domain.images import GONE, PAGE_ROWS, TagRow
from bot.domain.repositories import MOST_ENTRIES, LogEntry, Repository
from bot.domain.said import utc
from bot.domain.tag_steps import Author
from bot.ports import Quay
from bot.rules.tag_history import steps
from bot.rules.tag_rows import living, newest_first
from bot.services.gate import Going
from bot.services.moving import tag_mark
from handlers.acts.blaming import TOO_LONG, unread
from handlers.acts.rights import needs_write
from handlers.grammar import closest
from handlers.patience import in_time

LOOK = "`/quay tag history` shows how it is."
_AROUND = timedelta(minutes=1)  # of Quay's log, to either side of what is looked for
_SHOWS = "`/quay tag list` shows those that there are, `/quay tag history` deleted ones, too."
_LOOKED_AT = 100  # living tags among which a name is sought that is nearly right


def no_tag(repository: str, tag: str, then: str = _SHOWS) -> UserError:
    """The refusal where a tag is not there now; `then` says what to do next."""
    return UserError(f"There is no tag {tag} in {repository} now. {then}")


async def missing(repository: str, tag: str, quay: Quay, then: str = _SHOWS) -> UserError:
    """The same with the tag that was meant, if one of the newest is called nearly so."""
    guess = await nearly(repository, tag, quay)
    return no_tag(repository, tag, f"Did you mean `{guess}`? {then}" if guess else then)


async def nearly(repository: str, tag: str, quay: Quay) -> str:
    """The tag that was meant, among the newest; "" if none is called nearly so. Raises nothing."""
    try:
        page = await quay.tags.page(repository, limit=_LOOKED_AT)
    except BotError:  # it only would have been said better
        return ""
    return closest(tag, [row.name for row in page.rows if row.name != tag])


def moved_meanwhile(act: Act) -> UserError:
    """The refusal where what `resolve` saw is not what the preview sees."""
    return UserError(f"{act.tag} was changed while I looked at it. Please ask again.")


async def state(act: Act, quay: Quay) -> str:
    """The digest that the tag has now: "latest=sha256:…", "latest=none"."""
    return marked(act, await quay.tag_digest(act.repository, act.tag))


def marked(act: Act, digest: str) -> str:
    """The state in which the tag has that digest."""
    return f"{act.tag}={digest or GONE}"


async def since(act: Act, quay: Quay) -> str:
    """The digest that the tag has now and since when: an image that went and came back is another state."""
    return since_mark(act, await present(act, quay))


def since_mark(act: Act, newest: TagRow | None) -> str:
    """The same of the newest row of the tag: "latest=sha256:…@1795475932", "latest=none" for one that never was."""
    if newest is None:
        return tag_mark(act.tag, "", None)
    return tag_mark(act.tag, "" if newest.end else newest.digest, newest.end or newest.start)


async def present(act: Act, quay: Quay) -> TagRow | None:
    """The newest row of the tag, living or dead."""
    return next(iter(newest_first(await quay.tags.history(act.repository, act.tag, limit=PAGE_ROWS))), None)


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
    needs_write(repository, does)


async def blame(act: Act, going: Going, _now: datetime) -> str:
    """Who changed the tag last, and when; "" if nobody can tell even when."""
    rows = await going.quay.tags.history(act.repository, act.tag, limit=PAGE_ROWS)
    if not rows:
        return ""
    at = _changed(rows)
    entries = await _log_then(at, act.repository, going.quay)
    if isinstance(entries, Exception):
        return f"That was at {utc(at)}. {unread(entries)}"
    if author := _author(rows, at, entries):
        return f"{deed(author)} at {utc(at)}."
    return " ".join(filter(None, (f"That was at {utc(at)}.", TOO_LONG if len(entries) >= MOST_ENTRIES else "")))


async def last_author(rows: Sequence[TagRow], repository: str, quay: Quay) -> Author | None:
    """Who brought the tag to where it is now, or deleted it; None where that cannot be found out, or not in time."""
    if not rows:
        return None
    at = _changed(rows)
    entries = await _log_then(at, repository, quay)
    return None if isinstance(entries, Exception) else _author(rows, at, entries)  # most people may not read the log


def _changed(rows: Sequence[TagRow]) -> datetime:
    newest = newest_first(rows)[0]
    return newest.end or newest.start


async def _log_then(at: datetime, repository: str, quay: Quay) -> tuple[LogEntry, ...] | BotError | TimeoutError:
    return await in_time(quay.log(repository, at - _AROUND, at + _AROUND))


def _author(rows: Sequence[TagRow], at: datetime, entries: Sequence[LogEntry]) -> Author | None:
    step = steps(rows, at + _AROUND, entries)[0]
    return step.gap.author if step.gap else step.author
