"""Mirror syncs: "started" and the outcome share a card, in whichever order they arrive (facts §1.3).

         STARTED                          SUCCESS or FAILED
(none)   a running card                   a finished card
running  copy within 90 s, else new card  the card finishes
finished late within 120 s, else new      copy within 90 s if it says the same, else new card
"""

from datetime import timedelta

from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome, MirrorSynced
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, no_items, no_list, within

COPY = timedelta(seconds=90)
LATE_START = timedelta(seconds=120)

items = no_items
listed = no_list
room = always_room


def names(event: MirrorSynced) -> tuple[str, ...]:
    """One mirror for each repository."""
    return (card_key("mirror", event.repository),)


def belongs(card: MirrorCard, event: MirrorSynced, name: str) -> bool:  # noqa: ARG001 - it has one name
    """Is it about the sync of this card?"""
    if card.finished is None:
        return event.outcome is not MirrorOutcome.STARTED or within(event.at, card.started or card.known.at, COPY)
    if event.outcome is MirrorOutcome.STARTED:
        return within(event.at, card.finished, LATE_START)
    same = event.outcome is card.outcome and event.message == card.known.message
    return same and within(event.at, card.finished, COPY)


def fold(
    card: MirrorCard | None,
    event: MirrorSynced,
    fresh: tuple[Item, ...],  # noqa: ARG001 - mirrors have no list
) -> MirrorCard:
    """Finish a running sync; copies and late starts change nothing (when a late one really started, nobody knows)."""
    started = event.outcome is MirrorOutcome.STARTED
    if card is None:
        first, end = (event.at, None) if started else (None, event.at)
        return MirrorCard(known=event, outcome=event.outcome, started=first, finished=end)
    if started or card.finished is not None:
        return card
    known = event.model_copy(update={"note": event.note or card.known.note})
    return card.model_copy(update={"known": known, "outcome": event.outcome, "finished": event.at})


def weight(card: MirrorCard) -> int:
    """A sync that failed matters, the others are routine."""
    return 5 if card.outcome is MirrorOutcome.FAILED else 0


def final(card: MirrorCard) -> bool:
    """Has it ended?"""
    return card.finished is not None
