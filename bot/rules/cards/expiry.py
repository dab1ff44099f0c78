"""Expiring tags: copies of one warning within an hour are silent."""

from datetime import timedelta

from bot.domain.cards import ExpiryCard
from bot.domain.events import TagsExpiring
from bot.rules.events import card_key, named, within

WINDOW = timedelta(hours=1)


def key(event: TagsExpiring) -> str:
    """One card for each set of tags."""
    return card_key("expiry", event.repository, named(event.tags))


def belongs(card: ExpiryCard, event: TagsExpiring) -> bool:
    """Is it a copy? Two notifications with different distances ("5 days", "1 days") are two warnings."""
    return within(event.at, card.event.at, WINDOW) and card.event.expiring_in == event.expiring_in


def fold(card: ExpiryCard | None, event: TagsExpiring) -> ExpiryCard:
    """A copy changes nothing."""
    return card or ExpiryCard(event=event)
