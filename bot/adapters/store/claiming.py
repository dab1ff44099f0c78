"""Which outbox rows may be said now: lanes, leases and budgets together, in one transaction."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import budget
from bot.adapters.store.claims import take
from bot.adapters.store.tables import LEASED, UNSENT, lanes, outbox
from bot.ports import Claim, Due
from bot.rules.pacing import EDIT, PACE, PER_MINUTE, SEARCH, Budget, Edit, choose

MOST = 500  # channels that are looked at for first posts in one claim

_parent = outbox.alias("parent")
_away = outbox.alias("away")
_laned = outbox.outerjoin(lanes, lanes.c.channel == outbox.c.channel)
_ready = case((lanes.c.free_at > outbox.c.due_at, lanes.c.free_at), else_=outbox.c.due_at)
_unposted = outbox.c.ts.is_(None)
# A reply waits for the message below which it belongs. One that will never come, or was told otherwise, is not missed.
_too_early = (
    select(_parent.c.id)
    .where(
        _parent.c.id == outbox.c.parent,
        _parent.c.ts.is_(None),
        _parent.c.parked_at.is_(None),
        _parent.c.sent_revision < _parent.c.revision,
    )
    .exists()
)
began: ColumnElement[Any] = case((outbox.c.sent_revision == 0, outbox.c.created_at), else_=outbox.c.changed_at)
"""When a row began to wait. One that another message told once, and that is to be told again, waits anew."""


@dataclass(frozen=True, slots=True)
class _Posts:
    ids: tuple[int, ...]
    channels: frozenset[str]
    searches: int
    again: datetime | None


async def claim(
    connection: AsyncConnection, limit: int, now: datetime, lease: timedelta, skip: Collection[str], edits: int
) -> Claim:
    """Lease one row of each channel that may be spoken to: first posts, then as many edits as the budget allows."""
    posts = await _posts(connection, limit, now, skip)
    waiting = await _edits(connection, now)
    left = await budget.left(connection, EDIT, edits, now) if waiting else Budget(0)
    room = limit - len(posts.ids)
    chosen = choose(waiting, left, now, busy={*skip, *posts.channels}, most=room)
    wanted = [*posts.ids, *chosen.ids]
    if not wanted:
        moments = (await connection.scalar(_soonest(now)), posts.again, chosen.again)
        return Claim((), min((moment for moment in moments if moment is not None), default=None))
    rows = await take(connection, select(outbox).where(outbox.c.id.in_(wanted), UNSENT), outbox.c.id, now + lease)
    await budget.spend(connection, SEARCH, posts.searches, now)
    await budget.spend(connection, EDIT, sum(row.ts is not None for row in rows), now)
    return Claim(await _dues(connection, sorted(rows, key=lambda row: wanted.index(row.id)), now + lease))


async def _posts(connection: AsyncConnection, limit: int, now: datetime, skip: Collection[str]) -> _Posts:
    """The first never-posted row of each channel. Looking for one whose fate is unknown has a budget of its own."""
    heads = sorted((await connection.execute(_heads(now, skip))).all(), key=lambda row: (row.since, row.id))
    again = None
    doubtful = [row.id for row in heads if row.attempted_at is not None]
    if doubtful:
        left = await budget.left(connection, SEARCH, PER_MINUTE, now)
        surplus = set(doubtful[left.left :])
        heads = [row for row in heads if row.id not in surplus]
        again = left.more_at if surplus else None
    heads = heads[:limit]
    searches = sum(row.attempted_at is not None for row in heads)
    return _Posts(tuple(row.id for row in heads), frozenset(row.channel for row in heads), searches, again)


def _heads(now: datetime, skip: Collection[str]) -> Select[Any]:
    # However often a row was put off: of those that are due the oldest goes first, so that a channel reads in order.
    first, since = func.min(outbox.c.id).label("first"), func.min(outbox.c.due_at).label("since")
    free = (UNSENT, _unposted, _ready <= now, ~_too_early, _not_held(now), outbox.c.channel.not_in(skip))
    each = select(first, since).select_from(_laned).where(*free).group_by(outbox.c.channel).subquery()
    columns = (outbox.c.id, outbox.c.channel, outbox.c.attempted_at, each.c.since)
    heads = select(*columns).join(each, each.c.first == outbox.c.id)
    # If there are more than we can look at, those that need no search go on: there are few searches.
    return heads.order_by(outbox.c.attempted_at.is_not(None), each.c.since, outbox.c.id).limit(MOST)


def _not_held(now: datetime) -> ColumnElement[bool]:
    return outbox.c.channel.not_in(select(outbox.c.channel).where(LEASED, outbox.c.lease_until > now))


async def _edits(connection: AsyncConnection, now: datetime) -> list[Edit]:
    """Every edit that waits, also those that are not due; of parked channels only those that may try."""
    columns = (outbox.c.id, outbox.c.channel, outbox.c.weight, outbox.c.changed_at, outbox.c.due_at)
    open_ = or_(lanes.c.parked_at.is_(None), lanes.c.free_at <= now)
    waiting = select(*columns, _ready.label("ready_at")).select_from(_laned)
    waiting = waiting.where(UNSENT, outbox.c.ts.is_not(None), open_, _not_held(now))
    rows = await connection.execute(waiting)
    return [Edit(row.id, row.channel, row.weight, row.changed_at, row.due_at, row.ready_at) for row in rows]


def _soonest(now: datetime) -> Select[Any]:
    """When the next first post may be made, of those that may not be made yet."""
    return select(func.min(_ready)).select_from(_laned).where(UNSENT, _unposted, _ready > now, _not_held(now))


async def _dues(connection: AsyncConnection, rows: Sequence[Any], lease: datetime) -> tuple[Due, ...]:
    about = select(lanes).where(lanes.c.channel.in_({row.channel for row in rows}))
    known = {row.channel: row for row in await connection.execute(about)}
    threads = await _threads(connection, {row.parent for row in rows if row.parent is not None})
    return tuple(_due(row, known.get(row.channel), threads, lease) for row in rows)


async def _threads(connection: AsyncConnection, parents: Iterable[int]) -> Mapping[int, str]:
    """Below which message a reply belongs: its parent, or the one that told it in the parent's place."""
    if not (wanted := list(parents)):
        return {}
    shown = func.coalesce(_parent.c.ts, _away.c.ts).label("ts")
    both = select(_parent.c.id, shown).select_from(_parent.outerjoin(_away, _away.c.id == _parent.c.gathered))
    rows = await connection.execute(both.where(_parent.c.id.in_(wanted)))
    return {row.id: row.ts for row in rows if row.ts is not None}


def _due(row: Any, lane: Any, threads: Mapping[int, str], lease: datetime) -> Due:
    return Due(
        id=row.id,
        key=row.key,
        channel=row.channel,
        payload=json.loads(row.payload),
        revision=row.revision,
        ts=row.ts,
        attempted_at=row.attempted_at,
        attempts=row.attempts,
        asker=row.asker,
        since=row.created_at if row.sent_revision == 0 else row.changed_at,
        lease=lease,
        thread=threads.get(row.parent, ""),
        pace=PACE if lane is None else timedelta(milliseconds=lane.pace),
        parked=lane is not None and lane.parked_at is not None,
    )
