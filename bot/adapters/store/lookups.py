"""What is to be looked up in Quay about webhooks that came."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, delete, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.claims import free, take
from bot.adapters.store.database import Database
from bot.adapters.store.pairs import pairs
from bot.adapters.store.tables import lookups
from bot.domain.subscriptions import Lookup, Sought

FEW = 16  # pairs of subscription and repository in one claim: more could not be asked about in one lease
_SAME = ("subscription", "channel", "repository", "delivery", "event", "at", "due_at", "last_at", "held", "known")


class SqlLookups:
    """Implements ports.Lookups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Lookup, ...]:
        """Those that are due, of few (subscription, repository) pairs: as many of one as there are, within `limit`.

        Pairs with something that is held come first, then those of which something has been due for the longest; each
        has the same share of `limit` as long as it has enough. What is claimed comes in the order in which it is due.
        """
        due = and_(lookups.c.due_at <= now, free(lookups, now))
        line = (lookups.c.due_at, lookups.c.id)
        pair, held = (lookups.c.subscription, lookups.c.repository), case((lookups.c.held, 1), else_=0)
        urgent = (func.max(held).desc(), func.min(lookups.c.due_at), *pair)
        first = select(*pair).where(due).group_by(*pair).order_by(*urgent).limit(FEW)
        async with self._database.writing() as connection:
            # Two claims at once would choose the same pairs, and one of them would come away with nothing.
            await self._database.alone(connection, "lookups claim")
            whose = [(row.subscription, row.repository) for row in await connection.execute(first)]
            if not whose:
                return ()
            asked = pairs(self._database, whose, Text())
            same = and_(lookups.c.subscription == asked.c.first, lookups.c.repository == asked.c.second)
            turn = func.row_number().over(partition_by=pair, order_by=(held.desc(), *line)).label("turn")
            turns = select(*line, turn).join(asked, same).where(due).subquery()
            mine = select(turns.c.id).order_by(turns.c.turn, turns.c.due_at, turns.c.id).limit(limit)
            numbers = (await connection.scalars(mine)).all()
            wanted = select(lookups).where(lookups.c.id.in_(numbers), due).order_by(*line)
            rows = await take(connection, wanted, lookups.c.id, now + lease)
        return tuple(_lookup(row) for row in rows)

    async def later(self, lookups_: Sequence[Lookup], until: datetime, *, looked: bool = True) -> None:
        """Look again then; `known` is stored, and one more try is counted if somebody has `looked`."""
        if not lookups_:
            return
        tries = lookups.c.tries + int(looked)
        again = {"due_at": until, "known": bindparam("found"), "tries": tries, "lease_until": null()}
        changed = update(lookups).where(lookups.c.id == bindparam("lookup")).values(**again)
        async with self._database.writing() as connection:
            await connection.execute(changed, [{"lookup": one.id, "found": one.known} for one in lookups_])

    async def done(self, ids: Collection[int]) -> None:
        """They are over."""
        async with self._database.writing() as connection:
            await forget(connection, ids)


async def queue(connection: AsyncConnection, lookups_: Sequence[Lookup]) -> None:
    """Queue lookups within a transaction."""
    rows = [{name: getattr(one, name) for name in _SAME} | {"sought": one.sought.value, "tries": 0} for one in lookups_]
    if rows:
        await connection.execute(lookups.insert(), rows)


async def forget(connection: AsyncConnection, ids: Collection[int]) -> int:
    """End lookups within a transaction. Gives how many of them were still there."""
    found = 0
    for some in chunks(dict.fromkeys(ids)):
        found += (await connection.execute(delete(lookups).where(lookups.c.id.in_(some)))).rowcount
    return found


def _lookup(row: Any) -> Lookup:
    copied = {name: getattr(row, name) for name in (*_SAME, "id", "tries")}
    return Lookup(sought=Sought(row.sought), **copied)
