"""Messages that may change later, by their keys: requests for approval, and what people did."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.queueing import queue
from bot.adapters.store.rewording import Rewording, reword
from bot.adapters.store.tables import outbox
from bot.domain.messages import Outgoing


class SqlNotices:
    """Implements ports.Notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def say(self, message: Outgoing, now: datetime) -> None:
        """Queue it, or change the words of the message with its key."""
        async with self._database.writing() as connection:
            await show(self._database, connection, message, now)


async def show(database: Database, connection: AsyncConnection, message: Outgoing, now: datetime) -> None:
    """Change the row with the message's key at once; if there is none, or it is forgotten, it is said anew."""
    row = await connection.scalar(select(outbox.c.id).where(outbox.c.key == clean(message.key)))
    if row is None:
        await queue(database, connection, [message], now)
    else:
        await reword(connection, [Rewording(row, message.payload, message.weight, urgent=True)], now)
