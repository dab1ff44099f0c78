"""Group commit: many callers, one fsync. A caller is answered only when its body is on disk."""

import asyncio
from dataclasses import dataclass, field

from bot.ports import Clock, Intake

BATCH = 256  # bodies in one transaction: enough to share an fsync, few enough to keep the wait of the last one short


@dataclass(slots=True)
class GroupCommit:
    """Collects bodies while the previous batch is being written, and then writes them as one batch."""

    intake: Intake
    clock: Clock
    stored: asyncio.Event = field(default_factory=asyncio.Event)  # set after each batch: there is work
    arrivals: int = 0  # bodies stored since the start
    _waiting: list[tuple[str, bytes, asyncio.Future[bool]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None

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
                await asyncio.sleep(0)  # whoever has arrived already comes along: one fsync for all of them
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._write_batch(batch)
        finally:
            self._writer = None

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
