"""A push before and after a look, what the look was worth, and the edit that follows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.cards import PushCard
from bot.domain.errors import BotError, TryLater
from bot.domain.events import Pushed, PushFacts
from bot.domain.looked_up import Known
from bot.domain.subscriptions import Lookup
from bot.rules.cards.pushes import learned
from bot.services.upkeep import wishes
from bot.services.upkeep.wishes import Push, Wish


@dataclass(frozen=True, slots=True)
class Looked:
    """A push that is looked up. `before` is what was known before the look, which completes `pushes` in place."""

    wish: Wish
    event: Pushed
    before: Known
    pushes: tuple[Push, ...]

    @classmethod
    def of(cls, wish: Wish, event: Pushed) -> "Looked":
        """Before the look."""
        before = wishes.known(wish.lookup, event)
        return cls(wish, event, before, tuple(Push(wish.lookup.at, found) for found in before.found))

    @property
    def id(self) -> int:
        """That of its lookup."""
        return self.wish.lookup.id

    @property
    def lookup(self) -> Lookup:
        """Its lookup."""
        return self.wish.lookup

    @property
    def found(self) -> Known:
        """What is known now."""
        return Known(found=tuple(push.found for push in self.pushes))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a look was worth. `over`: another one is of no use.

    `away`: Quay was, and wants to be left alone for so many seconds; None: it was not.
    """

    over: bool = False
    away: float | None = None

    @classmethod
    def of(cls, error: BotError | TimeoutError) -> "Outlook":
        """Quay that is away or slow comes back; whoever may not look has nothing to look for."""
        if isinstance(error, TryLater):
            return cls(away=error.after)
        return cls(away=0.0) if isinstance(error, TimeoutError) else cls(over=True)

    def next_look(self, one: Looked, now: datetime) -> datetime | None:
        """When to look again; None: never."""
        return None if self.over else wishes.next_look(one.lookup, wishes.missing(one.found), now, self.away)


@dataclass(frozen=True, slots=True)
class Change:
    """The edit of the card that tells `one`, with what is known of the `others` that it tells: a burst is one edit."""

    one: Looked
    others: Sequence[Looked]

    def __call__(self, card: Any) -> Any:
        """The card with their facts, the oldest push first."""
        if not isinstance(card, PushCard):
            return card
        facts: list[PushFacts] = []
        for other in sorted(self._of(card), key=lambda other: other.lookup.at):
            facts += wishes.telling(other.found)
        return learned(card, facts)

    def told(self, card: Any) -> set[int]:
        """The lookups whose facts are on that card then; before and after the edit, they are the same."""
        return {other.id for other in self._of(card)} if isinstance(card, PushCard) else set()

    def _of(self, card: PushCard) -> list[Looked]:
        return [other for other in self.others if other is self.one or _tells(card, other)]


def _tells(card: PushCard, other: Looked) -> bool:
    """A channel's cards about one repository follow each other in time (rules/cards/pushes)."""
    return card.event.at <= other.lookup.at <= card.last
