"""Forgetting what is long over, a few rows at a time so that nobody waits long for the write lock."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, delete, exists, select

from bot.adapters.store.database import Database
from bot.adapters.store.tables import DONE, PARKED, SENT, cards, deliveries, outbox

CHUNK = 100  # rows in one transaction: a tenth of a second for small bodies, half a second for the largest ones

_UNUSED = ~exists().where(cards.c.outbox == outbox.c.id)


async def forget(database: Database, before: datetime) -> int:
    """Forget settled deliveries, cards and finished messages from before that time; gives the number of rows.

    What waits, what was set aside, and messages of a card that is kept stay. Cards go first: a message is kept as long
    as a card shows itself in it.
    """
    return (
        await _all(database, deliveries.c.id, deliveries.c.received_at, before, DONE)
        + await _all(database, cards.c.id, cards.c.touched_at, before)
        + await _all(database, outbox.c.id, outbox.c.sent_at, before, SENT, _UNUSED)
        + await _all(database, outbox.c.id, outbox.c.parked_at, before, PARKED, _UNUSED)
    )


async def _all(
    database: Database, key: Column[Any], time: Column[Any], before: datetime, *which: ColumnElement[bool]
) -> int:
    # Rows that somebody is working on are passed over (on PostgreSQL): the next sweep finds them.
    old = select(key).where(time < before, *which).order_by(time, key).limit(CHUNK).with_for_update(skip_locked=True)
    forgotten = 0
    while True:
        async with database.writing() as connection:
            numbers = (await connection.scalars(old)).all()
            await connection.execute(delete(key.table).where(key.in_(numbers)))
        forgotten += len(numbers)
        if len(numbers) < CHUNK:
            return forgotten
