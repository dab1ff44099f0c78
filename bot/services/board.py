"""The board: which card shows which events. Folds events into cards and queues what Slack should show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from bot.domain.events import Event
from bot.domain.messages import Outgoing
from bot.ports import Clock, Inbox, Ledger, StoredCard
from bot.services.families import BY_EVENT, Family


@dataclass(frozen=True, slots=True)
class Telling:
    """One event for some channels. `name` is unique for ever: repeating the telling makes no second message."""

    event: Event
    channels: tuple[str, ...]
    name: str
    asker: str | None = None


@dataclass(slots=True)
class _Seat:
    """The card of one channel while a batch is folded into it."""

    card: object
    stored: StoredCard | None  # None: not in the database yet
    outgoing_key: str
    asker: str | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Tells events to channels by opening and turning cards."""

    inbox: Inbox
    clock: Clock
    quay_url: str
    said: Callable[[], None]  # called after something was queued
    new_id: Callable[[], str] = lambda: uuid4().hex

    async def tell(self, event: Event, *, channels: Sequence[str] = (), asker: str | None = None) -> None:
        """Fold one event into the cards of `channels` and of every channel that already follows its card.

        `asker` is a Slack user who is told in private if a channel cannot be posted to.
        """
        async with self.inbox.ledger() as ledger:
            await self.apply(ledger, [Telling(event, tuple(channels), f"told:{self.new_id()}", asker)])
        self.said()

    async def apply(self, ledger: Ledger, tellings: Sequence[Telling]) -> None:
        """Fold tellings, in their order, within a transaction that also settles where they came from."""
        groups: dict[str, list[Telling]] = {}
        for telling in tellings:
            groups.setdefault(_key(telling), []).append(telling)
        # Replicas lock the keys in one order, so they never wait for each other; messages keep the order of arrival.
        stored = {key: await ledger.cards(key) for key in sorted(groups)}
        for key, group in groups.items():
            family = BY_EVENT[type(group[0].event)]
            seats = {one.channel: _Seat(family.card.model_validate_json(one.state), one, "") for one in stored[key]}
            await self._apply_group(ledger, family, key, group, seats)

    async def _apply_group(
        self, ledger: Ledger, family: Family, key: str, group: Sequence[Telling], seats: dict[str, _Seat]
    ) -> None:
        for telling in group:
            followers = tuple(seats) if family.follow else ()
            for channel in dict.fromkeys((*telling.channels, *followers)):
                seat = seats.get(channel)
                if seat is not None and family.belongs(seat.card, telling.event):
                    card = family.fold(seat.card, telling.event)
                    seat.changed = seat.changed or card != seat.card
                    seat.card = card
                    continue
                if seat is not None:
                    await self._write(ledger, family, key, channel, seat)
                card = family.fold(None, telling.event)
                seats[channel] = _Seat(card, None, f"{telling.name}:{channel}", telling.asker, changed=True)
        for channel, seat in seats.items():
            await self._write(ledger, family, key, channel, seat)

    async def _write(self, ledger: Ledger, family: Family, key: str, channel: str, seat: _Seat) -> None:
        if not seat.changed:
            return
        now = self.clock.now()
        payload = family.show(seat.card, self.quay_url).payload()
        state = seat.card.model_dump_json()  # type: ignore[attr-defined]  # every card is a pydantic value
        if seat.stored is None:
            outgoing = Outgoing(seat.outgoing_key, channel, payload, seat.asker)
            await ledger.open_card(key, family.name, state, outgoing, now)
        else:
            await ledger.turn_card(seat.stored, state, payload, now)


def _key(telling: Telling) -> str:
    # A press of the test button must always be seen: it gets a card of its own.
    if telling.event.test:
        return f"test:{telling.name}"
    return BY_EVENT[type(telling.event)].key(telling.event)
