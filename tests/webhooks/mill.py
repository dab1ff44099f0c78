"""A pipeline on a real store: bodies go in, and what is to be said comes out."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.store import SqlStore
from bot.ports import Inbox
from bot.services.board import Board
from bot.services.intake import GroupCommit
from tests.fakes.slack_desk import HandClock
from tests.plugins.slackless import all_said
from webhooks.pipeline import LEASE, Pipeline
from webhooks.sample import sample
from webhooks.server import token_hash

QUAY = "https://quay.example"
PUSH = sample("repo_push")


@dataclass
class Mill:
    """One hook for each event ("repo_push" goes to C1), a pipeline, and what happened around it."""

    store: SqlStore
    clock: HandClock = field(default_factory=HandClock)
    moved: list[str] = field(default_factory=list)
    rung: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.commit = GroupCommit(self.store.intake, self.clock)
        self.pipeline = self.on(self.store)

    def on(self, store: SqlStore, board: Any = None, inbox: Inbox | None = None) -> Pipeline:
        news: asyncio.Event = self.commit.stored
        return Pipeline(
            inbox or store.inbox,
            board or self.board(store),
            self.clock,
            news,
            lambda: self.commit.arrivals,
            self._moved,
        )

    def board(self, store: SqlStore) -> Board:
        return Board(store.inbox, self.clock, QUAY, lambda: self.rung.append(1))

    async def _moved(self, build: str) -> None:
        self.moved.append(build)

    async def hook(self, event: str = "repo_push", *channels: str, target: str = "acme/web") -> str:
        token = f"token-of-{event}-{target}"
        await self.store.hooks.add(event, target, channels or ("C1",), token_hash(token), self.clock.now())
        return token

    async def sends(self, token: str, *bodies: bytes) -> None:
        assert await asyncio.gather(*[self.commit.keep(token_hash(token), body) for body in bodies])
        await self.commit.close()

    async def queued(self) -> list[tuple[str, str]]:
        """What waits to be said, oldest first; from here on it is shown."""
        return [(row.channel, row.text) for row in await all_said(self.store, self.clock.now())]

    async def reasons(self) -> list[str]:
        return [letter.reason for letter in reversed(await self.store.dead.all())]

    def lease_runs_out(self) -> None:
        self.clock.pass_by(LEASE.total_seconds())
