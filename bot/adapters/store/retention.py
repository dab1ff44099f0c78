"""Forgetting what is long over, a few rows at a time so that nobody waits long for the write lock."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, delete, exists, select, tuple_

from bot.adapters.store.database import Database
from bot.adapters.store.tables import DONE, PARKED, SENT, card_names, cards, deliveries, entries, outbox, spent

CHUNK = 100  # rows in one transaction: a tenth of a second for small bodies, half a second for the largest ones

_UNUSED = ~exists().where(cards.c.outbox == outbox.c.id)
_SAID = ~exists().where(entries.c.card == cards.c.id)
_NAMELESS = ~exists().where(card_names.c.card == cards.c.id)


async def forget(database: Database, before: datetime) -> int:
    """Forget settled deliveries, cards, the trail and finished messages from before then; gives the number of rows.

    What waits, what was set aside, and messages of a card that is kept stay; so does the list of a card that is kept. A
    card goes after its names and its entries, a message after the card that shows itself in it.
    """
    card_left = exists().where(cards.c.id == entries.c.card, cards.c.touched_at >= before)
    return (
        await _all(database, deliveries.c.id, deliveries.c.received_at, before, DONE)
        + await _all(database, entries.c.id, entries.c.at, before, ~card_left)
        + await _names(database, before)
        + await _all(database, cards.c.id, cards.c.touched_at, before, _SAID, _NAMELESS)
        + await _all(database, outbox.c.id, outbox.c.sent_at, before, SENT, _UNUSED)
        + await _all(database, outbox.c.id, outbox.c.parked_at, before, PARKED, _UNUSED)
        + await _all(database, spent.c.id, spent.c.at, before)
    )


async def _all(
    database: Database, key: Column[Any], time: Column[Any], before: datetime, *which: ColumnElement[bool]
) -> int:
    old = select(key).where(time < before, *which).order_by(time, key).limit(CHUNK)
    return await _delete(database, old.with_for_update(skip_locked=True), key.table, key)


async def _names(database: Database, before: datetime) -> int:
    # The card is what is locked: whoever goes on with it right now keeps its names.
    both = (card_names.c.name, card_names.c.channel)
    old = select(*both).join(cards, and_(cards.c.id == card_names.c.card, cards.c.touched_at < before)).limit(CHUNK)
    return await _delete(database, old.with_for_update(of=cards, skip_locked=True), card_names, tuple_(*both))


async def _delete(database: Database, old: Select[Any], table: Table, key: ColumnElement[Any]) -> int:
    # Rows that somebody is working on are passed over (on PostgreSQL): the next sweep finds them.
    forgotten = 0
    while True:
        async with database.writing() as connection:
            rows = [row[0] if len(row) == 1 else tuple(row) for row in await connection.execute(old)]
            await connection.execute(delete(table).where(key.in_(rows)))
        forgotten += len(rows)
        if len(rows) < CHUNK:
            return forgotten
