"""Expiring tags: copies of one warning within an hour are silent."""

from datetime import timedelta

from bot.domain.cards import ExpiryCard
from bot.domain.events import TagsExpiring
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, named, never_final, no_items, no_list, within

WINDOW = timedelta(hours=1)

items = no_items
listed = no_list
room = always_room
final = never_final


def names(event: TagsExpiring) -> tuple[str, ...]:
    """One card for each set of tags."""
    return (card_key("expiry", event.repository, named(event.tags)),)


def belongs(card: ExpiryCard, event: TagsExpiring, name: str) -> bool:  # noqa: ARG001 - it has one name
    """Is it a copy? Two notifications with different distances ("5 days", "1 days") are two warnings."""
    return within(event.at, card.event.at, WINDOW) and card.event.expiring_in == event.expiring_in


def fold(
    card: ExpiryCard | None,
    event: TagsExpiring,
    fresh: tuple[Item, ...],  # noqa: ARG001 - these warnings have no list
) -> ExpiryCard:
    """A copy changes nothing."""
    return card or ExpiryCard(event=event)


def weight(card: ExpiryCard) -> int:  # noqa: ARG001 - the same question as in every family
    """Somebody should look, some time today."""
    return 2
