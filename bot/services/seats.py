"""The cards of a batch in memory: each telling is folded into the seat that it belongs to. Nothing here waits."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.events import Event
from bot.domain.trail import Entry, Verdict
from bot.ports import StoredCard
from bot.services.families import Family
from bot.services.tellings import Heard, Seat, restored, trail_entry

DEFAULT, THREAD = "card", "thread"

Pair = tuple[str, str]


class Seats:
    """Who sits where: (name, channel) leads to a seat, and each card has one seat.

    `found` and `known` are the cards and the items on them as stored, `looks` the layouts of channels that do not have
    the default one. `scarce`: an edit may take minutes, while a new message would be there at once.
    """

    def __init__(
        self,
        found: Mapping[Pair, StoredCard],
        known: Collection[tuple[int, str]],
        looks: Mapping[str, str],
        url: str,
        *,
        scarce: bool = False,
    ) -> None:
        self._looks, self._url, self._scarce = looks, url, scarce
        self.every: list[Seat] = []
        self.counts: Counter[Verdict] = Counter()  # what events did, once for each channel
        self.entries: list[tuple[Seat | None, Entry]] = []
        self._book: dict[Pair, Seat] = {}
        self._shown: dict[str, dict[str, None]] = {}  # name: the channels where a card has it
        self._stored: dict[int, Seat | None] = {}
        for (name, channel), card in found.items():
            seat = self._seat_of(card)
            if seat is not None:
                self._call(name, channel, seat)
        for number, item in known:
            if (seat := self._stored.get(number)) is not None:
                seat.counted.add(item)
        self._before = dict(self._book)

    def tell(self, one: Heard) -> None:
        """Fold it into the card of each of its channels; where none goes on, a new one begins."""
        told = one.telling
        followers = self._shown.get(one.names[0], {}) if one.follow else {}
        for channel in dict.fromkeys((*told.channels, *followers)):
            seat = self._going_on(one, channel)
            if seat is not None:
                self._continue(one, seat)
            elif channel in told.channels:
                self._begin(one, channel)
        for channel, rule in told.filtered.items():
            if channel not in followers:
                self.counts[Verdict.FILTERED] += 1
                self.entries.append((None, trail_entry(told, channel, Verdict.FILTERED, rule=rule)))

    def opened(self) -> list[Seat]:
        """The new cards, the oldest first."""
        return [seat for seat in self.every if seat.stored is None]

    def turned(self) -> list[tuple[Seat, StoredCard]]:
        """Cards that are stored and have changed."""
        return [(seat, seat.stored) for seat in self.every if seat.changed and seat.stored is not None]

    def new_names(self) -> list[tuple[str, str, int]]:
        """Each name that leads elsewhere than it did: (name, channel, card). Asked when the new cards are stored."""
        return [
            (name, channel, seat.stored.id)
            for (name, channel), seat in self._book.items()
            if seat.stored is not None and self._before.get((name, channel)) is not seat
        ]

    def talking(self) -> list[tuple[Seat, StoredCard]]:
        """Those that have something to say in their threads. Asked when the new cards are stored."""
        return [(seat, seat.stored) for seat in self.every if seat.lines and seat.stored is not None]

    def trail(self) -> list[tuple[int | None, Entry]]:
        """What became of each event, with its card. Asked when the new cards are stored."""
        found: list[tuple[int | None, Entry]] = []
        for seat, entry in self.entries:
            if seat is None:
                found.append((None, entry))
            elif seat.stored is not None:
                found.append((seat.stored.id, entry))
        return found

    def look(self, seat: Seat) -> str:
        """Its layout: what its card was opened with, else that of its channel."""
        return seat.layout or self._looks.get(seat.channel, DEFAULT)

    def _seat_of(self, card: StoredCard) -> Seat | None:
        if card.id not in self._stored:
            self._stored[card.id] = seat = restored(card)
            self.every += [seat] if seat else []
        return self._stored[card.id]

    def _going_on(self, one: Heard, channel: str) -> Seat | None:
        """The seat that tells all of it already; else the first one that still takes it."""
        event, family = one.telling.event, one.family
        named = [(name, seat) for name in one.names if (seat := self._book.get((name, channel))) is not None]
        near = [seat for name, seat in named if seat.family is family and family.belongs(seat.card, event, name)]
        knowing = (seat for seat in near if one.items and all(item.key in seat.counted for item in one.items))
        taking = (seat for seat in near if family.room(seat.card, event) and not self._apart(seat, event))
        return next(knowing, None) or next(taking, None)

    def _apart(self, seat: Seat, event: Event) -> bool:
        """Would it be seen sooner on a card of its own?"""
        apart = seat.family.apart
        return self._scarce and apart is not None and event.at - seat.card.last >= apart

    def _begin(self, one: Heard, channel: str) -> None:
        told = one.telling
        card = one.family.fold(None, told.event, one.items)
        key, since = f"{told.name}:{channel}", None if told.event.recovered else told.event.at
        seat = Seat(one.family, channel, card, key, told.layout, asker=told.asker, changed=True, since=since)
        self.every.append(seat)
        self._note(one, seat, Verdict.OPENED)

    def _continue(self, one: Heard, seat: Seat) -> None:
        told = one.telling
        fresh = tuple(item for item in one.items if item.key not in seat.counted)
        card = one.family.fold(seat.card, told.event, fresh)
        changed = card is not seat.card and card != seat.card
        anew = changed and (bool(fresh) or not one.items)
        # What the bot found out by itself, again and again, is worth a line only if it makes a difference in words.
        talks = self.look(seat) == THREAD
        alike = (told.delivery is None or talks) and self._alike(seat, card)
        seat.card, seat.changed = card, seat.changed or changed
        if anew and not alike and talks:
            seat.first_line = seat.first_line or told.name
            seat.lines.append(self._text(one.family, one.family.fold(None, told.event, one.items)))
        self._note(one, seat, Verdict.FOLDED if anew else Verdict.REPEATED, silent=alike and told.delivery is None)

    def _note(self, one: Heard, seat: Seat, verdict: Verdict, *, silent: bool = False) -> None:
        """Write down what the event did there; the card answers to all its names from then on.

        A copy changes nothing, the names neither: they may lead to the card that goes on when this one is full.
        """
        told = one.telling
        self.counts[verdict] += 1
        if verdict is not Verdict.REPEATED:
            seat.deliveries += [] if told.delivery is None else [told.delivery]
            for name in one.names:
                self._call(name, seat.channel, seat)
        for item in one.items:
            fresh = item.key not in seat.counted
            seat.counted.add(item.key)
            did = verdict if fresh else Verdict.REPEATED
            self.entries.append((seat, trail_entry(told, seat.channel, did, item=item, fresh=fresh)))
        if not one.items and not silent:
            self.entries.append((seat, trail_entry(told, seat.channel, verdict)))

    def _call(self, name: str, channel: str, seat: Seat) -> None:
        self._book[name, channel] = seat
        self._shown.setdefault(name, {})[channel] = None

    def _alike(self, seat: Seat, card: Any) -> bool:
        return self._text(seat.family, seat.card) == self._text(seat.family, card)

    def _text(self, family: Family, card: Any) -> str:
        return family.show(card, self._url).text
