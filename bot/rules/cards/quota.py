"""Quotas: Quay announces each threshold about once a day (facts §1.1); copies within an hour are silent."""

from datetime import timedelta

from bot.domain.cards import QuotaCard
from bot.domain.events import QuotaCrossed
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, never_final, no_items, no_list, within

WINDOW = timedelta(hours=1)

items = no_items
listed = no_list
room = always_room
final = never_final


def names(event: QuotaCrossed) -> tuple[str, ...]:
    """One card for each threshold of a namespace."""
    level = "error" if event.rejecting else "warning"
    threshold = "unknown" if event.threshold_percent is None else f"{event.threshold_percent:g}"
    return (card_key("quota", event.namespace, level, threshold),)


def belongs(card: QuotaCard, event: QuotaCrossed, name: str) -> bool:  # noqa: ARG001 - it has one name
    """Is it a copy?"""
    return within(event.at, card.event.at, WINDOW)


def fold(
    card: QuotaCard | None,
    event: QuotaCrossed,
    fresh: tuple[Item, ...],  # noqa: ARG001 - these warnings have no list
) -> QuotaCard:
    """A copy changes nothing."""
    return card or QuotaCard(event=event)


def weight(card: QuotaCard) -> int:
    """Refused pushes matter more than a warning."""
    return 7 if card.event.rejecting else 4
