"""The board: which card shows which events. Folds events into cards and queues what Slack should show."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from bot.blocks import layouts
from bot.domain.events import Event
from bot.domain.messages import Outgoing
from bot.domain.trail import Verdict
from bot.ports import Clock, Inbox, Ledger, Opened, Reply, StoredCard, Turned
from bot.services.seats import Heard, Seat, Seats, Telling, heard

__all__ = ["Board", "Telling", "Told", "Written"]

log = structlog.stdlib.get_logger(__name__)

DEFAULT, THREAD = "card", "thread"
COUNTED: Mapping[Verdict, str] = {
    Verdict.FILTERED: "events_filtered",
    Verdict.FOLDED: "events_folded",
    Verdict.REPEATED: "events_repeated",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A card that was written, and the deliveries that it tells since then."""

    key: str
    channel: str
    verdict: str  # opened or turned
    deliveries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a batch. True as soon as its transaction is."""

    counts: Counter[str] = field(default_factory=Counter)
    cards: tuple[Written, ...] = ()

    def log(self) -> None:
        """A line for each card, so that a webhook can be followed to its message."""
        for card in self.cards:
            found = {"key": card.key, "channel": card.channel, "verdict": card.verdict}
            log.info("card_told", **found, deliveries=list(card.deliveries))


@dataclass(frozen=True, slots=True)
class Board:
    """Tells events to channels by opening and turning cards."""

    inbox: Inbox
    clock: Clock
    quay_url: str
    said: Callable[[], None]  # called after something was queued
    new_id: Callable[[], str] = lambda: uuid4().hex
    scarce: Callable[[], bool] = lambda: False  # are there more edits to make than Slack will take soon?

    async def tell(self, event: Event, *, channels: Sequence[str] = (), asker: str | None = None) -> None:
        """Fold one event into the cards of `channels` and of every channel that already follows its card.

        `asker` is a Slack user who is told in private if a channel cannot be posted to.
        """
        async with self.inbox.ledger() as ledger:
            told = await self.apply(ledger, [Telling(event, tuple(channels), f"told:{self.new_id()}", asker)])
        told.log()
        self.said()

    async def channels(self, event: Event) -> tuple[str, ...]:
        """The channels in which its card hangs now: where telling it shows it."""
        name = heard(Telling(event, (), "")).names[0]
        async with self.inbox.ledger() as ledger:
            found = await ledger.cards(set(), {name})
        return tuple(sorted({channel for _, channel in found}))

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> Told:
        """Fold tellings, in their order, within a transaction that also settles where they came from.

        Everything is read at the beginning and written at the end, all at once: a batch costs as many questions to the
        database as one event.
        """
        batch = [heard(telling) for telling in tellings]
        found = await ledger.cards(_wanted(batch), {one.names[0] for one in batch if one.follow})
        known = await ledger.known(_possible(batch, found)) if found else set()
        channels = {channel for one in batch for channel in one.telling.channels}
        looks = await ledger.layouts(channels | {channel for _, channel in found})
        threads = {channel for channel, look in looks.items() if look == THREAD}
        seats = Seats(found, known, threads, self.quay_url, scarce=self.scarce())
        for place, one in enumerate(batch):
            seats.tell(one)
            await _breath(place)
        return await self._write(ledger, seats, looks)

    async def _write(self, ledger: Ledger, seats: Seats, looks: Mapping[str, str]) -> Told:
        now = self.clock.now()
        new, old = seats.opened(), seats.turned()
        opened, turned = [], []
        for place, seat in enumerate(new):
            opened.append(self._opened(seat, looks))
            await _breath(place)
        for place, (seat, card) in enumerate(old):
            turned.append(self._turned(seat, card, looks))
            await _breath(place)
        started = await ledger.open_cards(opened, now)
        for seat, stored in zip(new, started, strict=True):
            seat.stored = stored
        await ledger.turn_cards(turned, now)
        await ledger.name_cards(seats.new_names())
        await _reply(ledger, seats.talking(), now)
        await ledger.record(seats.trail())
        cards = (
            *[_written(seat, "opened") for seat in new if seat.stored],
            *[_written(seat, "turned") for seat, _ in old],
        )
        counts = Counter({name: seats.counts[verdict] for verdict, name in COUNTED.items()})
        counts.update(Counter(f"cards_{card.verdict}" for card in cards))
        return Told(counts, cards)

    def _opened(self, seat: Seat, looks: Mapping[str, str]) -> Opened:
        weight = seat.family.weight(seat.card)
        outgoing = Outgoing(seat.key, seat.channel, self._payload(seat, looks), seat.asker, weight, seat.since)
        return Opened(seat.family.name, seat.card.model_dump_json(), outgoing)

    def _turned(self, seat: Seat, card: StoredCard, looks: Mapping[str, str]) -> Turned:
        family, state = seat.family, seat.card
        payload = self._payload(seat, looks)
        return Turned(card, state.model_dump_json(), payload, family.weight(state), urgent=family.final(state))

    def _payload(self, seat: Seat, looks: Mapping[str, str]) -> dict[str, Any]:
        show_all = seat.key if seat.family.listed(seat.card) > 1 else ""
        message = seat.family.show(seat.card, self.quay_url)
        return layouts.laid_out(message, looks.get(seat.channel, DEFAULT), show_all).payload()


async def _breath(place: int) -> None:
    """Now and then let others have the event loop: a whole batch takes longer than a webhook should wait."""
    if place % 10 == 9:
        await asyncio.sleep(0)


def _wanted(batch: Sequence[Heard]) -> set[tuple[str, str]]:
    return {(name, channel) for one in batch for channel in one.telling.channels for name in one.names}


def _possible(batch: Sequence[Heard], found: Mapping[tuple[str, str], StoredCard]) -> set[tuple[int, str]]:
    """Every item of the batch with every card that it could be on."""
    pairs = set()
    for one in batch:
        if one.items:
            places = [(name, channel) for channel in one.telling.channels for name in one.names]
            cards = {found[place].id for place in places if place in found}
            pairs |= {(card, item.key) for card in cards for item in one.items}
    return pairs


async def _reply(ledger: Ledger, seats: Sequence[tuple[Seat, StoredCard]], now: datetime) -> None:
    """Put the lines of each card into its thread; a reply that still waits there takes them up."""
    if not seats:
        return
    waiting = await ledger.waiting_replies([card.outbox for _, card in seats])
    replies = []
    for seat, card in seats:
        before = waiting.get(card.outbox)
        payload = layouts.reply(seat.lines, before.payload if before else None)
        outgoing = Outgoing(f"{seat.first_line}:{seat.channel}:reply", seat.channel, payload)
        replies.append(Reply(card.outbox, outgoing, before.row if before else None))
    await ledger.reply(replies, now)


def _written(seat: Seat, verdict: str) -> Written:
    return Written(seat.key, seat.channel, verdict, tuple(seat.deliveries))
