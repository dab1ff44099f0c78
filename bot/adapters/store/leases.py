"""Who does what only one process may do: a row that is held for a while and has to be taken again."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.store.database import Database
from bot.adapters.store.tables import leases


class SqlLease:
    """Implements ports.Lease. Of two who reach for it at once the database lets one through, and the other sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, name: str, holder: str, now: datetime, span: timedelta) -> bool:
        """Take or renew the lease until `now + span`; False if somebody else holds it."""
        insert = postgresql.insert(leases) if self._database.postgres else sqlite.insert(leases)
        mine = insert.values(name=name, holder=holder, until=now + span)
        # One that ends later than anybody could have asked for now was taken by a clock that went wrong.
        free = or_(leases.c.until <= now, leases.c.until > now + 2 * span, leases.c.holder == holder)
        new = {"holder": mine.excluded.holder, "until": mine.excluded.until}
        taken = mine.on_conflict_do_update(index_elements=[leases.c.name], set_=new, where=free)
        async with self._database.writing() as connection:
            return (await connection.execute(taken.returning(leases.c.name))).first() is not None

    async def let_go(self, name: str, holder: str) -> None:
        """Give it back, if it is ours."""
        async with self._database.writing() as connection:
            await connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
