"""Which image of its own history a tag is restored to. Pure.

Quay restores whatever digest it is told, even one that the tag never had (facts §3.1): so it is decided here.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.domain.errors import UserError
from bot.domain.images import Scan, TagRow
from bot.rules.tag_rows import belongs, first_row, newest_first, previous, row_at

_LISTED = 6  # images in a sentence
_SHORT = len("sha256:") + 12


def row_before(rows: Sequence[TagRow], tag: str) -> TagRow:
    """The last image that is another one than now. Raises UserError if there never was one."""
    found = previous(_some(rows, tag))
    if found is None:
        raise UserError(f"{tag} has never pointed at another image than now, so there is nothing to go back to.")
    return found


def row_then(rows: Sequence[TagRow], tag: str, moment: datetime) -> TagRow:
    """What the tag pointed at then. Raises UserError if it did not exist."""
    found = row_at(_some(rows, tag), moment)
    if found is None:
        then = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        raise UserError(f"{tag} did not exist at {then}, as far as Quay remembers. {_had(rows)}")
    return found


def row_of(rows: Sequence[TagRow], tag: str, beginning: str) -> TagRow:
    """The newest row with the one image of this tag whose digest begins so. Raises UserError with those that it had."""
    digests = belongs(_some(rows, tag), beginning)
    if len(digests) > 1:
        several = ", ".join(f"`{digest[:_SHORT]}`" for digest in digests[:_LISTED])
        raise UserError(f"{tag} had {len(digests)} images whose digest begins so: {several}. Please write more of it.")
    found = first_row(rows, digests[0]) if digests else None
    if found is None:
        shown = beginning.removeprefix("sha256:")[:12]
        raise UserError(f"{tag} never pointed at `{shown}`, as far as Quay remembers. {_had(rows)}")
    return found


def surely_gone(before: Scan | None, after: Scan) -> bool:
    """Whether Quay has deleted the second image for good: it scans the first one, and does not know the second.

    Quay answers about the scan of an image that only the history has as well, and with a 404 about one that is gone;
    but it also does so about every image where it has no scanner (facts §1.2).
    """
    return before is not None and before.status != "" and after.status == ""


def _some(rows: Sequence[TagRow], tag: str) -> Sequence[TagRow]:
    if not rows:
        raise UserError(f"There is no tag {tag}, and Quay remembers none of that name. Please check its name.")
    return rows


def _had(rows: Iterable[TagRow]) -> str:
    digests = tuple(dict.fromkeys(row.digest for row in newest_first(rows)))
    shown = ", ".join(f"`{digest[:_SHORT]}`" for digest in digests[:_LISTED])
    more = f" and {len(digests) - _LISTED} more" if len(digests) > _LISTED else ""
    return f"What it had, newest first: {shown}{more}. `/quay tag history` shows when."
