"""Tags and images in a hand-written Quay: rows, manifests, labels and scans as a test puts them there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.images import MOST_ROWS, Label, Manifest, Scan, TagPage, TagRow

Note = Callable[..., None]


@dataclass
class Shelf:
    """What lies in the repositories: rows by "ns/repo:tag", everything else by digest."""

    rows: dict[str, tuple[TagRow, ...]] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    labels: dict[str, tuple[Label, ...]] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)

    def had(self, target: str, now: datetime, *digests: str, each: timedelta = timedelta(hours=1)) -> None:
        """Let the tag have had these images, the newest first and living, each for that long."""
        tag = target.partition(":")[2]
        self.rows[target] = tuple(
            TagRow(tag, digest, now - each * (place + 1), now - each * place if place else None, size=1_000_000)
            for place, digest in enumerate(digests)
        )


class FakeTags:
    """Looking at tags with one person's token; `note` remembers each call and raises what a test wants raised."""

    def __init__(self, shelf: Shelf, note: Note) -> None:
        self._shelf, self._note = shelf, note

    async def history(self, repository: str, tag: str, *, limit: int = MOST_ROWS) -> tuple[TagRow, ...]:
        self._note("history", repository, tag, limit)
        return self._shelf.rows.get(f"{repository}:{tag}", ())[:limit]

    async def page(
        self, repository: str, *, like: str = "", page: int = 1, limit: int = 50, dead: bool = False
    ) -> TagPage:
        self._note("page", repository, like, page, limit)
        every = [row for name, rows in self._shelf.rows.items() if name.startswith(f"{repository}:") for row in rows]
        found = [row for row in every if (dead or row.end is None) and like in row.name]
        start = (page - 1) * limit
        return TagPage(tuple(found[start : start + limit]), page, len(found) > start + limit)

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        self._note("manifest", repository, digest)
        return self._shelf.manifests.get(digest)

    async def labels(self, repository: str, digest: str) -> tuple[Label, ...] | None:
        self._note("labels", repository, digest)
        return self._shelf.labels.get(digest)

    async def scan(self, repository: str, digest: str) -> Scan:
        self._note("scan", repository, digest)
        return self._shelf.scans.get(digest, Scan(""))


def calls_of(calls: Sequence[tuple[Any, ...]], name: str) -> list[tuple[Any, ...]]:
    """The arguments of every call of that name."""
    return [call[2:] for call in calls if call[1] == name]
