"""Forgetting what is long over, a few rows at a time so that nobody waits long for the write lock."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Column, ColumnElement, Select, Table, and_, delete, exists, func, select, tuple_

from bot.adapters.store.database import Database
from bot.adapters.store.tables import (
    ASIDE,
    DONE,
    PARKED,
    SENT,
    WAITS,
    approvals,
    baselines,
    card_names,
    cards,
    deliveries,
    entries,
    gaps,
    kept,
    links,
    lookups,
    outbox,
    recovered,
    spent,
    subscriptions,
)

log = structlog.stdlib.get_logger(__name__)

KEPT_ASIDE = 10_000  # bodies that were set aside: nobody reads more of them
KEPT_BYTES = 200 * 1024 * 1024  # of them all
CHUNK = 100  # rows in one transaction: a tenth of a second for small bodies, half a second for the largest ones

_UNUSED = ~exists().where(cards.c.outbox == outbox.c.id)
_SAID = ~exists().where(entries.c.card == cards.c.id)
_NAMELESS = ~exists().where(card_names.c.card == cards.c.id)


async def forget(database: Database, before: datetime) -> int:
    """Forget settled deliveries, cards, the trail and finished messages from before then; gives the number of rows.

    So are settled requests for approval with their votes, what is left of linking, and what subscriptions that are
    forgotten left behind. The audit is never forgotten.

    What waits and messages of a card that is kept stay; so does the list of a card that is kept. A card goes after its
    names and its entries, a message after the card that shows itself in it. What was set aside stays however old it is:
    the newest 10,000 bodies, 200 MB of them at most.
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
        + await _all(database, approvals.c.name, approvals.c.moved_at, before, ~WAITS)  # votes go with their request
        + await _all(database, links.c.id, links.c.expires_at, before)
        + await _all(database, kept.c.at, kept.c.at, before)
        + await _all(database, recovered.c.at, recovered.c.at, before)
        + await _of_nobody(database, before)
        + await _too_many_aside(database)
    )


async def _of_nobody(database: Database, before: datetime) -> int:
    """What belongs to subscriptions that are forgotten: somebody was at work for them when they were."""
    times = ((gaps.c.id, gaps.c.due_at), (lookups.c.id, lookups.c.due_at), (baselines.c.subscription, baselines.c.at))
    forgotten = 0
    for key, time in times:
        theirs = exists().where(subscriptions.c.name == time.table.c.subscription)
        forgotten += await _all(database, key, time, before, ~theirs)
    return forgotten


async def _too_many_aside(database: Database) -> int:
    last = await _first_too_many(database)
    if last is None:
        return 0
    key = deliveries.c.id
    old = select(key).where(ASIDE, key <= last).order_by(key).limit(CHUNK).with_for_update(skip_locked=True)
    forgotten = await _delete(database, old, deliveries, key)
    if forgotten:
        log.warning("dead_letters_dropped", count=forgotten, kept=KEPT_ASIDE, why="too many were set aside")
    return forgotten


async def _first_too_many(database: Database) -> int | None:
    """The newest of those that were set aside for which there is no room."""
    size = func.length(deliveries.c.body).label("size")
    newest = select(deliveries.c.id, size).where(ASIDE).order_by(deliveries.c.id.desc()).limit(KEPT_ASIDE + 1)
    async with database.reading() as connection:
        rows = (await connection.execute(newest)).all()
    room = KEPT_BYTES
    for place, row in enumerate(rows):
        room -= row.size
        if place == KEPT_ASIDE or room < 0:
            return int(row.id)
    return None


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
