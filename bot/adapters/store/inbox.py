"""Raw deliveries that wait to be worked on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from bot.adapters.store.claims import free, take
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import read_hooks
from bot.adapters.store.ledger import SqlLedger
from bot.adapters.store.retention import forget
from bot.adapters.store.tables import ASIDE, NEW, deliveries, hooks
from bot.ports.store import Aside, Delivery, Ledger


class SqlInbox:
    """Implements ports.Inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Delivery, ...]:
        """The oldest free deliveries; no other replica gets them before the lease runs out."""
        wanted = select(deliveries).where(NEW, free(deliveries, now)).order_by(deliveries.c.id).limit(limit)
        async with self._database.writing() as connection:
            rows = await take(connection, wanted, deliveries.c.id, now + lease)
            # A removed hook's deliveries are worked on like any other: they came while it was live.
            known = await read_hooks(connection, hooks.c.id.in_({row.hook for row in rows}))
        return tuple(Delivery(row.id, known[row.hook], row.body, row.received_at) for row in rows)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        """A transaction: commits at the end of the block, rolls back on an exception.

        Keep the block short and call nothing else of the store in it: on SQLite every other writer waits.
        """
        async with self._database.writing() as connection:
            yield SqlLedger(self._database, connection)

    async def aside(self, limit: int = 100) -> tuple[Aside, ...]:
        """What was set aside, newest first, without the bodies."""
        size = func.length(deliveries.c.body).label("size")
        about = select(deliveries.c.id, deliveries.c.hook, deliveries.c.reason, deliveries.c.received_at, size)
        found = about.where(ASIDE).order_by(deliveries.c.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(found)).all()
        return tuple(Aside(row.id, str(row.hook), row.reason, row.received_at, row.size) for row in rows)

    async def aside_body(self, delivery: int) -> bytes | None:
        """The body of a delivery that was set aside; None if there is none of that id."""
        if not 0 < delivery < 2**63:  # no id is larger, and no engine could look for one
            return None
        async with self._database.reading() as connection:
            body: bytes | None = await connection.scalar(
                select(deliveries.c.body).where(ASIDE, deliveries.c.id == delivery)
            )
        return body

    async def aside_count(self) -> int:
        """How many deliveries are set aside."""
        return await self._count(ASIDE)

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
