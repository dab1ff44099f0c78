"""A board and a queue of lookups for the tests of `Looking`: they do in memory what the real ones do in the store."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.digests import Rhythm
from bot.domain.events import Event, Pushed
from bot.domain.subscriptions import Lookup
from bot.rules.cards import builds, pushes
from bot.services.board import Telling
from tests.fakes.slack_desk import HandClock


@dataclass
class Queue:
    """Lookups, each with the time from which it may be claimed."""

    clock: HandClock
    waiting: dict[int, Lookup] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)

    def add(self, lookup: Lookup) -> None:
        number = max(self.waiting, default=0) + 1000
        self.waiting[number] = replace(lookup, id=number)

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Lookup, ...]:
        due = sorted((one for one in self.waiting.values() if one.due_at <= now), key=lambda one: one.due_at)[:limit]
        for one in due:
            self.waiting[one.id] = replace(one, due_at=now + lease)
        return tuple(due)

    async def later(self, lookups: Sequence[Lookup], until: datetime, *, looked: bool = True) -> None:
        for one in lookups:
            self.delays.append((until - self.clock.now()).total_seconds())
            self.waiting[one.id] = replace(one, due_at=until, tries=one.tries + looked)

    async def done(self, ids: Collection[int]) -> None:
        for number in ids:
            del self.waiting[number]


@dataclass
class Wall:
    """The board: cards by channel, and what was let go. It folds as the real one does."""

    queue: Queue
    cards: dict[str, list[tuple[set[int], Any]]] = field(default_factory=dict)
    edits: int = 0
    amended: int = 0
    released: list[Telling] = field(default_factory=list)
    rhythms_of: dict[str, Rhythm] = field(default_factory=dict)
    error: Exception | None = None

    @property
    def inbox(self) -> "Wall":
        return self

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator["Wall"]:
        yield self

    async def rhythms(self, channels: Collection[str]) -> dict[str, Rhythm]:
        return {channel: self.rhythms_of[channel] for channel in channels if channel in self.rhythms_of}

    async def seek(self, lookups: Sequence[Lookup]) -> None:
        for one in lookups:
            self.queue.add(one)

    async def amend(self, delivery: int, channel: str, change: Callable[[Any], Any]) -> Any:
        if self.error:
            raise self.error
        self.amended += 1
        for place, (deliveries, card) in enumerate(self.cards.get(channel, [])):
            if delivery in deliveries:
                after = change(card)
                self.edits += after != card
                self.cards[channel][place] = (deliveries, after)
                return after
        return None

    async def release(self, tellings: Sequence[Telling], lookups: Collection[int]) -> None:
        if self.error:
            raise self.error
        for telling in tellings:
            self.released.append(telling)
            for channel in telling.channels:
                assert telling.delivery is not None
                self.tell(telling.event, channel, telling.delivery)
        await self.queue.done(lookups)

    def tell(self, event: Event, channel: str, delivery: int) -> None:
        family = pushes if isinstance(event, Pushed) else builds
        hung = self.cards.setdefault(channel, [])
        if hung and isinstance(event, Pushed) and pushes.belongs(hung[-1][1], event, ""):
            deliveries, card = hung[-1]
            new = tuple(item for item in pushes.items(event) if item.data["tag"] not in card.tags)
            hung[-1] = ({*deliveries, delivery}, pushes.fold(card, event, new))
        else:
            hung.append(({delivery}, family.fold(None, event, family.items(event))))  # type: ignore[arg-type]
