"""Pushes: the same tags again within 90 seconds count up on one card.

Quay names neither digest nor pusher (facts §1.2), so a retried delivery (40 s apart, §1.3) and a second push of the
same tag are byte-identical. They cannot be told apart; the card counts both.
"""

from datetime import timedelta

from bot.domain.cards import PushCard
from bot.domain.events import Pushed
from bot.rules.events import card_key, named, within

WINDOW = timedelta(seconds=90)


def key(event: Pushed) -> str:
    """One card for each set of tags of a repository."""
    return card_key("push", event.repository, named(event.tags))


def belongs(card: PushCard, event: Pushed) -> bool:
    """Is it near enough to the last one to be a repetition?"""
    return within(event.at, card.last, WINDOW)


def fold(card: PushCard | None, event: Pushed) -> PushCard:
    """Count it."""
    if card is None:
        return PushCard(event=event, first=event.at, last=event.at)
    told = card.event.model_copy(update={"note": event.note or card.event.note})
    first, last = min(card.first, event.at), max(card.last, event.at)
    return card.model_copy(update={"event": told, "first": first, "last": last, "times": card.times + 1})
