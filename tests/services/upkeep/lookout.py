"""A Quay, a board and a queue of lookups around `Looking`, and short ways to let something happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cards import BuildCard, PushCard
from bot.domain.errors import NotLinked
from bot.domain.events import BuildMoved, Event, Phase, Pushed, PushFacts
from bot.domain.images import Manifest, Platform, TagRow, Vulnerability
from bot.domain.people import Account, Person
from bot.domain.repositories import LogEntry
from bot.domain.subscriptions import Lookup, Part, Sought, Subscription, Wanted
from bot.services.upkeep import Looking
from tests.fakes.slack_desk import HandClock
from tests.services.upkeep.tower import Tower
from tests.services.upkeep.wall import Queue, Wall

ALICE = Person("T1", "U-ALICE")
A, B, C, D = ("sha256:" + letter * 64 for letter in "abcd")
CVE = "CVE-2026-1111"


def flaw(name: str = CVE, severity: str = "High", package: str = "zlib") -> Vulnerability:
    return Vulnerability(name, severity, package)


@dataclass
class Book:
    """Subscriptions and accounts. `linked` False: the account is gone. Each has notifications in `targets`."""

    kept: dict[str, Subscription] = field(default_factory=dict)
    targets: tuple[str, ...] = ("acme/web", "acme/broken")
    linked: bool = True
    error: Exception | None = None
    known: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)  # what there was, of findings

    async def baseline(self, name: str, target: str) -> Mapping[str, object] | None:
        return self.known.get((name, target))

    async def set_baseline(self, name: str, target: str, known: Mapping[str, object], now: datetime) -> None:
        self.known[name, target] = known

    async def get(self, name: str) -> Subscription | None:
        return self.kept.get(name)

    async def parts(self, *names: str) -> tuple[Part, ...]:
        assert names
        return tuple(
            Part("h", name, target, "repo_push", silent=False, config="{}", created_at=HandClock().now())
            for name in names
            for target in self.targets
        )

    async def of(self, person: Person) -> Account:
        if self.error:
            raise self.error
        if not self.linked:
            raise NotLinked("I do not know your Quay account yet.")
        return Account(person, "alice", HandClock().now(), "token-alice")


class Lookout:
    """All of it, and short ways to let something happen."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.quay, self.book, self.queue = Tower(), Book(), Queue(self.clock)
        self.wall = Wall(self.queue)
        self.looking: Any = Looking(
            self.queue,
            self.book,
            self.wall,
            self.book,
            self.quay,
            self.clock,  # type: ignore[arg-type]
        )
        self.deliveries = 0
        self.subscribes()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def ago(self, seconds: float) -> datetime:
        return self.now - timedelta(seconds=seconds)

    def subscribes(self, name: str = "S1", channel: str = "C1", filter_: str = "", **facts: Any) -> None:
        wanted = Wanted("acme/web", ("repo_push", "build_success"), filter_, layout=facts.pop("layout", ""))
        self.book.kept[name] = Subscription(name, channel, wanted, ALICE, "alice", self.ago(9999), **facts)

    def has(self, tag: str, *digests: str, since: float = 2, each: float = 3600, **facts: Any) -> None:
        """The tag had these images, the newest first, `since` seconds ago, each for `each` seconds."""
        facts = {"size": 1_000_000, **facts}
        for place, digest in enumerate(digests):
            start = self.ago(since + each * place)
            end = self.ago(since + each * (place - 1)) if place else None
            self.quay.rows.append(TagRow(tag, digest, start, end, **facts))

    def pushed_by(self, who: str, tag: str = "v1", since: float = 2, **about: str) -> None:
        self.quay.entries.append(LogEntry("push_repo", self.ago(since), who, {"tag": tag, **about}))

    def is_index(self, digest: str, **platforms: str) -> None:
        names = [Platform(child, name.replace("_", "/")) for name, child in platforms.items()]
        self.quay.manifests[digest] = Manifest(digest, is_list=True, platforms=tuple(names))

    def hears(self, *tags: str, held: bool = False, name: str = "S1", repository: str = "acme/web") -> int:
        """A webhook about a push came, and is told unless it is held."""
        event = Pushed(kind="repo_push", namespace="acme", repository=repository, at=self.now, tags=tags or ("v1",))
        return self._heard(event, Sought.PUSH, held=held, name=name)

    def hears_of_build(self, build: str = "b1") -> int:
        event = BuildMoved(
            kind="build_success",
            namespace="acme",
            repository="acme/web",
            at=self.now,
            build_id=build,
            phase=Phase.COMPLETE,
        )
        return self._heard(event, Sought.BUILD)

    def _heard(self, event: Event, sought: Sought, *, held: bool = False, name: str = "S1") -> int:
        self.deliveries += 1
        channel = self.book.kept[name].channel
        if not held:
            self.wall.tell(event, channel, self.deliveries)
        self.queue.add(
            Lookup(
                sought,
                name,
                channel,
                event.repository,
                self.deliveries,
                event.model_dump_json(),
                self.now,
                self.now,
                self.now + timedelta(minutes=30),
                held,
            )
        )
        return self.deliveries

    async def looks(self, *, after: float = 0) -> None:
        self.clock.pass_by(after)
        await self.looking.run()

    async def looks_until_done(self, seconds: int = 2000) -> None:
        for _ in range(seconds):
            await self.looking.run()
            if not self.queue.waiting:
                return
            self.clock.pass_by(1)
        raise AssertionError("lookups are never over")

    def card(self, channel: str = "C1", place: int = -1) -> PushCard:
        found = self.wall.cards[channel][place][1]
        assert isinstance(found, PushCard)
        return found

    def build_card(self) -> BuildCard:
        found = self.wall.cards["C1"][-1][1]
        assert isinstance(found, BuildCard)
        return found

    def facts(self, tag: str = "v1") -> PushFacts | None:
        return self.card().facts.get(tag)
