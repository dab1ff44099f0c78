"""Which events make which cards: the written-out table that joins the rules (fold) and the words (show)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

from bot.blocks.cards import builds as build_words
from bot.blocks.cards import expiry as expiry_words
from bot.blocks.cards import mirrors as mirror_words
from bot.blocks.cards import pushes as push_words
from bot.blocks.cards import quota as quota_words
from bot.blocks.cards import vulnerabilities as vulnerability_words
from bot.domain import cards, events
from bot.domain.messages import Message
from bot.domain.trail import Item
from bot.rules.cards import builds, expiry, mirrors, pushes, quota, vulnerabilities

Show = Callable[[Any, str], Message]


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of card.

    `names`: what an event's card is called, in order of preference. `belongs` (card, event, the name it was found by):
    does the event continue the card? `room`: does the card still take it, unless it tells all of it already? `fold`
    (card or None, event, those of its items that are new on the card): the card with the event. `items`: what an event
    puts on the card's list. `listed`: how many are on it. `weight`: 0 (routine) to 9. `final`: nothing more is
    expected. `show`: the message. `follow`: its first name is unique in the world, so every channel that shows the card
    is kept true. `apart`: while edits are scarce, an event that comes so long after the card's last begins a new card.
    """

    name: str
    event: type[events.Event]
    card: type[events.Frozen]
    names: Callable[[Any], tuple[str, ...]]
    belongs: Callable[[Any, Any, str], bool]
    room: Callable[[Any, Any], bool]
    fold: Callable[[Any, Any, tuple[Item, ...]], Any]
    show: Show
    items: Callable[[Any], tuple[Item, ...]]
    listed: Callable[[Any], int]
    weight: Callable[[Any], int]
    final: Callable[[Any], bool]
    follow: bool = False
    apart: timedelta | None = None


def _family(
    name: str,
    event: type[events.Event],
    card: type[events.Frozen],
    rules: ModuleType,
    show: Show,
    *,
    follow: bool = False,
    apart: timedelta | None = None,
) -> Family:
    return Family(
        name,
        event,
        card,
        names=rules.names,
        belongs=rules.belongs,
        room=rules.room,
        fold=rules.fold,
        show=show,
        items=rules.items,
        listed=rules.listed,
        weight=rules.weight,
        final=rules.final,
        follow=follow,
        apart=apart,
    )


_ALL = (
    _family("push", events.Pushed, cards.PushCard, pushes, push_words.show, apart=pushes.APART),
    _family("build", events.BuildMoved, cards.BuildCard, builds, build_words.show, follow=True),
    _family(
        "vulnerability", events.VulnerabilityFound, cards.VulnerabilityCard, vulnerabilities, vulnerability_words.show
    ),
    _family("mirror", events.MirrorSynced, cards.MirrorCard, mirrors, mirror_words.show),
    _family("expiry", events.TagsExpiring, cards.ExpiryCard, expiry, expiry_words.show),
    _family("quota", events.QuotaCrossed, cards.QuotaCard, quota, quota_words.show),
)
BY_EVENT = {family.event: family for family in _ALL}
BY_NAME = {family.name: family for family in _ALL}
