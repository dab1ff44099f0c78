"""Pushes: all tags of one promotion of a repository share a card, and the same tags again count up on it.

Quay names neither digest nor pusher (facts §1.2), so a retried delivery (40 s apart, §1.3) and a second push of the
same tag are byte-identical. They cannot be told apart; the card counts both.
"""

import re
from datetime import timedelta

from bot.domain.cards import PushCard
from bot.domain.events import Pushed
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, near, never_final

QUIET = timedelta(seconds=90)
LONGEST = timedelta(minutes=10)
# While edits are scarce, a push that comes so long after the card's last is no part of a promotion any more: it is seen
# at once on a card of its own, and takes no edit from others.
APART = timedelta(seconds=1)
KEPT = 50  # tags that the card knows by name; the others are on its list

_NUMBER = re.compile(r"\d+", re.ASCII)

room = always_room
final = never_final


def names(event: Pushed) -> tuple[str, ...]:
    """One card for each repository."""
    return (card_key("push", event.repository),)


def belongs(card: PushCard, event: Pushed, name: str) -> bool:  # noqa: ARG001 - it has one name
    """Is it near enough to the last one, and not too long after the first?"""
    first, last = card.event.at, card.last
    return near(event.at, first, last, QUIET) and max(last, event.at) - min(first, event.at) <= LONGEST


def items(event: Pushed) -> tuple[Item, ...]:
    """One for each tag."""
    return tuple(
        Item(card_key("tag", tag), {"tag": tag, "repository": event.repository, "at": event.at.isoformat()})
        for tag in dict.fromkeys(event.tags)
    )


def fold(card: PushCard | None, event: Pushed, fresh: tuple[Item, ...]) -> PushCard:
    """Count the push, and each of its tags."""
    pushed = dict.fromkeys(event.tags, 1)
    if card is None:
        told = event.model_copy(update={"tags": ()})
        return PushCard(event=told, last=event.at, distinct=len(pushed), tags=_first(pushed))
    new = {item.data["tag"] for item in fresh}
    again = {tag: card.tags.get(tag, 0) + 1 for tag in pushed if tag in card.tags or tag in new}
    note, first = max(card.event.note, event.note), min(card.event.at, event.at)
    return PushCard(
        event=card.event.model_copy(update={"note": note, "at": first}),
        last=max(card.last, event.at),
        pushes=card.pushes + 1,
        distinct=card.distinct + len(new),
        tags=_first({**card.tags, **again}),
    )


def listed(card: PushCard) -> int:
    """How many tags."""
    return card.distinct


def weight(card: PushCard) -> int:  # noqa: ARG001 - the same question as in every family
    """Routine."""
    return 0


def _first(tags: dict[str, int]) -> dict[str, int]:
    """Those that the card knows by name. Whoever is among them at the end always was: their numbers are exact."""
    return {tag: tags[tag] for tag in sorted(tags, key=_natural)[:KEPT]}


def _natural(tag: str) -> tuple[str, str]:
    """The order that people expect: v1.9 comes before v1.10."""
    return _NUMBER.sub(lambda found: found[0].zfill(20), tag), tag
