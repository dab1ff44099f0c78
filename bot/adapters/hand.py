"""One thread that does one thing after another for the event loop, with the smallest possible hand-over.

An executor's hand-over (two futures and a condition for each call) would cost half as much again as the write itself.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE = 15.0  # seconds that are given to what is being done when everything ends
_Work = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Hand:
    """A worker thread, started at its first work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._asking: set[asyncio.Future[Any]] = set()

    async def do(self, work: Callable[[], T]) -> T:
        """Run `work` in the thread; returns or raises what it does.

        A caller that is cancelled waits for it all the same, because a thread cannot be stopped.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        try:
            return await self._asked(work)
        except asyncio.CancelledError:
            await self._asked(_nothing)  # done in turn: when this is done, the work is
            raise

    def _asked(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._asking.add(answer)
        self._queue.put((loop, answer, work))
        return answer

    async def close(self, patience: float = PATIENCE) -> bool:
        """Let what was given be done, then end the thread. Closing again does nothing.

        What takes longer than `patience` seconds is left alone: its callers get TimeoutError, the answer is False.
        """
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        self._queue.put(None)
        await asyncio.to_thread(thread.join, patience)
        if not thread.is_alive():
            return True
        for answer in tuple(self._asking):
            self._fail(answer, TimeoutError(f"the thread {thread.name} hangs"))
        return False

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            loop, answer, work = item
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - the caller gets it, whatever it is
                _tell(loop, self._fail, answer, error)
            else:
                _tell(loop, self._finish, answer, result)

    def _finish(self, answer: "asyncio.Future[T]", result: T) -> None:
        self._asking.discard(answer)
        if not answer.done():
            answer.set_result(result)

    def _fail(self, answer: "asyncio.Future[Any]", error: BaseException) -> None:
        self._asking.discard(answer)
        if not answer.done():
            answer.set_exception(error)


def _nothing() -> None:
    """No work."""


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *what: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(how, *what)
