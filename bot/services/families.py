"""Which events make which cards: the written-out table that joins the rules (fold) and the words (show)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.blocks.cards import builds as build_words
from bot.blocks.cards import expiry as expiry_words
from bot.blocks.cards import mirrors as mirror_words
from bot.blocks.cards import pushes as push_words
from bot.blocks.cards import quota as quota_words
from bot.blocks.cards import vulnerabilities as vulnerability_words
from bot.domain import cards, events
from bot.domain.messages import Message
from bot.rules.cards import builds, expiry, mirrors, pushes, quota, vulnerabilities


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of card. `follow`: its key is unique in the world, so every channel that shows the card is kept true."""

    name: str
    event: type[events.Event]
    card: type[Any]
    key: Callable[[Any], str]
    belongs: Callable[[Any, Any], bool]
    fold: Callable[[Any, Any], Any]
    show: Callable[[Any, str], Message]
    follow: bool = False


_ALL = (
    Family("push", events.Pushed, cards.PushCard, pushes.key, pushes.belongs, pushes.fold, push_words.show),
    Family(
        "build",
        events.BuildMoved,
        cards.BuildCard,
        builds.key,
        builds.belongs,
        builds.fold,
        build_words.show,
        follow=True,
    ),
    Family(
        "vulnerability",
        events.VulnerabilityFound,
        cards.VulnerabilityCard,
        vulnerabilities.key,
        vulnerabilities.belongs,
        vulnerabilities.fold,
        vulnerability_words.show,
    ),
    Family(
        "mirror", events.MirrorSynced, cards.MirrorCard, mirrors.key, mirrors.belongs, mirrors.fold, mirror_words.show
    ),
    Family("expiry", events.TagsExpiring, cards.ExpiryCard, expiry.key, expiry.belongs, expiry.fold, expiry_words.show),
    Family("quota", events.QuotaCrossed, cards.QuotaCard, quota.key, quota.belongs, quota.fold, quota_words.show),
)
BY_EVENT = {family.event: family for family in _ALL}
BY_NAME = {family.name: family for family in _ALL}
