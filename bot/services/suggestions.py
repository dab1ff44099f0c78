"""What is suggested while somebody types: found once however often it is asked for, remembered for a moment, in time.

Slack asks at each pause between two keys and waits for three seconds. So nothing here ever raises or takes longer than
it is given: what is not there in time is found all the same, and is there for the next key.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from bot.domain.errors import BotError, TryLater
from bot.ports import Clock

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

FRESH = timedelta(seconds=30)
STALE = timedelta(minutes=2)  # so old it may be if nothing newer comes in time
MOST = 2_000  # entries
AT_ONCE = 50  # questions to Quay, of everybody together
EACH = 4  # of them, of one person


@dataclass(frozen=True, slots=True)
class _Held(Generic[T]):
    found: tuple[T, ...]
    at: datetime


class Suggestions(Generic[T]):
    """Remembers what was found by a key, which has to name whose eyes saw it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[Hashable, _Held[T]] = OrderedDict()
        self._asked: dict[Hashable, asyncio.Task[tuple[T, ...] | None]] = {}
        self._busy: Counter[Hashable] = Counter()  # questions that are under way, by who asked them

    async def of(
        self,
        key: Hashable,
        find: Callable[[], Awaitable[tuple[T, ...]]],
        *,
        who: Hashable,
        patience: float,
    ) -> tuple[T, ...]:
        """What `find` finds, or has found a moment ago. Never raises; nothing if it is not there within `patience` s.

        Whoever asks the same while it is being looked for waits for the same answer. `who` asks only
        so much at once, or there would be no room for others. When `find` only fails now (TryLater), what was there a
        moment ago is shown; when it is told no, that is forgotten.
        """
        if (fresh := self._found(key, FRESH)) is not None:
            return fresh
        task = self._asked.get(key)
        if task is None:
            if len(self._asked) >= AT_ONCE or self._busy[who] >= EACH:
                return self._found(key, STALE) or ()
            task = self._asked[key] = asyncio.create_task(self._find(key, find))
            self._busy[who] += 1
            task.add_done_callback(lambda _: self._rests(who))
        await asyncio.wait({task}, timeout=patience)
        found = task.result() if task.done() and not task.cancelled() else None
        return found if found is not None else self._found(key, STALE) or ()

    async def close(self) -> None:
        """Nobody waits any more."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _rests(self, who: Hashable) -> None:
        self._busy[who] -= 1
        if not self._busy[who]:
            del self._busy[who]

    async def _find(self, key: Hashable, find: Callable[[], Awaitable[tuple[T, ...]]]) -> tuple[T, ...] | None:
        try:
            found = await find()
        except BotError as error:
            log.info("nothing_to_suggest", kind=type(error).__name__)
            if not isinstance(error, TryLater):  # Quay says no: what it said before is nothing for this person now
                self._held.pop(key, None)
            return None
        except Exception:  # somebody types: they can go on without it
            log.exception("suggestions_failed")
            return None
        finally:
            del self._asked[key]
        self._held[key] = _Held(found, self._clock.now())
        self._held.move_to_end(key)
        while len(self._held) > MOST:
            self._held.popitem(last=False)
        return found

    def _found(self, key: Hashable, life: timedelta) -> tuple[T, ...] | None:
        held = self._held.get(key)
        if held is None or self._clock.now() - held.at > life:
            return None
        return held.found
