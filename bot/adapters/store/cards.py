"""Cards in their tables, many at a time: found by their names, opened, turned and named."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Text, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.pairs import pairs
from bot.adapters.store.queueing import queue
from bot.adapters.store.rewording import Rewording, reword
from bot.adapters.store.tables import card_names, cards, entries, outbox
from bot.ports import Opened, StoredCard, Turned

CHUNK = 1000  # values in one question: far below what either engine takes

Pair = tuple[str, str]
T = TypeVar("T")


async def find_cards(
    database: Database, connection: AsyncConnection, wanted: Collection[Pair], everywhere: Collection[str]
) -> dict[Pair, StoredCard]:
    """The cards under these (name, channel) pairs, and under the names `everywhere` in any channel. Locks them.

    The names have to be locked before. Cards are locked in the order of their ids, so nobody waits in a circle.
    """
    spelled = {(clean(name), clean(channel)): (name, channel) for name, channel in wanted}
    names = {clean(name): name for name in everywhere}
    places: dict[Pair, int] = {}
    if spelled:
        asked = pairs(database, spelled, Text())
        same = and_(card_names.c.name == asked.c.first, card_names.c.channel == asked.c.second)
        rows = await connection.execute(select(card_names).join(asked, same))
        places |= {spelled[row.name, row.channel]: row.card for row in rows}
    for few in chunks(names):
        rows = await connection.execute(select(card_names).where(card_names.c.name.in_(few)))
        places |= {(names[row.name], row.channel): row.card for row in rows}
    held: dict[int, StoredCard] = {}
    for numbers in chunks(sorted(set(places.values()))):
        held |= await _locked(connection, numbers)
    return {place: held[card] for place, card in places.items() if card in held}


async def _locked(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, StoredCard]:
    joined = select(cards, outbox.c.key).join(outbox, outbox.c.id == cards.c.outbox).where(cards.c.id.in_(numbers))
    rows = await connection.execute(joined.order_by(cards.c.id).with_for_update(of=cards))
    return {row.id: StoredCard(**row._mapping) for row in rows}


async def telling(connection: AsyncConnection, delivery: int, channel: str) -> StoredCard | None:
    """The newest card that tells that delivery in the channel. Locks it."""
    told = and_(entries.c.delivery == delivery, entries.c.channel == channel, entries.c.card.is_not(None))
    number = await connection.scalar(select(entries.c.card).where(told).order_by(entries.c.id.desc()).limit(1))
    return None if number is None else (await _locked(connection, [number])).get(number)


async def open_cards(
    database: Database, connection: AsyncConnection, opened: Sequence[Opened], now: datetime
) -> list[StoredCard | None]:
    """Queue the messages and start the cards; nothing where a message with that key was queued before."""
    rows = await queue(database, connection, [one.outgoing for one in opened], now)
    # Of two with one key the first is meant.
    new = {rows[one.outgoing.key]: one for one in reversed(opened) if one.outgoing.key in rows}
    if not new:
        return [None] * len(opened)
    values = [
        {"channel": one.outgoing.channel, "family": one.family, "state": one.state, "outbox": row}
        | {"opened_at": now, "touched_at": now, "layout": one.layout}
        for row, one in reversed(new.items())
    ]
    insert = cards.insert().returning(cards.c.outbox, cards.c.id)
    numbers = {row.outbox: row.id for row in await connection.execute(insert, values)}
    started = {id(one): _started(one, numbers[row], row, now) for row, one in new.items()}
    return [started.get(id(one)) for one in opened]


def _started(one: Opened, number: int, row: int, now: datetime) -> StoredCard:
    message = one.outgoing
    return StoredCard(number, message.channel, one.family, one.state, row, message.key, now, now, one.layout)


async def turn_cards(connection: AsyncConnection, turned: Sequence[Turned], now: datetime) -> None:
    """Store new states and queue the edits (or the changed first posts, where those still wait); see `reword`."""
    if not turned:
        return
    state = update(cards).where(cards.c.id == bindparam("card")).values(state=bindparam("now"), touched_at=now)
    await connection.execute(state, [{"card": one.card.id, "now": one.state} for one in turned])
    rewordings = [Rewording(one.card.outbox, one.payload, one.weight, one.urgent) for one in turned]
    await reword(connection, rewordings, now)


async def name_cards(database: Database, connection: AsyncConnection, names: Collection[tuple[str, str, int]]) -> None:
    """From now on (name, channel) leads to that card."""
    rows = {(clean(name), clean(channel)): card for name, channel, card in names}
    if rows:
        values = [{"name": name, "channel": channel, "card": card} for (name, channel), card in rows.items()]
        await connection.execute(database.overwriting(card_names, "card"), values)


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values, at most CHUNK at a time."""
    rest = iter(values)
    while some := list(islice(rest, CHUNK)):
        yield some
