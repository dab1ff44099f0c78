"""What a wish would have done: the last days of its repositories through its filter. Bounded, because people wait."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import BotError
from bot.domain.events import Event
from bot.domain.subscriptions import Wanted
from bot.ports import Quay
from bot.rules.sifting import Sifted, sift
from bot.services.upkeep.past import past

BACK = timedelta(days=7)
PATIENCE = 6.0  # seconds


@dataclass(frozen=True, slots=True)
class Looked:
    """`sifted` is None if it could not be read in time; `why` says why not then, for people.

    `samples` are the newest events that would have been told, each of another kind. `untold` are sentences about what
    Quay does not tell afterwards.
    """

    sifted: Sifted | None
    samples: tuple[Event, ...] = ()
    untold: tuple[str, ...] = ()
    why: str = ""


async def look_back(
    quay: Quay, wish: Wanted, repositories: Sequence[str], now: datetime, *, samples: int = 2
) -> Looked:
    """The last days of these repositories, as the wish would have had them. Raises nothing that Quay says."""
    try:
        async with asyncio.timeout(PATIENCE):
            found = await asyncio.gather(*(past(quay, one, wish.events, now - BACK, now) for one in repositories))
    except TimeoutError:
        return Looked(None, why="Quay took too long to tell what happened in the last 7 days.")
    except BotError as error:
        return Looked(None, why=f"What happened in the last 7 days could not be read: {error.say}")
    events = sorted((event for one in found for event in one.events), key=lambda event: event.at)
    sifted = sift(events, wish)
    untold = tuple(dict.fromkeys(sentence for one in found for sentence in one.untold))
    return Looked(sifted, _of_each_kind(sifted.kept, samples), untold)


def _of_each_kind(kept: Sequence[Event], most: int) -> tuple[Event, ...]:
    """The newest of each kind, the newest first; as they would have come, and not as something found out later."""
    newest: dict[type[Event], Event] = {}
    for event in sorted(kept, key=lambda one: one.at, reverse=True):
        newest.setdefault(type(event), event)
    return tuple(event.model_copy(update={"recovered": False}) for event in list(newest.values())[:most])
