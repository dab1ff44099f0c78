"""Which image of its own history a tag is restored to. Pure.

Quay restores whatever digest it is told, even one that the tag never had (facts §3.1): so it is decided here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.errors import UserError
from bot.domain.images import MOST_ROWS, Scan, TagRow
from bot.domain.said import short_digest, utc
from bot.rules.tag_rows import belongs, first_row, newest_first, previous, row_at

_LISTED = 6  # images in a sentence
_READ = f"among its newest {MOST_ROWS:,} steps"  # where not all were read, nothing is said of "never"
_REMEMBERED = "as far as Quay remembers"
_NO_OTHER = "has never pointed at another image than now"


def row_before(rows: Sequence[TagRow], tag: str, what: str = "nothing to go back to") -> TagRow:
    """The last image that is another one than now. Raises UserError if there never was one: then there is `what`."""
    found = previous(_some(rows, tag))
    if found is None:
        so_far = f"has pointed at no other image than now {_READ}" if cut(rows) else _NO_OTHER
        raise UserError(f"{tag} {so_far}, so there is {what}.")
    return found


def row_then(rows: Sequence[TagRow], tag: str, moment: datetime) -> TagRow:
    """What the tag pointed at then. Raises UserError if it did not exist."""
    found = row_at(_some(rows, tag), moment)
    if found is not None:
        return found
    first = min(row.start for row in rows)
    if cut(rows) and moment < first:
        raise UserError(
            f"What {tag} was at {utc(moment)} does not stand {_READ}, which begin at {utc(first)}. {_had(rows)}"
        )
    raise UserError(f"{tag} did not exist at {utc(moment)}, {_REMEMBERED}. {_had(rows)}")


def row_of(rows: Sequence[TagRow], tag: str, beginning: str) -> TagRow:
    """The newest row with the one image of this tag whose digest begins so. Raises UserError with those that it had."""
    digests = belongs(_some(rows, tag), beginning)
    if len(digests) > 1:
        several = ", ".join(f"`{short_digest(digest)}`" for digest in digests[:_LISTED])
        raise UserError(f"{tag} had {len(digests)} images whose digest begins so: {several}. Please write more of it.")
    found = first_row(rows, digests[0]) if digests else None
    if found is None:
        image = f"`{short_digest(beginning)}`"
        so_far = f"did not point at {image} {_READ}" if cut(rows) else f"never pointed at {image}, {_REMEMBERED}"
        raise UserError(f"{tag} {so_far}. {_had(rows)}")
    return found


def cut(rows: Sequence[TagRow]) -> bool:
    """Whether there may be older rows, which nobody has read."""
    return len(rows) >= MOST_ROWS


def surely_gone(before: Scan | None, after: Scan) -> bool:
    """Whether Quay has deleted the second image for good: it scans the first one, and does not know the second.

    Quay answers about the scan of an image that only the history has as well, and with a 404 about one that is gone;
    but it also does so about every image where it has no scanner (facts §3.1).
    """
    return before is not None and before.status != "" and after.status == ""


def _some(rows: Sequence[TagRow], tag: str) -> Sequence[TagRow]:
    if not rows:
        raise UserError(f"There is no tag {tag}, and Quay remembers none of that name. Please check its name.")
    return rows


def _had(rows: Iterable[TagRow]) -> str:
    newest = newest_first(rows)
    present = newest[0].digest if newest and newest[0].end is None else ""
    digests = tuple(one for one in dict.fromkeys(row.digest for row in newest) if one != present)
    if not digests:
        return "It had no other image than now. `/quay tag history` shows when."
    shown = ", ".join(f"`{short_digest(digest)}`" for digest in digests[:_LISTED])
    more = f" and {len(digests) - _LISTED} more" if len(digests) > _LISTED else ""
    return f"What it had, newest first: {shown}{more}. `/quay tag history` shows when."
