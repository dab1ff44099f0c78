"""The history of a tag as steps: what each did, what it left behind, when the tag was gone, and who it was. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.images import TagRow
from bot.domain.tag_steps import Author, Gap, How, Step
from bot.rules.tag_rows import lives, newest_first

NEAR = timedelta(seconds=15)  # Quay's log and its tags are written one after the other, in whole seconds
_SETS = ("create_tag", "move_tag", "push_repo")


class Entry(Protocol):
    """An entry of Quay's log: see `ports.LogEntry`."""

    @property
    def kind(self) -> str:
        """What was done, in Quay's words."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def performer(self) -> str:
        """Who did it; "" if Quay does not say."""

    @property
    def about(self) -> Mapping[str, str]:
        """What it is about."""


def steps(rows: Iterable[TagRow], now: datetime, entries: Iterable[Entry] = ()) -> tuple[Step, ...]:
    """One step for each row, newest first. `entries` are of the usage log; each is used for one thing at most."""
    ordered, left = newest_first(rows), list(entries)
    numbers = marks(ordered)
    found: list[Step] = []
    for place, row in enumerate(ordered):
        newer = ordered[place - 1] if place else None
        found.append(
            Step(
                row,
                how=_how(row, ordered[place + 1 :]),
                mark=numbers[row.digest],
                living=newer is None and lives(row, now),
                gap=_gap(row, newer, now, left),
                author=_author(_makers(row, left), row.start, left),
            )
        )
    return tuple(found)


def marks(rows: Sequence[TagRow]) -> dict[str, int]:
    """A number for each image. Those that the tag had more than once come first, as they have to be recognised."""
    times = Counter(row.digest for row in newest_first(rows))
    ranked = sorted(times, key=lambda digest: times[digest] == 1)  # stable: else the newest first
    return {digest: number for number, digest in enumerate(ranked)}


def _how(row: TagRow, older: Sequence[TagRow]) -> How:
    if row.reversion:
        return How.RESTORED
    if not older:
        return How.FIRST
    if older[0].digest == row.digest:
        return How.AGAIN
    return How.BACK if any(one.digest == row.digest for one in older) else How.NEW


def _gap(row: TagRow, newer: TagRow | None, now: datetime, left: list[Entry]) -> Gap | None:
    """The time between the end of a row and the next one, if there was any."""
    ends = min((end for end in (row.end, row.expires) if end is not None), default=None)
    if ends is None or ends > now or (newer is not None and newer.start <= ends):
        return None
    deletions = [one for one in left if one.kind == "delete_tag" and one.about.get("tag") == row.name]
    return Gap(ends, newer.start if newer else None, _author(deletions, ends, left))


def _makers(row: TagRow, left: Sequence[Entry]) -> list[Entry]:
    """The entries that could be about the beginning of this row: the right kind, tag, and digest where it is told."""
    kinds = ("revert_tag",) if row.reversion else _SETS
    return [
        one
        for one in left
        if one.kind in kinds
        and one.about.get("tag") == row.name
        and one.about.get("manifest_digest", row.digest) == row.digest
    ]


def _author(candidates: Sequence[Entry], at: datetime, left: list[Entry]) -> Author | None:
    """Who did the nearest of them, if it is near enough; it is used up then."""
    near = [one for one in candidates if abs(one.at - at) <= NEAR and one.performer]
    if not near:
        return None
    best = min(near, key=lambda one: (abs(one.at - at), "manifest_digest" not in one.about))
    left.remove(best)
    return Author(best.performer, best.kind, best.about.get("oauth_token_application", ""))
