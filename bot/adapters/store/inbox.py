"""Raw deliveries that wait to be worked on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.claims import free, take
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import read_hooks
from bot.adapters.store.ledger import SqlLedger
from bot.adapters.store.retention import forget
from bot.adapters.store.tables import NEW, deliveries, hooks
from bot.adapters.store.turns import fair, hooks_in_turn
from bot.ports import Delivery, Ledger


class SqlInbox:
    """Implements ports.Inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = 0  # hook that had its turn

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Delivery, ...]:
        """The oldest free deliveries of each hook, hooks in turn; no other replica gets them before the lease runs out.

        However much waits for one hook, another one's delivery is among the next batches. A removed hook's deliveries
        are worked on like any other: they came while it was live.
        """
        async with self._database.writing() as connection:
            # Two claims at once would choose the same rows, and one of them would come away with nothing.
            await self._database.alone(connection, "inbox claim")
            chosen = await self._chosen(connection, limit, now)
            wanted = select(deliveries).where(deliveries.c.id.in_(chosen), NEW, free(deliveries, now))
            rows = await take(connection, wanted.order_by(deliveries.c.id), deliveries.c.id, now + lease)
            known = await read_hooks(connection, hooks.c.id.in_({row.hook for row in rows}))
        return tuple(Delivery(row.id, known[row.hook], row.body, row.received_at) for row in rows)

    async def release(self, deliveries_: Sequence[int]) -> None:
        """Give back what was claimed and not worked on, for whoever claims next. Only while the lease runs."""
        async with self._database.writing() as connection:
            mine = update(deliveries).where(deliveries.c.id.in_(deliveries_), NEW)
            await connection.execute(mine.values(lease_until=None))

    async def _chosen(self, connection: AsyncConnection, limit: int, now: datetime) -> Sequence[int]:
        few = select(deliveries.c.id).where(NEW, free(deliveries, now)).limit(limit + 1)
        waiting = (await connection.scalars(few)).all()
        if len(waiting) <= limit:  # everybody has a turn anyway
            return waiting
        line = await hooks_in_turn(connection, self._last, limit, now)
        self._last = line[-1] if line else self._last
        return await fair(connection, line, limit, now)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        """A transaction: commits at the end of the block, rolls back on an exception.

        Keep the block short and call nothing else of the store in it: on SQLite every other writer waits.
        """
        async with self._database.writing() as connection:
            yield SqlLedger(self._database, connection)

    async def sweep(self, before: datetime) -> int:
        """Forget what is over since before that time; gives the number of rows. See the port."""
        return await forget(self._database, before)

    async def waiting(self) -> int:
        """How many deliveries wait, those that are being worked on included."""
        return await self._count(NEW)

    async def _count(self, which: ColumnElement[bool]) -> int:
        async with self._database.reading() as connection:
            count = await connection.scalar(select(func.count()).select_from(deliveries).where(which))
        return count or 0
