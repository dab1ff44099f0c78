"""A history in a fake Quay, told to a channel as Quay tells it: what the channel's trail has of it in the end."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.quay import QuayRegistry
from bot.adapters.store import SqlStore
from bot.domain.people import Account
from bot.domain.subscriptions import Part, Subscription, Wanted
from bot.fakes.quay import FakeQuay
from bot.fakes.quay.records import FakeBuild, FakeNotification
from bot.rules.audiences import FAILURE, Listener, audience
from bot.rules.quay_side import needs
from bot.services.accounts import AccountBook
from bot.services.builds import moved
from bot.services.upkeep import Looking
from handlers.alerted import tellings
from tests.fakes.quay_scene import ALL_SCOPES
from tests.fakes.slack_desk import HandClock
from tests.handlers.conftest import FakeAccounts
from tests.plugins.slackless import trail
from tests.plugins.wishes import ANN
from tests.webhooks.mill import Mill
from webhooks.server import token_hash

REPOSITORIES = ("acme/web", "acme/team/sub/service", "acme/app-1.x_y")


@dataclass
class Replay:
    """A channel with one wish about all of these repositories, whose notifications filter nothing themselves."""

    mill: Mill
    quay: FakeQuay
    registry: QuayRegistry
    wish: Wanted
    digests: dict[str, str] = field(default_factory=dict)

    async def begin(self) -> None:
        store, now = self.mill.store, self.mill.clock.now()
        self.token = self.quay.token("alice", ALL_SCOPES)
        accounts = FakeAccounts({ANN: Account(ANN, "alice", now, self.token)})
        book = AccountBook(accounts, self.registry, self.mill.clock)
        board = self.mill.board(store)
        self.looking = Looking(store.lookups, store.subscriptions, board, book, self.registry, self.mill.clock)
        assert await store.subscriptions.add(Subscription("S1", "C1", self.wish, ANN, "alice", now), now)
        for repository in REPOSITORIES:
            self.quay.add_repository(repository)
            for need in needs(self.wish):
                token, config = f"{repository} {need.event}", {"days": self.wish.days}
                part = Part("", "S1", repository, need.event, need.silent, need.written, now)
                await store.subscriptions.add_part(part, token_hash(token), now)
                place = {"url": token}
                self.quay.notifications[token] = FakeNotification(
                    token, repository, need.event, "webhook", place, dict(config)
                )

    async def push(self, repository: str, tag: str, by: str | None) -> None:
        self.digests[repository] = self.quay.push(repository, tag, by=by)

    async def move(self, repository: str, tag: str) -> None:
        """A tag is set by hand, of which nobody is told."""
        if repository in self.digests:
            await self.registry.as_token(self.token).tagging.move(repository, tag, self.digests[repository])

    async def expires(self, repository: str) -> None:
        """Pushed with an end, of which Quay tells in its next round."""
        self.mill.clock.pass_by(6 * 3600)
        tag = f"ends-{self.mill.clock.now():%d-%H-%M-%S}"
        self.quay.push(repository, tag, labels={"quay.expires-after": f"{self.wish.days}d"})
        self.quay.expire(repository, [tag])

    async def mirror(self, repository: str, outcome: str) -> None:
        self.quay.mirror(repository, outcome, "'registry.example/base'")

    async def build(self, repository: str, tag: str, who: str | None, phases: Sequence[str]) -> None:
        build = FakeBuild(self.quay.uuid(), repository, "x", [tag], self.mill.clock.now(), manual_user=who)
        await self._goes(self.quay.open_build(build).id, repository, phases)

    async def git(self, repository: str, ref: str, who: str | None, phases: Sequence[str]) -> None:
        trigger = self.quay.add_trigger(repository)
        await self._goes(self.quay.git_push(trigger, ref=ref, user=who), repository, phases)

    async def _goes(self, build: str, repository: str, phases: Sequence[str]) -> None:
        for phase in phases:
            self.quay.move_build(build, phase, last_try=False)
        if "error" in phases and FAILURE in self.wish.events:  # Quay is silent; the bot follows the build
            await self.arrives()
            found = await self.registry.as_token(self.token).build(repository, build)
            event, now = moved(found, FAILURE, self.mill.clock.now()), self.mill.clock.now()
            there = audience(event, [Listener("C1", self.wish.filter)], now)
            await self.mill.board(self.mill.store).release(tellings(event, there), ())

    async def arrives(self, later: float = 0.0) -> None:
        """What Quay has queued comes in and is settled; what waits for its pusher is looked up."""
        for item in self.quay.queue:
            await self.mill.sends(self.quay.notifications[item.notification].url, json.dumps(item.data).encode())
        self.quay.queue.clear()
        while await self.mill.pipeline.step():
            pass
        self.mill.clock.pass_by(later)
        if "by:" in self.wish.filter:
            await self.looking.run()

    async def became(self) -> tuple[Counter[str], Counter[str]]:
        """What was told, by Quay's event; and what was not, by the word that `why` names."""
        told, out = Counter[str](), Counter[str]()
        rows: dict[Any, Any] = {row.delivery or f"own {row.id}": row for row in await trail(self.mill.store)}
        for row in rows.values():
            if row.verdict == "filtered":
                out[next(word for word in self.wish.filter.split() if row.rule.startswith(f"`{word}`: "))] += 1
            else:
                told[row.kind] += 1
        return told, out


@asynccontextmanager
async def replay(store: SqlStore, wish: Wanted) -> AsyncIterator[Replay]:
    """acme, and alice who is its admin, whose account the bot looks with."""
    clock = HandClock()
    quay = FakeQuay(clock=clock)
    quay.add_organization("acme", admins=["alice"])
    quay.add_user("bob")
    quay.add_robot("acme+ci")
    await quay.start()
    registry = QuayRegistry(quay.url, now=clock.now)
    try:
        found = Replay(Mill(store, clock), quay, registry, wish)
        await found.begin()
        yield found
    finally:
        await registry.aclose()
        await quay.stop()
