"""Pushes: all tags of one promotion of a repository share a card, and the same tags again count up on it.

Quay names neither digest nor pusher (facts §1.2), so a retried delivery (40 s apart, §1.3) and a second push of the
same tag are byte-identical. They cannot be told apart; the card counts both. What is looked up about a tag afterwards
completes the card. Pushes that came late, because the bot found them out by itself, have cards of their own.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from bot.domain.cards import PushCard
from bot.domain.events import Pushed, PushFacts
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, near, never_final
from bot.rules.push_facts import facts_of, with_facts

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
    """One card for each repository, and one for what came late."""
    return (card_key("push", "recovered", event.repository) if event.recovered else card_key("push", event.repository),)


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
    """Count the push, and each of its tags; take up what is known about them."""
    pushed, known = dict.fromkeys(event.tags, 1), facts_of(event)
    if card is None:
        told, tags = event.model_copy(update={"tags": (), "by": "", "facts": ()}), _first(pushed)
        facts = with_facts({}, known, tags)
        return PushCard(event=told, last=event.at, distinct=len(pushed), tags=tags, facts=facts)
    new = {item.data["tag"] for item in fresh}
    again = {tag: card.tags.get(tag, 0) + 1 for tag in pushed if tag in card.tags or tag in new}
    tags = _first({**card.tags, **again})
    note, first = _note(card.event, event), min(card.event.at, event.at)
    return PushCard(
        event=card.event.model_copy(update={"note": note, "at": first}),
        last=max(card.last, event.at),
        pushes=card.pushes + 1,
        distinct=card.distinct + len(new),
        tags=tags,
        facts=with_facts(card.facts, known, tags),
    )


def learned(card: PushCard, found: Iterable[PushFacts]) -> PushCard:
    """The card with what was looked up about its tags. What it does not know by name is left out."""
    return card.model_copy(update={"facts": with_facts(card.facts, found, card.tags)})


def listed(card: PushCard) -> int:
    """How many tags."""
    return card.distinct


def weight(card: PushCard) -> int:  # noqa: ARG001 - the same question as in every family
    """Routine."""
    return 0


def _note(one: Pushed, other: Pushed) -> str:
    """What was odd about either; of two that came late, how late the older one is."""
    if one.recovered and one.at != other.at:
        return min(one, other, key=lambda event: event.at).note
    return max(one.note, other.note)


def _first(tags: dict[str, int]) -> dict[str, int]:
    """Those that the card knows by name. Whoever is among them at the end always was: their numbers are exact."""
    return {tag: tags[tag] for tag in sorted(tags, key=_natural)[:KEPT]}


def _natural(tag: str) -> tuple[str, str]:
    """The order that people expect: v1.9 comes before v1.10."""
    return _NUMBER.sub(lambda found: found[0].zfill(20), tag), tag
