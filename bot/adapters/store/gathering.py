"""Many late messages of a channel become one: all of them or none, and none twice."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.claiming import began
from bot.adapters.store.claims import free
from bot.adapters.store.database import Database
from bot.adapters.store.queueing import queue, words
from bot.adapters.store.tables import UNSENT, cards, outbox
from bot.domain.late import SHOWN, Gatherer, Late, Pile
from bot.domain.messages import Outgoing
from bot.ports import Due
from bot.rules.lateness import PREFIX

MOST = 1000  # messages that are gathered in one transaction; the others follow

_waits = and_(UNSENT, outbox.c.ts.is_(None))
_alert = outbox.c.parent.is_(None)  # a reply belongs into its thread, and its card tells it all the same
_gathers = outbox.c.key.startswith(PREFIX)


class Changed(Exception):
    """One of the messages is not any more what it was when it was looked at."""


async def late(connection: AsyncConnection, row: Due, before: datetime, now: datetime) -> Pile:
    """As Outbox.late."""
    here = outbox.c.channel == row.channel
    certain = or_(outbox.c.id == row.id, and_(outbox.c.attempted_at.is_(None), free(outbox, now)))
    wanted = _about().where(_waits, _alert, here, ~_gathers, certain, began <= before).order_by(outbox.c.id).limit(MOST)
    found = await _read(connection, wanted)
    waiting = select(outbox.c.id, outbox.c.revision, outbox.c.key).where(_waits, here, _gathers)
    first = (await connection.execute(waiting.order_by(outbox.c.id).limit(1))).first()
    told = await gathered(connection, first.id) if first else []
    texts = await _texts(connection, [*found, *told])
    return Pile(_with(found, texts), _with(told, texts), Gatherer(*first) if first else None)


async def told(connection: AsyncConnection, away: int) -> tuple[Late, ...]:
    """As Outbox.told."""
    rows = await gathered(connection, away)
    return _with(rows, await _texts(connection, rows))


async def gathered(connection: AsyncConnection, away: int) -> list[Late]:
    """What that message tells in place of others, without their texts."""
    return await _read(connection, _about().where(outbox.c.gathered == away).order_by(outbox.c.id))


async def gather(
    database: Database, connection: AsyncConnection, row: Due, away: Outgoing, pile: Pile, now: datetime
) -> None:
    """As Outbox.gather. Raises Changed, which undoes the transaction."""
    if not await _locked(connection, row, pile):
        raise Changed
    mine = and_(outbox.c.id == row.id, outbox.c.lease_until == row.lease)
    certain = or_(mine, and_(outbox.c.id != row.id, outbox.c.attempted_at.is_(None), free(outbox, now)))
    if pile.into is None:
        number = (await queue(database, connection, [away], now)).get(away.key)
        if number is None:
            raise Changed
    else:
        number = await _turn(connection, pile.into, away, or_(mine, free(outbox, now)), row, now)
    same = tuple_(outbox.c.id, outbox.c.revision).in_([(one.id, one.revision) for one in pile.late])
    settled = update(outbox).where(same, _waits, certain)
    settled = settled.values(gathered=number, sent_revision=outbox.c.revision, sent_at=now, reason=None)
    changed = await connection.execute(settled.values(attempted_at=None, lease_until=None))
    if changed.rowcount != len(pile.late):
        raise Changed


async def _locked(connection: AsyncConnection, row: Due, pile: Pile) -> bool:
    """Whether nobody changes one of them right now. Nobody is waited for, so nobody waits in a circle."""
    ids = {row.id, *(one.id for one in pile.late)} | ({pile.into.id} if pile.into else set())
    held = await connection.scalars(select(outbox.c.id).where(outbox.c.id.in_(ids)).with_for_update(skip_locked=True))
    return len(held.all()) == len(ids)


async def _turn(
    connection: AsyncConnection,
    into: Gatherer,
    away: Outgoing,
    ours: ColumnElement[bool],
    row: Due,
    now: datetime,
) -> int:
    """The message that waits takes up more. If it is the row itself, it is given back."""
    turned = update(outbox).where(outbox.c.id == into.id, outbox.c.revision == into.revision, _waits, ours)
    turned = turned.values(payload=words(away.payload), weight=away.weight, revision=into.revision + 1, changed_at=now)
    if into.id == row.id:
        turned = turned.values(attempted_at=None)  # it was looked for and is not there
    if (await connection.execute(turned.values(lease_until=None))).rowcount != 1:
        raise Changed
    return into.id


def _about() -> Select[Any]:
    columns = (outbox.c.id, outbox.c.revision, outbox.c.weight, outbox.c.attempts, outbox.c.asker)
    about = select(*columns, began.label("since"), cards.c.family)
    return about.join(cards, cards.c.outbox == outbox.c.id, isouter=True)


async def _read(connection: AsyncConnection, wanted: Select[Any]) -> list[Late]:
    rows = await connection.execute(wanted)
    return [
        Late(row.id, row.revision, row.since, row.weight, row.family or "", row.attempts > 0, asker=row.asker)
        for row in rows
    ]


async def _texts(connection: AsyncConnection, rows: Iterable[Late]) -> dict[int, str]:
    """The words of the heaviest: no message lists more, and payloads are large."""
    heaviest = sorted(rows, key=lambda one: (-one.weight, one.since, one.id))[:SHOWN]
    wanted = select(outbox.c.id, outbox.c.payload).where(outbox.c.id.in_([one.id for one in heaviest]))
    return {row.id: str(json.loads(row.payload).get("text") or "") for row in await connection.execute(wanted)}


def _with(rows: Sequence[Late], texts: dict[int, str]) -> tuple[Late, ...]:
    return tuple(replace(row, text=texts.get(row.id, "")) for row in rows)
