"""Questions about the history of one tag: which image it had when, which one before, and which digests are its own.

`rows` are always those of exactly one tag, in any order (facts §3.1). Everything here is a function of its arguments.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.images import TagRow
from bot.rules.digests import beginning as begins


def newest_first(rows: Iterable[TagRow]) -> tuple[TagRow, ...]:
    """By when they began, the newest first; of those that began in the same second the living one, then as given."""
    return tuple(sorted(rows, key=lambda row: (row.start, row.end is None), reverse=True))


def lives(row: TagRow, moment: datetime) -> bool:
    """Whether the tag pointed there at that time: from its start on, until just before it ended or expired."""
    ends = [end for end in (row.end, row.expires) if end is not None]
    return row.start <= moment and (not ends or moment < min(ends))


def row_at(rows: Iterable[TagRow], moment: datetime) -> TagRow | None:
    """The row that was alive at that time; None where the tag did not exist then (or the history begins later)."""
    return next((row for row in newest_first(rows) if lives(row, moment)), None)


def living(rows: Iterable[TagRow], now: datetime) -> TagRow | None:
    """The row that the tag has now; None if it was deleted or has expired."""
    return row_at(rows, now)


def previous(rows: Iterable[TagRow]) -> TagRow | None:
    """The newest row with another image than the tag has now; of a tag that is gone, the last image that it had.

    Restoring what is there already adds rows that change nothing (facts §3.1), so rows are passed over until the digest
    differs. None if the tag never had another image.
    """
    ordered = newest_first(rows)
    if not ordered:
        return None
    if ordered[0].end is not None:
        return ordered[0]
    return next((row for row in ordered if row.digest != ordered[0].digest), None)


def belongs(rows: Iterable[TagRow], beginning: str) -> tuple[str, ...]:
    """The digests of these rows that begin so, each once, newest first: none, one, or several if it is too short.

    `beginning` is a digest or at least its first seven hexadecimal digits, with or without "sha256:", in any case.
    """
    wanted = begins(beginning)
    if not wanted:
        return ()
    return tuple(dict.fromkeys(row.digest for row in newest_first(rows) if row.digest.startswith(wanted)))


def first_row(rows: Sequence[TagRow], digest: str) -> TagRow | None:
    """The newest row with that digest."""
    return next((row for row in newest_first(rows) if row.digest == digest), None)
