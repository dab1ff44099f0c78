"""The notice board: counts changes, wakes whoever waits for one, and keeps the panel's short log."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the panel's log. `at` is in Unix seconds."""

    at: float
    text: str


class Board:
    """One per demo. All calls come from the event loop's thread."""

    def __init__(self, *, clock: Callable[[], float] = time.time, keep: int = 60) -> None:
        self.version = 0
        self.closed = False
        self._clock = clock
        self._lines: deque[Line] = deque(maxlen=keep)
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The log, oldest first."""
        return tuple(self._lines)

    @property
    def waiting(self) -> int:
        """How many wait for a change at this moment."""
        return len(self._waiting)

    def tell(self, text: str) -> None:
        """Write a line into the log."""
        self._lines.append(Line(self._clock(), text))
        self.bump()

    def bump(self) -> None:
        """Say that something changed."""
        self.version += 1
        self._wake()

    async def changed(self, since: int) -> int:
        """Wait until the version differs from `since` or the board is closed; returns the version."""
        while self.version == since and not self.closed:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
        return self.version

    def close(self) -> None:
        """End every wait, now and from now on."""
        self.closed = True
        self._wake()

    async def close_streams(self, _app: object) -> None:
        """The same as a signal for aiohttp's `on_shutdown`."""
        self.close()

    def _wake(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
