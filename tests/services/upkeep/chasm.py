"""A channel with a subscription on a real store, and a fake Quay behind real HTTP in which things happen unheard."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from bot.adapters.quay import QuayRegistry
from bot.adapters.store import SqlStore
from bot.domain.events import Event, Pushed
from bot.domain.people import Account, Person
from bot.domain.subscriptions import Gap, Part, Subscription
from bot.fakes.quay import FakeQuay
from bot.rules.subscribing import wanted
from bot.services.accounts import AccountBook
from bot.services.board import Board, Telling
from bot.services.upkeep.recovering import Recovering
from tests.fakes.quay_scene import ALL_SCOPES, HandClock
from tests.handlers.conftest import FakeAccounts
from tests.plugins.slackless import trail, unsaid

ALICE = Person("T1", "UALICE")
WEB = "acme/web"
BUILDS = ("build_queued", "build_start", "build_success", "build_failure", "build_cancelled")


class Chasm:
    """What falls into it. `lose` makes a gap from `since` (a moment ago, in seconds) until now."""

    def __init__(self, store: SqlStore, quay: FakeQuay, registry: QuayRegistry, clock: HandClock) -> None:
        self.store, self.quay, self.registry, self.clock = store, quay, registry, clock
        account = Account(ALICE, "alice", clock.now(), quay.token("alice", ALL_SCOPES))
        self.accounts = FakeAccounts({ALICE: account})
        self.board = Board(store.inbox, clock, "https://quay.example", lambda: None)
        self.numbers = count(1)
        book = AccountBook(self.accounts, registry, clock)
        self.recovering = Recovering(store.subscriptions, store.gaps, store.trail, self.board, book, registry, clock)

    async def subscribes(self, words: str = "pushes", *, target: str = WEB, name: str = "S1") -> Subscription:
        now = self.clock.now()
        new = Subscription(name, "C1", wanted(target, words.split()), ALICE, "alice", now)
        assert await self.store.subscriptions.add(new, now)
        for event in new.wanted.events:
            part = Part("", name, WEB, event, False, "{}", now)
            await self.store.subscriptions.add_part(part, f"hash of {name} {event}", now)
        return new

    async def hears(self, event: Event, *, rule: str = "", name: str = "S1") -> None:
        """Its webhook came now through that subscription, and the channel was told (or `rule` kept it out)."""
        number = next(self.numbers)
        came = event.model_copy(update={"recovered": False, "at": self.clock.now()})
        out = {"C1": rule} if rule else {}
        async with self.store.inbox.ledger() as ledger:
            telling = Telling(
                came, () if rule else ("C1",), f"d:{number}", delivery=number, filtered=out, subscription=name
            )
            await self.board.apply(ledger, [telling])

    async def lose(self, *events: str, since: float = 120, target: str = WEB, name: str = "S1") -> None:
        """Nobody knows what came in that time; it is due a minute after now, when this returns."""
        began = self.clock.now() - timedelta(seconds=since)
        self.clock.pass_by(60)
        now = self.clock.now()
        await self.store.gaps.open(Gap(name, target, events, began, now, now))

    async def recovers(self) -> None:
        await self.recovering.run()

    async def recovers_the_rest(self) -> None:
        """What was too young at first."""
        self.clock.pass_by(31)
        await self.recovers()

    async def waiting(self) -> list[Gap]:
        """The gaps that are left, whenever they are due."""
        late = self.clock.now() + timedelta(days=30)
        return list(await self.store.gaps.claim(100, late, timedelta(seconds=1)))

    async def told(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Kind, verdict (with the rule that filtered it) and tags, of what the trail has."""
        rows: list[Any] = list(await trail(self.store))
        return [
            (row.kind, row.verdict + (f" by {row.rule}" if row.rule else ""), tuple(json.loads(row.tags)))
            for row in rows
        ]


@asynccontextmanager
async def chasm(store: SqlStore) -> AsyncIterator[Chasm]:
    """acme with web and mirrored (a mirror), and alice who is its admin."""
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    quay.add_repository(WEB)
    quay.add_repository("acme/mirrored")
    quay.add_robot("acme+ci")
    await quay.start()
    registry = QuayRegistry(quay.url, now=clock.now)
    try:
        yield Chasm(store, quay, registry, clock)
    finally:
        await registry.aclose()
        await quay.stop()


OF_WEB = {"namespace": "acme", "repository": WEB}


def push(here: Chasm, tag: str) -> Pushed:
    return Pushed(kind="repo_push", at=here.clock.now(), tags=(tag,), **OF_WEB)


async def notes(here: Chasm) -> list[str]:
    """What each message says about being late."""
    found = [re.search(r"recovered, [^\"_*\\]*late", json.dumps(row.payload)) for row in await unsaid(here.store)]
    return [one[0] if one else "" for one in found]
