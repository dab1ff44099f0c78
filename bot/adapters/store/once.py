"""A memory of ids that must have an effect only once."""

from datetime import datetime

from sqlalchemy import delete

from bot.adapters.store.database import Database
from bot.adapters.store.tables import seen


class SqlOnce:
    """Implements ports.Once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self, key: str, now: datetime) -> bool:
        """True the first time, False ever after (until it is swept away)."""
        async with self._database.writing() as connection:
            return await self._database.insert_new(connection, seen, key=key, at=now)

    async def sweep(self, before: datetime) -> None:
        """Forget the ids seen before that time."""
        async with self._database.writing() as connection:
            await connection.execute(delete(seen).where(seen.c.at < before))
