"""Quotas: Quay announces each threshold about once a day (facts §1.1); copies within an hour are silent."""

from datetime import timedelta

from bot.domain.cards import QuotaCard
from bot.domain.events import QuotaCrossed
from bot.rules.events import card_key, within

WINDOW = timedelta(hours=1)


def key(event: QuotaCrossed) -> str:
    """One card for each threshold of a namespace."""
    level = "error" if event.rejecting else "warning"
    threshold = "unknown" if event.threshold_percent is None else f"{event.threshold_percent:g}"
    return card_key("quota", event.namespace, level, threshold)


def belongs(card: QuotaCard, event: QuotaCrossed) -> bool:
    """Is it a copy?"""
    return within(event.at, card.event.at, WINDOW)


def fold(card: QuotaCard | None, event: QuotaCrossed) -> QuotaCard:
    """A copy changes nothing."""
    return card or QuotaCard(event=event)
