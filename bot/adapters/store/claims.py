"""Claiming rows of a table with a lease: until it runs out they belong to one process."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Table, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST = timedelta(minutes=2)  # no lease is that long: one that is was given by a clock that went wrong
PATIENT = timedelta(minutes=30)  # the same for what takes many calls to Quay


def free(table: Table, now: datetime, longest: timedelta = LONGEST) -> ColumnElement[bool]:
    """Nobody works on the row, or whoever did has not come back in time. Leases are shorter than `longest`."""
    lease = table.c.lease_until
    return or_(lease.is_(None), lease <= now, lease > now + longest)


async def take(
    connection: AsyncConnection, wanted: Select[Any], key: Column[Any], until: datetime, **also: Any
) -> Sequence[Row[Any]]:
    """Lease the rows that `wanted` finds and return them as they were before. `also` is set with the lease.

    On PostgreSQL rows that another transaction holds are passed over; SQLite lets one writer in at a time anyway.
    """
    rows: Sequence[Row[Any]] = (await connection.execute(wanted.with_for_update(skip_locked=True))).all()
    if rows:
        mine = key.in_([getattr(row, key.name) for row in rows])
        await connection.execute(update(key.table).where(mine).values(lease_until=until, **also))
    return rows
