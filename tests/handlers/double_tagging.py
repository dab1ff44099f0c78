"""A registry whose tags really change, with their history; and a way to count how often somebody has to wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.domain.images import MOST_ROWS, Manifest, Scan, TagPage, TagRow, Vulnerability
from bot.domain.repositories import LogEntry, LogPage, Repository
from tests.handlers.conftest import START, Office
from tests.handlers.registry import FakeQuay, OnePersonsQuay

T = TypeVar("T")

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
WEB = "acme/web"


@dataclass
class TagQuay(FakeQuay):
    """Rows by repository and tag, newest first. `scans` by digest; one that has none is not known any more."""

    rows: dict[str, list[TagRow]] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)
    place: Repository = field(default_factory=lambda: Repository(WEB, can_write=True, keeps_for=14 * 86400))
    now: datetime = START
    after: dict[str, Callable[[], object]] = field(default_factory=dict)  # happens right after the call of that name
    lost: set[str] = field(default_factory=set)  # calls that are done, and whose error is raised all the same
    lockstep: "Lockstep | None" = None

    def as_token(self, token: str) -> "TagQuayOfOne":
        return TagQuayOfOne(self, token)

    def points(self, tag: str, digest: str, at: datetime, *, reversion: bool = False) -> None:
        """The tag points there from that time on."""
        self.ends(tag, at)
        self.rows.setdefault(f"{WEB}:{tag}", []).insert(0, TagRow(tag, digest, at, reversion=reversion, size=10))

    def ends(self, tag: str, at: datetime) -> bool:
        """The tag is deleted at that time; False if it is not there."""
        rows = self.rows.get(f"{WEB}:{tag}", [])
        if not rows or rows[0].end is not None:
            return False
        rows[0] = replace(rows[0], end=at)
        return True

    def digest(self, tag: str) -> str:
        rows = self.rows.get(f"{WEB}:{tag}", [])
        return rows[0].digest if rows and rows[0].end is None else ""


class TagQuayOfOne(OnePersonsQuay):
    all: TagQuay

    @property
    def tags(self) -> Any:
        return self

    @property
    def tagging(self) -> Any:
        return self

    @property
    def repositories(self) -> Any:
        return self

    async def _call(self, name: str, *arguments: Any, work: Callable[[], T]) -> T:
        if self.all.lockstep is not None:
            await self.all.lockstep.wait()
        if name in self.all.lost:
            work()
        self._note(name, *arguments)
        result = work()
        if name in self.all.after:
            self.all.after.pop(name)()
        return result

    async def history(self, repository: str, tag: str, *, limit: int = MOST_ROWS) -> tuple[TagRow, ...]:
        return await self._call(
            "history", repository, tag, work=lambda: tuple(self.all.rows.get(f"{repository}:{tag}", [])[:limit])
        )

    async def tag_digest(self, repository: str, tag: str) -> str:
        return await self._call("tag_digest", repository, tag, work=lambda: self.all.digest(tag))

    async def page(self, repository: str, *, like: str = "", page: int = 1, limit: int = 50) -> TagPage:
        rows = [rows[0] for rows in self.all.rows.values() if rows and rows[0].end is None]
        return await self._call("page", repository, work=lambda: TagPage(tuple(rows[:limit]), page, len(rows) > limit))

    async def manifest(self, repository: str, digest: str) -> Manifest | None:
        living = {rows[0].digest for rows in self.all.rows.values() if rows and rows[0].end is None}
        return await self._call(
            "manifest", repository, digest, work=lambda: Manifest(digest, False) if digest in living else None
        )

    async def scan(self, repository: str, digest: str) -> Scan:
        return await self._call("scan", repository, digest, work=lambda: self.all.scans.get(digest, Scan("")))

    async def get(self, repository: str) -> Repository:
        return await self._call("get", repository, work=lambda: self.all.place)

    async def restore(self, repository: str, tag: str, digest: str) -> None:
        work = lambda: self.all.points(tag, digest, self.all.now, reversion=True)  # noqa: E731 - said once
        await self._call("restore", repository, tag, digest, work=work)

    async def move(self, repository: str, tag: str, digest: str) -> None:
        await self._call("move", repository, tag, digest, work=lambda: self.all.points(tag, digest, self.all.now))

    async def expire(self, repository: str, tag: str, at: datetime | None) -> None:
        def work() -> None:
            rows = self.all.rows[f"{repository}:{tag}"]
            rows[0] = replace(rows[0], expires=at)

        await self._call("expire", repository, tag, at, work=work)

    async def delete(self, repository: str, tag: str) -> bool:
        return await self._call("delete", repository, tag, work=lambda: self.all.ends(tag, self.all.now))

    async def log(self, repository: str, since: datetime, until: datetime) -> tuple[LogEntry, ...]:
        return await self._call(
            "log",
            repository,
            work=lambda: tuple(entry for entry in self.all.entries if since <= entry.at <= until),
        )

    async def log_page(
        self, target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "", next_page: str = ""
    ) -> LogPage:
        found = tuple(one for one in self.all.entries if one.kind == kind and since <= one.at <= until)
        return await self._call("log_page", target, work=lambda: LogPage(found))

    async def whoami(self) -> Any:
        if self.all.lockstep is not None:
            await self.all.lockstep.wait()
        return await super().whoami()


class Lockstep:
    """Every call waits until nothing else goes on; then all that wait are answered at once: that is one round."""

    def __init__(self) -> None:
        self.rounds = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """One call's time."""
        self._waiting.append(asyncio.get_running_loop().create_future())
        await self._waiting[-1]

    async def through(self, work: Awaitable[T]) -> T:
        """Do it; `rounds` grows by the length of its longest chain of calls."""
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(50):  # everybody comes as far as they can
                await asyncio.sleep(0)
            waiting, self._waiting = self._waiting, []
            self.rounds += bool(waiting)
            for one in waiting:
                if not one.done():
                    one.set_result(None)
        return await task


def tag_quay() -> TagQuay:
    """`latest` is B since an hour, was A for a day before that; a scanner has looked at both."""
    quay = TagQuay()
    quay.points("latest", A, START - timedelta(hours=25))
    quay.points("latest", B, START - timedelta(hours=1))
    old = Vulnerability("CVE-2024-0001", "High", "xz")
    quay.scans = {A: Scan("scanned", (old,)), B: Scan("scanned", (Vulnerability("CVE-2026-0002", "Critical", "ssl"),))}
    return quay


def tag_office() -> Office:
    """An office of such a registry."""
    return Office(tag_quay())


def shelf(office: Office) -> TagQuay:
    """The registry of such an office."""
    assert isinstance(office.quay, TagQuay)
    return office.quay


def pushed(tag: str, who: str, at: datetime, kind: str = "push_repo") -> LogEntry:
    """What Quay's usage log has about it."""
    return LogEntry(kind, at, who, {"repo": "web", "namespace": "acme", "tag": tag})


def offer_of(office: Office, purpose: str = "confirm") -> str:
    """The name of the newest offer."""
    return next(offer.name for offer in reversed(office.offers.kept.values()) if offer.purpose == purpose)
