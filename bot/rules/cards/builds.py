r"""Builds: one card from the queue to the end, fed by webhooks (late, in no order) and by polling (true when asked).

Which phase a card shows:

    known \\ new   running                 soft end                 end
    running       only forward            yes                      yes
    soft end      if polled and not older if polled and not older  yes
    end           no                      no                       if polled, and what we know is not newer and polled

Soft ends are `internalerror` (Quay may queue the build again) and `cannot_load` (Quay lost sight of it, facts §3.3).
"""

from datetime import datetime

from bot.domain.cards import BuildCard
from bot.domain.events import BuildMoved, Phase
from bot.domain.trail import Item
from bot.rules.events import always_room, card_key, no_items, no_list

RUNNING = (Phase.WAITING, Phase.SCHEDULED, Phase.UNPACKING, Phase.PULLING, Phase.BUILDING, Phase.PUSHING)
BROKEN = frozenset({Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED})
SOFT = frozenset({Phase.INTERNAL_ERROR, Phase.UNKNOWN})
ENDED = frozenset(Phase) - SOFT - frozenset(RUNNING)

_FACTS = (
    "name",
    "tags",
    "trigger",
    "ref",
    "commit",
    "commit_url",
    "commit_message",
    "author",
    "requested_by",
    "error",
    "progress",
    "log_tail",
    "note",
    "recovered",
    "fixed",
    "failed_before",
)
_OF_THE_PHASE = ("kind", "at", "phase", "polled")

items = no_items
listed = no_list
room = always_room


def names(event: BuildMoved) -> tuple[str, ...]:
    """One card for each build."""
    return (card_key("build", event.build_id),)


def belongs(card: BuildCard, event: BuildMoved, name: str) -> bool:  # noqa: ARG001 - the same question in every family
    """Builds have ids, so everything about one belongs on its card; but an id of another repository is a forgery."""
    return card.known.repository == event.repository


def fold(
    card: BuildCard | None,
    event: BuildMoved,
    fresh: tuple[Item, ...],  # noqa: ARG001 - builds have no list
) -> BuildCard:
    """Learn every fact that is not empty; take the phase if it wins. `finished`: when we first heard of an end."""
    if card is None:
        finished = event.at if _finished(event.phase) else None
        return BuildCard(known=event, first=event.at, last=event.at, finished=finished)
    moved = _wins(event, card.known)
    learned = {name: value for name in _FACTS if (value := getattr(event, name))}
    if moved:
        learned |= {name: getattr(event, name) for name in _OF_THE_PHASE}
    return BuildCard(
        known=card.known.model_copy(update=learned),
        first=min(card.first, event.at),
        last=max(card.last, event.at),
        finished=_end(card, event, moved=moved),
    )


def mended(card: BuildCard, failed_before: str = "") -> BuildCard:
    """The card of a build that succeeded after one that failed (its id, if it is known)."""
    known = card.known.model_copy(update={"fixed": True, "failed_before": failed_before or card.known.failed_before})
    return card.model_copy(update={"known": known})


def weight(card: BuildCard) -> int:
    """A build that failed matters, the others are routine."""
    return 6 if card.known.phase in BROKEN else 0


def final(card: BuildCard) -> bool:
    """Has it ended?"""
    return card.known.phase in ENDED


def _wins(event: BuildMoved, known: BuildMoved) -> bool:
    """Does the event say where the build is? The table above."""
    fresh = event.polled and event.at >= known.at
    if known.phase in ENDED:
        return event.phase in ENDED and event.polled and (fresh or not known.polled)
    if known.phase in SOFT:
        return event.phase in ENDED or fresh
    if event.phase in RUNNING:
        return RUNNING.index(event.phase) > RUNNING.index(known.phase)
    return True


def _finished(phase: Phase) -> bool:
    """Has it ended, for all we know? (`cannot_load` says nothing about the build.)"""
    return phase in ENDED or phase is Phase.INTERNAL_ERROR


def _end(card: BuildCard, event: BuildMoved, *, moved: bool) -> datetime | None:
    """When it ended: the first word of a real end, or of the internal error that it still is in."""
    ended = card.known.phase in ENDED
    if event.phase in ENDED:
        return min(card.finished, event.at) if ended and card.finished else event.at
    if moved:
        return event.at if _finished(event.phase) else None
    return card.finished
