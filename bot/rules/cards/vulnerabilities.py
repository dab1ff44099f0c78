"""Findings: one card each. With N notifications every finding comes N times (facts §1.1): copies are silent."""

from datetime import timedelta

from bot.domain.cards import VulnerabilityCard
from bot.domain.events import VulnerabilityFound
from bot.rules.events import card_key, named, within

WINDOW = timedelta(minutes=10)


def key(event: VulnerabilityFound) -> str:
    """One card for each finding in each set of tags."""
    return card_key("vulnerability", event.repository, event.vulnerability, named(event.tags))


def belongs(card: VulnerabilityCard, event: VulnerabilityFound) -> bool:
    """Is it a copy?"""
    return within(event.at, card.finding.at, WINDOW)


def fold(card: VulnerabilityCard | None, event: VulnerabilityFound) -> VulnerabilityCard:
    """A copy changes nothing."""
    return card or VulnerabilityCard(finding=event)
