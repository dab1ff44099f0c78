"""What is suggested while somebody types: found once however often it is asked for, remembered for a moment, in time.

Slack asks at each pause between two keys and waits for three seconds. So nothing here ever raises or takes longer than
it is given: what is not there in time is found all the same, and is there for the next key.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from bot.domain.errors import BotError
from bot.ports import Clock

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

FRESH = timedelta(seconds=30)
STALE = timedelta(minutes=2)  # so old it may be if nothing newer comes in time
MOST = 2_000  # entries
AT_ONCE = 50  # questions to Quay


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

    async def of(
        self,
        key: Hashable,
        find: Callable[[], Awaitable[tuple[T, ...]]],
        *,
        may_ask: Callable[[], bool],
        patience: float,
    ) -> tuple[T, ...]:
        """What `find` finds, or has found a moment ago. Never raises; nothing if it is not there within `patience` s.

        Whoever asks the same while it is being looked for waits for the same answer. `may_ask` is asked before `find`
        is called.
        """
        if (fresh := self._found(key, FRESH)) is not None:
            return fresh
        task = self._asked.get(key)
        if task is None:
            if len(self._asked) >= AT_ONCE or not may_ask():
                return self._found(key, STALE) or ()
            task = self._asked[key] = asyncio.create_task(self._find(key, find))
        await asyncio.wait({task}, timeout=patience)
        found = task.result() if task.done() and not task.cancelled() else None
        return found if found is not None else self._found(key, STALE) or ()

    async def close(self) -> None:
        """Nobody waits any more."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find(self, key: Hashable, find: Callable[[], Awaitable[tuple[T, ...]]]) -> tuple[T, ...] | None:
        try:
            found = await find()
        except BotError as error:
            log.info("nothing_to_suggest", kind=type(error).__name__)
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
