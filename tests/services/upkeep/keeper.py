"""A subscription on a real store, a small Quay with its lists of notifications, and a keeper who looks after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.adapters.store import SqlStore
from bot.domain.people import Account, Person
from bot.domain.repositories import Repository, RepositoryPage
from bot.domain.subscriptions import Gap, Notification, Part, Subscription
from bot.ports import Build, QuayUser, Sighting
from bot.rules.hook_urls import mark, place
from bot.rules.subscribing import wanted
from bot.services.accounts import AccountBook
from bot.services.audit import AuditBook
from bot.services.gate import Gate
from bot.services.upkeep.beating import Beating
from bot.services.upkeep.looks import Tended
from bot.services.upkeep.tending import Tending
from tests.fakes.slack_desk import HandClock
from tests.handlers.conftest import FakeAccounts
from tests.handlers.council import Rulings
from tests.handlers.people import FakeAudit, FakeNotices

ALICE, BOB = Person("T1", "UALICE"), Person("T1", "UBOB")
HERE = "https://bot.example"


@dataclass
class SmallQuay:
    """Notifications by repository. `errors` are raised by "call" or "call target"; `after` once something was done."""

    clock: HandClock
    bells: dict[str, list[Notification]] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    after: dict[str, Exception] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    by: list[str] = field(default_factory=list)  # whose token
    names: list[str] = field(default_factory=list)  # repositories of the list
    size: int = 100  # of a page
    admins: set[str] = field(default_factory=set)
    running: list[Build] = field(default_factory=list)  # builds, whatever their phase
    numbers: Any = field(default_factory=lambda: count(1))
    token: str = ""

    def as_token(self, token: str) -> "SmallQuay":
        return replace(self, token=token)

    @property
    def notifications(self) -> "SmallQuay":
        return self

    @property
    def repositories(self) -> "SmallQuay":
        return self

    def _called(self, call: str, target: str, errors: Mapping[str, Exception]) -> None:
        for key in (call, f"{call} {target}"):
            if key in errors:
                raise errors[key]

    def _note(self, call: str, target: str) -> list[Notification]:
        self.calls.append((call, target))
        self.by.append(self.token)
        self._called(call, target, self.errors)
        return self.bells.setdefault(target, [])

    async def whoami(self) -> QuayUser:
        return QuayUser(self.token.removeprefix("token-"))

    async def all(self, target: str) -> tuple[Notification, ...]:
        return tuple(self._note("all", target))

    async def create(self, target: str, event: str, url: str, title: str, config: Mapping[str, object]) -> Notification:
        kept = self._note("create", target)
        new = Notification(f"u{next(self.numbers)}", event, "webhook", title, mark(url), place(url), config)
        kept.append(new)
        self.urls[new.uuid] = url
        self._called("create", target, self.after)
        return new

    async def delete(self, target: str, uuid: str) -> bool:
        kept = self._note("delete", target)
        self.bells[target] = [one for one in kept if one.uuid != uuid]
        self._called("delete", target, self.after)
        return len(self.bells[target]) < len(kept)

    async def reset(self, target: str, uuid: str) -> bool:
        kept = self._note("reset", target)
        self.bells[target] = [replace(one, failures=0) if one.uuid == uuid else one for one in kept]
        self._called("reset", target, self.after)
        return any(one.uuid == uuid for one in kept)

    async def test(self, target: str, uuid: str) -> bool:
        return any(one.uuid == uuid for one in self._note("test", target))

    async def sighting(self, repository: str) -> Sighting:
        return Sighting(can_write=True, can_admin=repository in self.admins)

    async def builds(self, repository: str, *, limit: int) -> tuple[Build, ...]:
        self._called("builds", repository, self.errors)
        return tuple(one for one in self.running if one.repository == repository)[:limit]

    async def page(self, namespace: str, *, next_page: str = "") -> RepositoryPage:
        self._note("page", namespace)
        start = int(next_page or 0)
        rows = tuple(Repository(name) for name in self.names[start : start + self.size])
        more = start + self.size
        return RepositoryPage(rows, str(more) if more < len(self.names) else "")

    def fails(self, target: str, failures: int) -> None:
        """So many deliveries of each of them have failed in a row."""
        self.bells[target] = [replace(one, failures=failures) for one in self.bells[target]]

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if call[0] in {"create", "delete", "reset"}]


class Keeper:
    """Short ways to subscribe, to let time pass, and to look what is there."""

    def __init__(self, store: SqlStore, **more: Any) -> None:
        self.store, self.clock = store, HandClock()
        self.quay = SmallQuay(self.clock)
        self.accounts = FakeAccounts({ALICE: Account(ALICE, "alice", self.clock.now(), "token-alice")})
        self.rulings, self.audit, self.notices = Rulings(), FakeAudit(), FakeNotices()
        book = AccountBook(self.accounts, self.quay, self.clock)
        self.gate = Gate(book, self.quay, self.rulings, AuditBook(self.audit, self.clock), self.clock)
        self.tokens = count(1)
        self.tending = self.at(**more)
        self.beating = Beating(store.subscriptions, self.gate, self.notices, self.clock, timedelta(hours=1))

    def at(self, url: str = HERE, rotate: timedelta | None = timedelta(days=90)) -> Tending:
        kept = (self.store.subscriptions, self.store.gaps, self.store.watches)
        means = (self.gate, self.quay, self.notices, self.clock)
        return Tending(*kept, *means, url, timedelta(seconds=60), rotate, lambda: f"token{next(self.tokens)}")

    async def subscribes(
        self, target: str = "acme/web", words: str = "repo_push", name: str = "S1", channel: str = "C1", **facts: Any
    ) -> Subscription:
        wish = wanted(target, words.split())
        new = Subscription(name, channel, wish, ALICE, "alice", self.clock.now(), **facts)
        assert await self.store.subscriptions.add(new, self.clock.now())
        return new

    async def looks(self, name: str = "S1") -> Tended:
        found = await self.store.subscriptions.get(name)
        assert found is not None
        return await self.tending.tend(found)

    async def now(self, name: str = "S1") -> Subscription:
        found = await self.store.subscriptions.get(name)
        assert found is not None
        return found

    async def parts(self, name: str = "S1") -> tuple[Part, ...]:
        return await self.store.subscriptions.parts(name)

    async def gaps(self) -> tuple[Gap, ...]:
        """All that wait, whenever they are due."""
        late = self.clock.now() + timedelta(days=1)
        return await self.store.gaps.claim(100, late, timedelta(seconds=1))

    async def next_in(self, name: str = "S1") -> float:
        """Seconds until the next look."""
        for seconds in (5, 10, 30, 60, 600, 1000, 1001):
            then = self.clock.now() + timedelta(seconds=seconds)
            if any(one.name == name for one in await self.store.subscriptions.claim(9, then, timedelta(0))):
                return seconds
        return float("inf")

    async def hears(self, at: datetime, *, beats: bool = True) -> None:
        """Something arrived through every part."""
        hooks = {part.hook: at for part in await self.parts()}
        async with self.store.inbox.ledger() as ledger:
            await ledger.heard(hooks, tuple(hooks) if beats else ())

    def deeds(self) -> list[tuple[str, str, str]]:
        return [(one.deed.act.name, one.deed.act.target, one.deed.outcome.value) for one in self.audit.lines]

    def said(self) -> list[str]:
        return [str(one.payload["text"]) for one in self.notices.said.values()]
