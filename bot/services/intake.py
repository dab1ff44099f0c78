"""Group commit: many callers, one fsync. A caller is answered only when its body is on disk.

If the database does not take a batch, or takes too long, the batch goes to the shelter, and is answered all the same.
"""

import asyncio
from dataclasses import dataclass, field
from itertools import accumulate

import structlog

from bot.domain.errors import BotError
from bot.ports import Clock, Intake
from bot.services.shelter import Shelter

log = structlog.stdlib.get_logger(__name__)

BATCH = 256  # bodies in one transaction: enough to share an fsync, few enough to keep the wait of the last one short

MOST = 4 * 1024 * 1024  # bytes of them, for the same reason; one body may always go

TURNS = 8  # of the event loop, at most, before a batch is written

PATIENCE = 4.0  # seconds for a batch: Quay waits ten for its answer (quay facts §1.3)

Ask = tuple[str, bytes, "asyncio.Future[bool]"]
Overdue = tuple[list[Ask], "asyncio.Task[bool]"]  # a batch, and the writer in which it hangs


@dataclass(slots=True)
class GroupCommit:
    """Collects bodies while the previous batch is being written, and then writes them as one batch."""

    intake: Intake
    clock: Clock
    stored: asyncio.Event = field(default_factory=asyncio.Event)  # set after each batch: there is work
    shelter: Shelter | None = None
    patience: float = PATIENCE
    arrivals: int = 0  # bodies accepted since the start
    _waiting: list[Ask] = field(default_factory=list)
    _writer: asyncio.Task[bool] | None = None
    _crowd: int = 1  # how many were there lately

    async def keep(self, token_hash: str, body: bytes) -> bool:
        """Store one body durably; False when no live hook has that hash. Raises what the storage raises."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((token_hash, body, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await answer

    async def _write(self, overdue: Overdue | None = None) -> bool:
        """Write until nobody waits, or until a batch hangs: then another writer begins, with the overdue batch.

        True if the last batch was stored after that.
        """
        try:
            if overdue is not None:
                await self._put_off(*overdue)
            while self._waiting:
                await self._gather()
                batch = _together(self._waiting)
                self._waiting = self._waiting[len(batch) :]
                if self.shelter is not None and self.shelter.away:
                    await self._put_off(batch)
                else:
                    stored = await self._write_batch(batch)
                    if not self._writing():
                        return stored
                self._crowd = len(batch) + len(self._waiting)
            return False
        finally:
            if self._writing():
                self._writer = None

    def _writing(self) -> bool:
        return self._writer is asyncio.current_task()

    async def _gather(self) -> None:
        """Let those come along who were answered by the last batch and are about to ask again: one fsync for all.

        Only turns of the event loop are waited for, a fraction of a millisecond, never a timer.
        """
        for _ in range(TURNS):
            if len(self._waiting) >= self._crowd:
                return
            await asyncio.sleep(0)

    async def _write_batch(self, batch: list[Ask]) -> bool:
        """True if it is stored. Its callers are answered, unless another writer has taken over."""
        bodies = [(token, body) for token, body, _ in batch]
        alarm = asyncio.get_running_loop().call_later(self.patience, self._hand_over, batch) if self.shelter else None
        trouble: Exception | None = None
        kept: list[bool] = []
        try:
            kept = await self.intake.keep(bodies, self.clock.now())
        except Exception as error:  # noqa: BLE001 - see `_not_stored`
            trouble = error
        finally:
            if alarm is not None:
                alarm.cancel()
        if not self._writing():
            return trouble is None
        if trouble is not None:
            await self._not_stored(batch, trouble)
            return False
        self.arrivals += sum(kept)
        for (_, _, answer), one in zip(batch, kept, strict=True):
            if not answer.done():
                answer.set_result(one)
        self.stored.set()
        return True

    def _hand_over(self, batch: list[Ask]) -> None:
        """The batch takes too long: leave the writer with it alone, and let another one go on."""
        assert self.shelter is not None  # noqa: S101 - without one nobody calls this
        assert self._writer is not None  # noqa: S101 - it has not come back yet
        self.shelter.leave(f"a batch was not stored within {self.patience:g} s")
        self._writer = asyncio.create_task(self._write((batch, self._writer)))

    async def _not_stored(self, batch: list[Ask], error: Exception) -> None:
        if self.shelter is None:
            _refuse(batch, error)
            return
        if not isinstance(error, BotError):
            log.error("batch_not_stored", exc_info=error)
        self.shelter.leave(str(error))
        await self._put_off(batch)

    async def _put_off(self, batch: list[Ask], late: "asyncio.Task[bool] | None" = None) -> None:
        """Bring the batch to the shelter. `late` is the writer that may store it yet."""
        assert self.shelter is not None  # noqa: S101 - without one nobody calls this
        try:
            outcomes = await self.shelter.keep([(token, body) for token, body, _ in batch])
        except Exception as error:  # noqa: BLE001 - every caller of the batch is told, and decides
            _refuse(batch, error)
            return
        kept = [outcome for outcome in outcomes if isinstance(outcome, str)]
        if late is not None:
            self.shelter.doubt(late, kept)
        self.arrivals += len(kept)
        for ask, outcome in zip(batch, outcomes, strict=True):
            if not isinstance(outcome, str):
                _refuse([ask], outcome)
            elif not ask[2].done():
                ask[2].set_result(True)

    async def close(self) -> None:
        """Wait until everything that was accepted is written, to the database or to the local disk."""
        while self._writer is not None:
            await asyncio.wait([self._writer], timeout=self.patience)  # there may be another one then


def _together(waiting: list[Ask]) -> list[Ask]:
    """Those at the head of the line that share a transaction."""
    sizes = accumulate(len(body) for _, body, _ in waiting[:BATCH])
    return waiting[: max(1, sum(size <= MOST for size in sizes))]


def _refuse(batch: list[Ask], error: Exception) -> None:
    for _, _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
