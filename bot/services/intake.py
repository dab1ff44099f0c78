"""Group commit: many callers, one fsync. A caller is answered only when its body is on disk."""

import asyncio
from dataclasses import dataclass, field

from bot.ports import Clock, Intake

BATCH = 256  # bodies in one transaction: enough to share an fsync, few enough to keep the wait of the last one short

TURNS = 8  # of the event loop, at most, before a batch is written


@dataclass(slots=True)
class GroupCommit:
    """Collects bodies while the previous batch is being written, and then writes them as one batch."""

    intake: Intake
    clock: Clock
    stored: asyncio.Event = field(default_factory=asyncio.Event)  # set after each batch: there is work
    arrivals: int = 0  # bodies stored since the start
    _waiting: list[tuple[str, bytes, asyncio.Future[bool]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None
    _crowd: int = 1  # how many were there lately

    async def keep(self, token_hash: str, body: bytes) -> bool:
        """Store one body durably; False when no live hook has that hash. Raises what the storage raises."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((token_hash, body, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._write_batch(batch)
                self._crowd = len(batch) + len(self._waiting)
        finally:
            self._writer = None

    async def _gather(self) -> None:
        """Let those come along who were answered by the last batch and are about to ask again: one fsync for all.

        Only turns of the event loop are waited for, a fraction of a millisecond, never a timer.
        """
        for _ in range(TURNS):
            if len(self._waiting) >= self._crowd:
                return
            await asyncio.sleep(0)

    async def _write_batch(self, batch: list[tuple[str, bytes, asyncio.Future[bool]]]) -> None:
        try:
            kept = await self.intake.keep([(token, body) for token, body, _ in batch], self.clock.now())
        except Exception as error:  # noqa: BLE001 - every caller of the batch is told, and decides
            for _, _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        self.arrivals += sum(kept)
        for (_, _, answer), one in zip(batch, kept, strict=True):
            if not answer.done():
                answer.set_result(one)
        self.stored.set()

    async def close(self) -> None:
        """Wait until everything that was accepted is written."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
