"""A Quay for the tests of `Looking`: it remembers and counts its calls, and breaks or hangs when told to."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.images import Manifest, Scan, TagPage, TagRow
from bot.domain.repositories import LogEntry, LogPage
from bot.ports import Build


@dataclass
class Tower:
    """Quay. `errors` are raised by the calls of that name (or "call what", such as a digest); `hangs` never answer."""

    rows: list[TagRow] = field(default_factory=list)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)
    entries: list[LogEntry] = field(default_factory=list)
    past: list[Build] = field(default_factory=list)
    errors: dict[str, Exception] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def as_token(self, token: str) -> "Tower":
        assert token == "token-alice"
        return self

    @property
    def tags(self) -> "Tower":
        return self

    def asked(self, call: str) -> list[tuple[Any, ...]]:
        return [one[1:] for one in self.calls if one[0] == call]

    async def _note(self, call: str, *what: Any) -> None:
        self.calls.append((call, *what))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            names = {call, *(f"{call} {one}" for one in what)}
            if names & self.hangs:
                await asyncio.Event().wait()
            for name in names & set(self.errors):
                raise self.errors[name]
        finally:
            self.at_once -= 1

    async def page(
        self, repository: str, *, like: str = "", page: int = 1, limit: int = 50, dead: bool = False
    ) -> TagPage:
        await self._note("page", repository, page)
        assert dead
        assert not like
        ordered = sorted(self.rows, key=lambda row: row.start, reverse=True)
        start = (page - 1) * limit
        return TagPage(tuple(ordered[start : start + limit]), page, len(ordered) > start + limit)

    async def history(self, repository: str, tag: str, *, limit: int = 2000) -> tuple[TagRow, ...]:
        await self._note("history", repository, tag)
        found = sorted((row for row in self.rows if row.name == tag), key=lambda row: row.start, reverse=True)
        return tuple(found[:limit])

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        await self._note("manifest", repository, digest)
        return self.manifests.get(digest)

    async def scan(self, repository: str, digest: str) -> Scan:
        await self._note("scan", repository, digest)
        return self.scans.get(digest, Scan(""))

    async def log_page(
        self, target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "", next_page: str = ""
    ) -> LogPage:
        await self._note("log_page", target, next_page)
        assert kind == "push_repo"
        assert not by
        inside = [one for one in self.entries if since <= one.at <= until]
        inside.sort(key=lambda one: one.at, reverse=True)
        start = int(next_page or 0)
        following = str(start + 20) if len(inside) > start + 20 else ""
        return LogPage(tuple(inside[start : start + 20]), following)

    async def builds(self, repository: str, *, limit: int = 5) -> tuple[Build, ...]:
        await self._note("builds", repository)
        return tuple(self.past[:limit])
