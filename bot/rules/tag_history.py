"""The history of a tag as steps: what each did, what it left behind, when the tag was gone, and who it was. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.images import TagRow
from bot.domain.repositories import LogEntry
from bot.domain.tag_steps import Author, Gap, How, Step
from bot.rules.tag_rows import lives, newest_first

NEAR = timedelta(seconds=15)  # Quay's log and its tags are written one after the other, in whole seconds
_SETS = ("create_tag", "move_tag", "push_repo")


def steps(rows: Iterable[TagRow], now: datetime, entries: Iterable[LogEntry] = ()) -> tuple[Step, ...]:
    """One step for each row, newest first. `entries` are of the usage log; each is used for one thing at most."""
    ordered, left = newest_first(rows), list(entries)
    numbers = marks(ordered)
    first = {row.digest: place for place, row in enumerate(ordered)}  # where each image came first
    found: list[Step] = []
    for place, row in enumerate(ordered):
        newer = ordered[place - 1] if place else None
        found.append(
            Step(
                row,
                how=_how(row, ordered[place + 1] if place + 1 < len(ordered) else None, back=first[row.digest] > place),
                mark=numbers[row.digest],
                living=newer is None and lives(row, now),
                gap=_gap(row, newer, now, left),
                author=_author(_makers(row, left), row.start, left),
            )
        )
    return tuple(found)


def marks(rows: Sequence[TagRow]) -> dict[str, int]:
    """A number for each image, from 0 on in the order in which they came first: new steps never change one."""
    oldest_first = dict.fromkeys(row.digest for row in reversed(newest_first(rows)))
    return {digest: number for number, digest in enumerate(oldest_first)}


def _how(row: TagRow, before: TagRow | None, *, back: bool) -> How:
    if row.reversion:
        return How.RESTORED
    if before is None:
        return How.FIRST
    if before.digest == row.digest:
        return How.AGAIN
    return How.BACK if back else How.NEW


def _gap(row: TagRow, newer: TagRow | None, now: datetime, left: list[LogEntry]) -> Gap | None:
    """The time between the end of a row and the next one, if there was any."""
    ends = min((end for end in (row.end, row.expires) if end is not None), default=None)
    if ends is None or ends > now or (newer is not None and newer.start <= ends):
        return None
    deletions = [one for one in left if one.kind == "delete_tag" and one.about.get("tag") == row.name]
    return Gap(ends, newer.start if newer else None, _author(deletions, ends, left))


def _makers(row: TagRow, left: Sequence[LogEntry]) -> list[LogEntry]:
    """The entries that could be about the beginning of this row: the right kind, tag, and digest where it is told."""
    kinds = ("revert_tag",) if row.reversion else _SETS
    return [
        one
        for one in left
        if one.kind in kinds
        and one.about.get("tag") == row.name
        and one.about.get("manifest_digest", row.digest) == row.digest
    ]


def _author(candidates: Sequence[LogEntry], at: datetime, left: list[LogEntry]) -> Author | None:
    """Who did the nearest of them, if it is near enough; it is used up then."""
    near = [one for one in candidates if abs(one.at - at) <= NEAR and one.performer]
    if not near:
        return None
    best = min(near, key=lambda one: (abs(one.at - at), "manifest_digest" not in one.about))
    left.remove(best)
    return Author(best.performer, best.kind, best.about.get("oauth_token_application", ""))
