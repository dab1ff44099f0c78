"""Builds, mirror syncs and tags that expire, of some time, as far as Quay tells of them afterwards."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.events import BuildMoved, MirrorOutcome, MirrorSynced, Phase, TagsExpiring
from bot.domain.images import PAGE_ROWS, TagRow
from bot.domain.repositories import LogEntry
from bot.ports import Build, Quay
from bot.rules.recovering import whole_seconds
from bot.services.builds import moved

MOST_BUILDS = 100  # that Quay lists at once (facts §3.3)
MOST_PAGES = 10  # of living tags
ROUND = timedelta(
    hours=5
)  # Quay looks for tags that expire so often (facts §1.1): what falls into one round is one warning
_MIRRORING = {"SUCCESS": MirrorOutcome.SUCCESS, "FAIL": MirrorOutcome.FAILED, "SYNCING": MirrorOutcome.STARTED}
_SYNC = "repo_mirror_sync_"
_KINDS = {
    Phase.WAITING: "build_queued",
    Phase.SCHEDULED: "build_queued",
    Phase.UNPACKING: "build_queued",
    Phase.PULLING: "build_queued",
    Phase.BUILDING: "build_start",
    Phase.PUSHING: "build_start",
    Phase.COMPLETE: "build_success",
    Phase.ERROR: "build_failure",
    Phase.EXPIRED: "build_failure",
    Phase.INTERNAL_ERROR: "build_failure",  # Quay may try again: then the card follows (facts §1.3)
    Phase.CANCELLED: "build_cancelled",
}


def builds(found: Iterable[Build], events: Collection[str], since: datetime, until: datetime) -> list[BuildMoved]:
    """How builds that were asked for in that time are now, one event each: the last one that there is to tell."""
    told = []
    for build in found:
        kind = _KINDS.get(build.phase, "")
        if kind in events and build.started and whole_seconds(since) <= build.started <= until:
            told.append(moved(build, kind, build.started).model_copy(update={"recovered": True}))
    return told


def mirror_syncs(
    repository: str, entries: Iterable[LogEntry], events: Collection[str], since: datetime, until: datetime
) -> list[MirrorSynced]:
    """What mirroring wrote into the usage log, which has the same words as the webhooks."""
    return [
        _synced(repository, MirrorOutcome(entry.kind.removeprefix(_SYNC)), entry.at, entry.about.get("message", ""))
        for entry in entries
        if entry.kind in events and entry.kind.startswith(_SYNC) and whole_seconds(since) <= entry.at <= until
    ]


async def mirror_now(quay: Quay, repository: str, events: Collection[str], until: datetime) -> list[MirrorSynced]:
    """How the mirror is now, without a message: all that is known where nobody may read the log; not since when."""
    mirroring = await quay.repositories.mirror(repository)
    outcome = _MIRRORING.get(mirroring.status) if mirroring else None
    return [_synced(repository, outcome, until)] if outcome and f"{_SYNC}{outcome}" in events else []


async def living_tags(quay: Quay, repository: str) -> tuple[TagRow, ...]:
    """The newest thousand of them."""
    rows: list[TagRow] = []
    for number in range(1, MOST_PAGES + 1):
        page = await quay.tags.page(repository, page=number, limit=PAGE_ROWS)
        rows += page.rows
        if not page.more:
            break
    return tuple(rows)


def expiring(
    repository: str, rows: Iterable[TagRow], days: int, since: datetime, until: datetime
) -> list[TagsExpiring]:
    """Warnings about tags that came within that many days of their end in that time, and live still."""
    near = sorted(
        (max(row.start, row.expires - timedelta(days=days)), row.name) for row in rows if row.expires is not None
    )
    rounds: list[tuple[datetime, list[str]]] = []
    for at, tag in near:
        if not whole_seconds(since) <= at <= until:
            continue
        if not rounds or at - rounds[-1][0] >= ROUND:
            rounds.append((at, []))
        rounds[-1][1].append(tag)
    return [
        TagsExpiring(
            kind="repo_image_expiry",
            namespace=repository.partition("/")[0],
            repository=repository,
            at=at,
            recovered=True,
            tags=tuple(tags),
            expiring_in=f"{days} days",
        )
        for at, tags in rounds
    ]


def _synced(repository: str, outcome: MirrorOutcome, at: datetime, message: str = "") -> MirrorSynced:
    return MirrorSynced(
        kind=f"{_SYNC}{outcome}",
        namespace=repository.partition("/")[0],
        repository=repository,
        at=at,
        recovered=True,
        outcome=outcome,
        message=message,
    )
