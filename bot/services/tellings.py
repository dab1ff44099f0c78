"""One event on its way to the cards of some channels, and one card while a batch is folded into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.domain.events import Event
from bot.domain.trail import Entry, Item, Verdict
from bot.ports import StoredCard
from bot.rules.events import clipped_list
from bot.rules.recovering import thing
from bot.services.families import BY_EVENT, BY_NAME, Family


@dataclass(frozen=True, slots=True)
class Telling:
    """One event for some channels. `name` is unique for ever: repeating the telling makes no second message.

    `filtered`: channels whose filter keeps it out, each with the rule. `delivery` is the stored body it was read from.
    `layout` is that of a card that it opens, "" for that of the channel. `follow` False: it is not told elsewhere, even
    where its card hangs. `subscription` is the one that brings it, if any.
    """

    event: Event
    channels: tuple[str, ...]
    name: str
    asker: str | None = None
    delivery: int | None = None
    filtered: Mapping[str, str] = field(default_factory=dict)
    layout: str = ""
    follow: bool = True
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A telling with what its family says about the event, asked once."""

    telling: Telling
    family: Family
    names: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def follow(self) -> bool:
        """Is it told wherever its card hangs? A test is told only where it was asked for."""
        return self.family.follow and self.telling.follow and not self.telling.event.test


def heard(telling: Telling) -> Heard:
    """The telling as its family hears it. A press of the test button must be seen: it gets a card of its own."""
    event = telling.event
    family = BY_EVENT[type(event)]
    names = (f"test:{telling.name}",) if event.test else family.names(event)
    return Heard(telling, family, names, tuple({item.key: item for item in family.items(event)}.values()))


@dataclass(slots=True)
class Seat:
    """The card of one channel while a batch is folded into it."""

    family: Family
    channel: str
    card: Any
    key: str  # of its message
    layout: str = ""  # "" is that of its channel
    stored: StoredCard | None = None  # None: not in the database yet
    asker: str | None = None
    changed: bool = False
    counted: set[str] = field(default_factory=set)  # items that are on its list, as far as the batch may bring them
    deliveries: list[int] = field(default_factory=list)  # that it tells anew
    lines: list[str] = field(default_factory=list)  # for its thread
    first_line: str = ""  # the name of the telling that made the first of them
    since: datetime | None = None  # when the bot heard of the event that began it; None if that came late by itself


def restored(card: StoredCard) -> Seat | None:
    """The seat of a stored card; None for one that another version has written in its own way: it does not go on."""
    family = BY_NAME.get(card.family)
    if family is None:
        return None
    try:
        state = family.card.model_validate_json(card.state)
    except ValidationError:
        return None
    return Seat(family, card.channel, state, card.key, card.layout, stored=card)


def trail_entry(
    told: Telling, channel: str, verdict: Verdict, *, rule: str = "", item: Item | None = None, fresh: bool = False
) -> Entry:
    """A line of the trail about it."""
    event = told.event
    tag = item.data.get("tag", "") if item else ""  # a push has an item for each tag, and each entry is about one
    return Entry(
        channel=channel,
        subject=event.repository or event.namespace,
        kind=event.kind,
        tags=(tag,) if tag else tuple(clipped_list(getattr(event, "tags", ()))),
        at=event.at,
        verdict=verdict,
        delivery=told.delivery,
        rule=rule,
        item=item.key if item else thing(event),
        data=item.data if item and fresh else None,
        subscription=told.subscription,
        test=event.test,
    )
