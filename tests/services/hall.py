"""A board whose tellings are numbered like deliveries, and eyes for what it has written."""

import json
from typing import Any

from sqlalchemy import select

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import cards
from bot.domain.events import BuildMoved, Event, Phase, Pushed, Severity, VulnerabilityFound
from bot.services.board import Board, Telling, Told
from tests.fakes.slack_desk import HandClock
from tests.plugins.slackless import Said, all_said, trail, unsaid


class Hall:
    """A board on a store, whose tellings are numbered like deliveries."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.clock, self.number = store, HandClock(), 0
        self.board = self.on(store)

    def on(self, store: SqlStore) -> Board:
        return Board(store.inbox, self.clock, "https://quay.example", lambda: None)

    def finding(self, repository: str = "web", cve: int = 1, **more: Any) -> VulnerabilityFound:
        facts = {"severity": Severity.HIGH, "tags": ("latest",), "at": self.clock.now()} | more
        names = {"kind": "vulnerability_found", "namespace": "acme", "repository": f"acme/{repository}"}
        return VulnerabilityFound(**names, vulnerability=f"CVE-2026-{1000 + cve}", **facts)

    def push(self, *tags: str, test: bool = False) -> Pushed:
        names = {"kind": "repo_push", "namespace": "acme", "repository": "acme/web"}
        return Pushed(**names, at=self.clock.now(), tags=tags, test=test)

    def build(self, phase: Phase, **more: Any) -> BuildMoved:
        names = {"kind": "build_queued", "namespace": "acme", "repository": "acme/web", "build_id": "b-1"}
        return BuildMoved(**names, at=self.clock.now(), phase=phase, **more)

    def telling(self, event: Event, *channels: str, **filtered: str) -> Telling:
        self.number += 1
        name = f"delivery:{self.number}"
        return Telling(event, channels or ("C1",), name, delivery=self.number, filtered=filtered)

    async def batch(self, *tellings: Telling, board: Board | None = None) -> Told:
        board = board or self.board
        async with board.inbox.ledger() as ledger:
            return await board.apply(ledger, tellings)

    async def tell(self, *events: Event) -> Told:
        return await self.batch(*[self.telling(event) for event in events])

    async def waiting(self) -> list[Said]:
        return await unsaid(self.store)

    async def shown(self) -> list[Said]:
        return await all_said(self.store, self.clock.now())

    async def totals(self) -> list[int]:
        """How many findings each card has counted, the oldest first."""
        async with self.store._database.reading() as connection:
            states = await connection.scalars(select(cards.c.state).order_by(cards.c.id))
        return [sum(json.loads(state)["counts"]) for state in states]

    async def verdicts(self) -> list[tuple[str, str, bool]]:
        """Of each entry: the channel, what the event did there, and whether it counts on the list."""
        return [(row.channel, row.verdict, row.data is not None) for row in await trail(self.store)]
