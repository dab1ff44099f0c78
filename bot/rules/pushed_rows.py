"""Which image a webhook was about, which one before, who pushed it, and what its scan says. Pure.

Quay names none of it (facts §1.2): the tag's rows, the usage log and the scanner tell, each in its own time.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.events import PushFacts, Severity
from bot.domain.images import Manifest, Scan, TagRow
from bot.domain.repositories import LogEntry
from bot.rules.tag_diff import vulnerabilities
from bot.rules.tag_rows import lives, newest_first

LATE = timedelta(seconds=200)  # after a push its webhook comes at the latest, repetitions included (facts §1.3)
EARLY = timedelta(seconds=5)  # so far Quay's clock may be ahead of ours
NEAR = timedelta(seconds=15)  # Quay's log and its tags are written one after the other, in whole seconds

SCANNED, QUEUED = "scanned", "queued"
PUSH = "push_repo"  # what the usage log calls it
_FIRST_CHOICE = "linux/amd64"  # of the images of an index, the one whose scan stands for all


@dataclass(slots=True)
class Rows:
    """Rows of many tags, each once, and quick answers about them."""

    _by_name: dict[str, dict[TagRow, None]] = field(default_factory=dict)
    _by_digest: dict[str, dict[TagRow, None]] = field(default_factory=dict)

    def add(self, rows: Iterable[TagRow]) -> None:
        """More of them; those that are there already change nothing."""
        for row in rows:
            self._by_name.setdefault(row.name, {})[row] = None
            self._by_digest.setdefault(row.digest, {})[row] = None

    def pushed(self, tag: str, at: datetime) -> TagRow | None:
        """See `pushed_row`."""
        return pushed_row(self._by_name.get(tag, ()), tag, at)

    def before(self, row: TagRow) -> TagRow | None:
        """See `row_before`."""
        return row_before(self._by_name.get(row.name, ()), row)

    def twin(self, row: TagRow, now: datetime) -> str:
        """See `twin`."""
        return twin(self._by_digest.get(row.digest, ()), row, now)


def pushed_row(rows: Iterable[TagRow], tag: str, at: datetime) -> TagRow | None:
    """The row that a push of the tag made, of which a webhook came `at`: the nearest one that fits. None: none does.

    A restore makes rows as well, of which Quay sends nothing (facts §3.1).
    """
    fitting = [
        row for row in rows if row.name == tag and not row.reversion and row.start - EARLY <= at <= row.start + LATE
    ]
    return min(fitting, key=lambda row: (abs(at - row.start), row.end is not None), default=None)


def row_before(rows: Iterable[TagRow], row: TagRow) -> TagRow | None:
    """The newest older row of the same tag with another image; None if there is none among these."""
    ordered = newest_first(one for one in rows if one.name == row.name)
    older = ordered[ordered.index(row) + 1 :] if row in ordered else ordered
    return next((one for one in older if one.digest != row.digest and one.start <= row.start), None)


def twin(rows: Iterable[TagRow], row: TagRow, now: datetime) -> str:
    """Another tag that lives and has the same image: of several the one that was set last. "": none among these."""
    same = [one for one in rows if one.digest == row.digest and one.name != row.name and lives(one, now)]
    return max(same, key=lambda one: (one.start, one.name)).name if same else ""


def pusher(entries: Iterable[LogEntry], facts: PushFacts, at: datetime, start: datetime | None) -> str:
    """The account that pushed the tag, out of the usage log; "" if no entry fits.

    The nearest entry to the row's `start` counts, or to the webhook (`at`) while the row is not known.
    """
    moment, early, late = (start, NEAR, NEAR) if start else (at, EARLY, LATE)
    fitting = [
        one
        for one in entries
        if one.kind == PUSH
        and one.performer
        and one.about.get("tag") == facts.tag
        and _may_be(one.about.get("manifest_digest", ""), facts.digest)
        and one.at - early <= moment <= one.at + late
    ]
    return min(fitting, key=lambda one: abs(one.at - moment)).performer if fitting else ""


def scanned_as(row: TagRow, manifest: Manifest | None) -> str:
    """The digest whose scan stands for the row's image: its own, or that of one image of an index. "": nobody knows."""
    if not row.is_list:
        return row.digest
    platforms = manifest.platforms if manifest else ()
    chosen = next((one for one in platforms if one.name == _FIRST_CHOICE), next(iter(platforms), None))
    return chosen.digest if chosen else ""


def total(sizes: Sequence[int | None]) -> int | None:
    """The sum, if all of them are known."""
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None


def grown(size: int | None, before: int | None) -> int | None:
    """By how much; None if either is not known."""
    return None if size is None or before is None else size - before


def with_scans(facts: PushFacts, scan: Scan, earlier: Scan | None) -> PushFacts:
    """The facts with what the scanner says, compared with the image before if that was scanned as well.

    `gained` and `lost` hold each name once, the worst first.
    """
    if scan.status != SCANNED:
        return facts.model_copy(update={"scan": scan.status})
    told: dict[str, object] = {"scan": scan.status, "findings": counted(scan)}
    if earlier is not None and earlier.status == SCANNED:
        changed = vulnerabilities(earlier.findings, scan.findings)
        for name, found in (("gained", changed.gained), ("lost", changed.lost)):
            told[name] = tuple(dict.fromkeys(one.name for one in found))
    return facts.model_copy(update=told)


def counted(scan: Scan) -> tuple[int, int, int, int, int, int]:
    """How many findings of each severity, in the order of `Severity`; a word that is none of ours is Unknown."""
    known = {severity.value for severity in Severity}
    counts = Counter(one.severity if one.severity in known else Severity.UNKNOWN.value for one in scan.findings)
    one, two, three, four, five, six = (counts[severity.value] for severity in Severity)
    return one, two, three, four, five, six


def _may_be(one: str, other: str) -> bool:
    """Are the digests the same, as far as both are known?"""
    return not one or not other or one == other
