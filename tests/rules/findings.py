"""Findings for the tests of the rules, and the card that they make."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.cards import VulnerabilityCard
from bot.domain.events import Severity, VulnerabilityFound
from bot.rules.cards.vulnerabilities import fold, items

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def found(second: float = 0, **more: Any) -> VulnerabilityFound:
    defaults: dict[str, Any] = {
        "kind": "vulnerability_found",
        "namespace": "acme",
        "repository": "acme/api",
        "tags": ("v1",),
        "vulnerability": "CVE-2026-1",
        "severity": Severity.HIGH,
    }
    return VulnerabilityFound(at=at(second), **{**defaults, **more})


def told(*events: VulnerabilityFound) -> VulnerabilityCard:
    """The card of all of them, as the list of items sees to it that each finding is new once."""
    card, known = None, set[str]()
    for event in events:
        fresh = tuple(item for item in items(event) if item.key not in known)
        known |= {item.key for item in fresh}
        card = fold(card, event, fresh)
    assert card is not None
    return card
