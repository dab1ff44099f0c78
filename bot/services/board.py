"""The board: which card shows which events. Folds events into cards and queues what Slack should show."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import structlog

from bot.domain.events import Event
from bot.domain.trail import Verdict
from bot.ports import Clock, Inbox, Ledger, StoredCard
from bot.services.drawing import Drawing, reply
from bot.services.seats import DEFAULT, Seats
from bot.services.tellings import Heard, Seat, Telling, heard, restored

__all__ = ["Board", "Telling", "Told", "Written"]

log = structlog.stdlib.get_logger(__name__)

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
        await self.release([Telling(event, tuple(channels), f"told:{self.new_id()}", asker)], ())

    async def release(self, tellings: Sequence[Telling], lookups: Collection[int]) -> None:
        """Tell what was held back until these lookups: in one transaction it is told, and they are over.

        Raises TryLater, and nothing is told, if one of them was over already: somebody else has told it.
        """
        async with self.inbox.ledger() as ledger:
            told = await self.apply(ledger, tellings)
            if lookups:
                await ledger.sought(lookups)
        told.log()
        self.said()

    async def recover(self, channel: str, tellings: Mapping[str, Telling]) -> int:
        """Tell what nobody has heard of: those whose key comes for the first time in that channel, in their order.

        All in one transaction, so that each is told once whatever breaks. Gives how many of them go to a channel:
        what a filter keeps out is written down, and not counted.
        """
        async with self.inbox.ledger() as ledger:
            fresh = await ledger.first_time(channel, tuple(tellings), self.clock.now())
            new = [telling for key, telling in tellings.items() if key in fresh]
            told = await self.apply(ledger, new)
        told.log()
        self.said()
        return sum(1 for telling in new if telling.channels)

    async def amend(self, delivery: int, channel: str, change: Callable[[Any], Any]) -> Any:
        """Edit the card that tells that delivery in the channel, and give it. None if there is none (any more).

        `change` makes the new card out of the old one; it must be pure, for whatever it leaves alone is not told again.
        """
        async with self.inbox.ledger() as ledger:
            card = await ledger.telling(delivery, channel)
            seat = restored(card) if card else None
            if card is None or seat is None:
                return None
            before, seat.card = seat.card, change(seat.card)
            if seat.card == before:
                return before
            look = seat.layout or (await ledger.layouts({channel})).get(channel, DEFAULT)
            await ledger.turn_cards([Drawing(self.quay_url).turned(seat, card, look)], self.clock.now())
        self.said()
        return seat.card

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
        seats = Seats(found, known, looks, self.quay_url, scarce=self.scarce())
        for place, one in enumerate(batch):
            seats.tell(one)
            await _breath(place)
        return await self._write(ledger, seats)

    async def _write(self, ledger: Ledger, seats: Seats) -> Told:
        now, drawing = self.clock.now(), Drawing(self.quay_url)
        new, old = seats.opened(), seats.turned()
        opened, turned = [], []
        for place, seat in enumerate(new):
            opened.append(drawing.opened(seat, seats.look(seat)))
            await _breath(place)
        for place, (seat, card) in enumerate(old):
            turned.append(drawing.turned(seat, card, seats.look(seat)))
            await _breath(place)
        started = await ledger.open_cards(opened, now)
        for seat, stored in zip(new, started, strict=True):
            seat.stored = stored
        await ledger.turn_cards(turned, now)
        await ledger.name_cards(seats.new_names())
        await reply(ledger, seats.talking(), now)
        await ledger.record(seats.trail(), now)
        cards = (
            *[_written(seat, "opened") for seat in new if seat.stored],
            *[_written(seat, "turned") for seat, _ in old],
        )
        counts = Counter({name: seats.counts[verdict] for verdict, name in COUNTED.items()})
        counts.update(Counter(f"cards_{card.verdict}" for card in cards))
        return Told(counts, cards)


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


def _written(seat: Seat, verdict: str) -> Written:
    return Written(seat.key, seat.channel, verdict, tuple(seat.deliveries))
