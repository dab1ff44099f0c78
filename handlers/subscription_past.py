"""What a wish would have done: the last days of its repositories through its filter. Bounded, because people wait."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import BotError
from bot.domain.events import Event
from bot.domain.subscriptions import Wanted
from bot.ports import Quay
from bot.rules.clashing import only_by_case
from bot.rules.sifting import Sifted, sift
from bot.services.seats import Seats
from bot.services.tellings import Telling, heard
from bot.services.upkeep.past import Past, past

BACK = timedelta(days=7)
PATIENCE = 6.0  # seconds
FOLDED = 2_000  # events that are put together to messages: more take too long to be worth it


@dataclass(frozen=True, slots=True)
class Looked:
    """`sifted` is None if it could not be read in time; `why` says why not then, for people.

    `samples` are the newest events that would have been told, each of another kind. `untold` are sentences about what
    Quay does not tell afterwards. `messages` is about how many there would have been, 0 if that was not counted.
    """

    sifted: Sifted | None
    samples: tuple[Event, ...] = ()
    untold: tuple[str, ...] = ()
    why: str = ""
    messages: int = 0
    by_case: tuple[str, ...] = ()  # words that would let something pass if capital letters were small ones


async def look_back(
    quay: Quay, wish: Wanted, repositories: Sequence[str], now: datetime, *, samples: int = 2
) -> Looked:
    """The last days of these repositories, as the wish would have had them. Raises nothing that Quay says."""
    try:
        async with asyncio.timeout(PATIENCE):
            found = await asyncio.gather(*(_past(quay, wish, one, now) for one in repositories))
    except TimeoutError:
        return Looked(None, why="Quay took too long to tell what happened in the last 7 days.")
    except BotError as error:
        return Looked(None, why=f"What happened in the last 7 days could not be read: {error.say}")
    events = sorted((event for one in found for event in one.events), key=lambda event: event.at)
    sifted = sift(events, wish)
    untold = tuple(dict.fromkeys(sentence for one in found for sentence in one.untold))
    by_case = () if sifted.kept else only_by_case(events, wish)
    kept = sifted.kept
    return Looked(sifted, _of_each_kind(kept, samples), untold, messages=_messages(kept), by_case=by_case)


async def _past(quay: Quay, wish: Wanted, repository: str, now: datetime) -> Past:
    return await past(quay, repository, wish.events, now - BACK, now, days=wish.days, steps=True)


def _messages(kept: Sequence[Event]) -> int:
    """How many cards the board would have made of them, in a channel where nothing else was told."""
    if len(kept) > FOLDED:
        return 0
    seats = Seats({}, (), {}, "")
    for number, event in enumerate(kept):
        told = Telling(event.model_copy(update={"recovered": False}), ("here",), str(number), delivery=number)
        seats.tell(heard(told))
    return len(seats.opened())


def _of_each_kind(kept: Sequence[Event], most: int) -> tuple[Event, ...]:
    """The newest of each kind, the newest first; as they would have come, and not as something found out later.

    `kept` is oldest first, and of a build its end last.
    """
    newest: dict[type[Event], Event] = {}
    for event in reversed(kept):
        newest.setdefault(type(event), event)
    return tuple(event.model_copy(update={"recovered": False}) for event in list(newest.values())[:most])
