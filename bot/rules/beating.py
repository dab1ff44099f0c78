"""Which ways from Quay to the bot are tried now, and which have failed. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.subscriptions import OFF, Part

PATIENCE = timedelta(
    minutes=2
)  # for a test call to arrive: Quay's worker looks for work every ten seconds (facts §1.3)
SILENT = 2  # test calls in a row that do not arrive: that is no chance any more
AGAIN = timedelta(minutes=10)  # between two tries while nothing arrives


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is to be done about one subscription: let Quay send a test call for `ask` (as it is to be stored before);
    `silent` is the part whose test calls were lost in a row, if nothing arrives any more.
    """

    ask: Part | None = None
    silent: Part | None = None


def heard(parts: Sequence[Part]) -> datetime | None:
    """When anything came through the subscription with these parts last."""
    return max((part.heard_at for part in parts if part.heard_at), default=None)


def pulse(parts: Sequence[Part], now: datetime, every: timedelta, resting: Collection[str] = ()) -> Pulse:
    """`parts` are those of one subscription: what comes through one of them proves the way of all.

    If nothing came for `every`, the one is tried through which nothing came for longest; again as soon as its call has
    surely got lost, and rarely once it is known that nothing arrives. Hooks that are `resting` are not tried now.
    """
    last = heard(parts)
    flying = [part for part in parts if part.beat_at and (last is None or part.beat_at > last)]
    if flying:
        return _waited(max(flying, key=lambda part: part.beat_at or now), now, every)
    able = [part for part in parts if _able(part) and part.hook not in resting]
    began = max((part.created_at for part in parts), default=now)
    if not able or now - max(last or began, began) < every:
        return Pulse()
    least = min(able, key=lambda part: (part.heard_at or part.created_at, part.hook))
    return Pulse(replace(least, beaten=0))


def _waited(part: Part, now: datetime, every: timedelta) -> Pulse:
    """A test call of it was asked for, and has not arrived."""
    waited, lost = now - (part.beat_at or now), replace(part, beaten=part.beaten + 1)
    if waited < PATIENCE:
        return Pulse()
    quiet = lost if lost.beaten >= SILENT else None
    rest = max(PATIENCE, min(every, AGAIN)) if quiet else PATIENCE
    return Pulse(lost if waited >= rest and _able(part) else None, quiet)


def _able(part: Part) -> bool:
    """One that is switched off takes the test call, and sends nothing (facts §1.3)."""
    return bool(part.uuid) and part.failures < OFF
