"""Whose turn it is: deliveries of all webhook URLs in turns, so that a flood on one of them delays no other."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.claims import free
from bot.adapters.store.tables import NEW, deliveries, hooks

LOOKED_AT = 300  # rows, to choose from


async def hooks_in_turn(connection: AsyncConnection, last: int, limit: int, now: datetime) -> list[int]:
    """At most `limit` hooks for which something waits: those after `last`, then those from the beginning.

    The index is jumped through from hook to hook, however much waits for each.
    """
    after = (await connection.scalars(_next_hooks(last, limit, now))).all()
    if len(after) == limit:
        return list(after)
    again = await connection.scalars(_next_hooks(-1, limit - len(after), now))
    return [*after, *(hook for hook in again if hook <= last)]


async def fair(connection: AsyncConnection, line: Sequence[int], limit: int, now: datetime) -> list[int]:
    """The oldest deliveries of each hook in line, as many of each as of any other as far as they last."""
    if not line:
        return []
    depth = 1 if len(line) >= limit else min(limit, 1 + LOOKED_AT // len(line))
    rows = await connection.execute(_oldest(line, depth, now).limit(limit))
    return [row.id for row in rows]


def _next_hooks(last: int, limit: int, now: datetime) -> Select[int]:
    waits = (NEW, free(deliveries, now))
    smallest = func.min(deliveries.c.hook)
    first = select(smallest.label("hook"), literal(1).label("place")).where(*waits, deliveries.c.hook > last)
    line = first.cte("line", recursive=True)
    following = select(smallest).where(*waits, deliveries.c.hook > line.c.hook).correlate(line).scalar_subquery()
    line = line.union_all(select(following, line.c.place + 1).where(line.c.hook.is_not(None), line.c.place < limit))
    return select(line.c.hook).where(line.c.hook.is_not(None)).order_by(line.c.place)


def _oldest(line: Sequence[int], depth: int, now: datetime) -> Select[int, int]:
    waits = (NEW, free(deliveries, now))
    smallest = select(func.min(deliveries.c.id)).where(*waits)
    first = smallest.where(deliveries.c.hook == hooks.c.id).correlate(hooks).scalar_subquery()
    heads = select(hooks.c.id.label("hook"), first.label("id"), literal(1).label("place")).where(hooks.c.id.in_(line))
    rows = heads.cte("rows", recursive=True)
    after = smallest.where(deliveries.c.hook == rows.c.hook, deliveries.c.id > rows.c.id).correlate(rows)
    more = select(rows.c.hook, after.scalar_subquery(), rows.c.place + 1)
    rows = rows.union_all(more.where(rows.c.id.is_not(None), rows.c.place < depth))
    return select(rows.c.place, rows.c.id).where(rows.c.id.is_not(None)).order_by(rows.c.place, rows.c.id)
