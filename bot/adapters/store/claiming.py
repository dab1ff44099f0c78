"""Which outbox rows may be said now: lanes, leases and budgets together, in one transaction."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import budget
from bot.adapters.store.claims import free, take
from bot.adapters.store.columns import Instant
from bot.adapters.store.tables import LEASED, UNSENT, lanes, outbox
from bot.ports import Claim, Due
from bot.rules.pacing import AHEAD, EDIT, PACE, PER_MINUTE, SEARCH, Budget, Edit, before_posts, choose

MOST = 500  # channels that are looked at for first posts in one claim

_parent = outbox.alias("parent")
_away = outbox.alias("away")
_laned = outbox.outerjoin(lanes, lanes.c.channel == outbox.c.channel)
_unposted = outbox.c.ts.is_(None)
_LONG_AGO = literal(datetime(1970, 1, 1, tzinfo=UTC), Instant)
# A reply waits for the message below which it belongs, or for the one that tells it. What never comes is not missed.
_comes = [
    and_(one.c.ts.is_(None), one.c.parked_at.is_(None), one.c.sent_revision < one.c.revision)
    for one in (_parent, _away)
]
_too_early = (
    select(_parent.c.id)
    .select_from(_parent.outerjoin(_away, _away.c.id == _parent.c.gathered))
    .where(_parent.c.id == outbox.c.parent, _parent.c.ts.is_(None), or_(*_comes))
    .exists()
)
began: ColumnElement[Any] = case((outbox.c.sent_revision == 0, outbox.c.created_at), else_=outbox.c.changed_at)
"""When a row began to wait. One that another message told once, and that is to be told again, waits anew."""


async def claim(
    connection: AsyncConnection, limit: int, now: datetime, lease: timedelta, skip: Collection[str], edits: int
) -> Claim:
    """Lease one row of each channel that may be spoken to: first posts and as many edits as the budget allows."""
    posts, more_at = await _posts(connection, limit, now, skip)
    waiting = await _edits(connection, now)
    left = await budget.left(connection, EDIT, edits, now) if waiting else Budget(0)
    yielding = {row.channel for row in posts} & before_posts(waiting, now)
    busy = {*skip, *(row.channel for row in posts if row.channel not in yielding)}
    chosen = choose(waiting, left, now, busy=busy, most=limit - len(posts) + len(yielding))
    edited = {edit.channel for edit in waiting if edit.id in chosen.ids}
    wanted = [*(row.id for row in posts if row.channel not in edited), *chosen.ids][:limit]
    if not wanted:
        moments = (await connection.scalar(_soonest(now)), more_at, chosen.again)
        return Claim((), min((moment for moment in moments if moment is not None), default=None), chosen.scarce)
    rows = await take(connection, select(outbox).where(outbox.c.id.in_(wanted), UNSENT), outbox.c.id, now + lease)
    await budget.spend(connection, SEARCH, sum(row.ts is None and row.attempted_at is not None for row in rows), now)
    await budget.spend(connection, EDIT, sum(row.ts is not None for row in rows), now)
    dues = await _dues(connection, sorted(rows, key=lambda row: wanted.index(row.id)), now + lease)
    return Claim(dues, scarce=chosen.scarce)


async def _posts(
    connection: AsyncConnection, limit: int, now: datetime, skip: Collection[str]
) -> tuple[list[Any], datetime | None]:
    """The first never-posted row of each channel, and when there will be more because there may be more searches.

    Looking for one whose fate is unknown has a budget of its own. What comes after it does not wait for that.
    """
    heads = list(await connection.execute(_heads(now, outbox.c.channel.not_in(skip))))
    doubtful = [row for row in sorted(heads, key=_turn) if row.attempted_at is not None]
    more_at = None
    if doubtful:
        left = await budget.left(connection, SEARCH, PER_MINUTE, now)
        if surplus := {row.channel for row in doubtful[left.left :]}:
            more_at = left.more_at
            next_ones = _heads(now, outbox.c.channel.in_(surplus), outbox.c.attempted_at.is_(None))
            heads = [row for row in heads if row.channel not in surplus] + list(await connection.execute(next_ones))
    return sorted(heads, key=_turn)[:limit], more_at


def _turn(row: Any) -> tuple[datetime, int]:
    return row.since, row.id


def _heads(now: datetime, *which: ColumnElement[bool]) -> Select[Any]:
    # However often a row was put off: of those that are due the oldest goes first, so that a channel reads in order.
    first, since = func.min(outbox.c.id).label("first"), func.min(_believed(outbox.c.due_at, now)).label("since")
    ready = (UNSENT, _unposted, _ready(now) <= now, ~_too_early, _not_held(now), *which)
    each = select(first, since).select_from(_laned).where(*ready).group_by(outbox.c.channel).subquery()
    columns = (outbox.c.id, outbox.c.channel, outbox.c.attempted_at, each.c.since)
    heads = select(*columns).join(each, each.c.first == outbox.c.id)
    # If there are more than we can look at, those that need no search go on: there are few searches.
    return heads.order_by(outbox.c.attempted_at.is_not(None), each.c.since, outbox.c.id).limit(MOST)


def _ready(now: datetime) -> ColumnElement[Any]:
    """When a row may be said: neither it nor its channel has to wait any more."""
    free_at, due_at = _believed(lanes.c.free_at, now), _believed(outbox.c.due_at, now)
    return case((free_at > due_at, free_at), else_=due_at)


def _believed(moment: ColumnElement[Any], now: datetime) -> ColumnElement[Any]:
    """A time in the far future was noted by a clock that went wrong: it has long come."""
    return case((moment > now + AHEAD, _LONG_AGO), else_=moment)


def _not_held(now: datetime) -> ColumnElement[bool]:
    return outbox.c.channel.not_in(select(outbox.c.channel).where(and_(LEASED, not_(free(outbox, now)))))


async def _edits(connection: AsyncConnection, now: datetime) -> list[Edit]:
    """Every edit that waits, also those that are not due; of parked channels only those that may try."""
    times = {
        "changed_at": _believed(outbox.c.changed_at, now),
        "since": _believed(outbox.c.due_at, now),
        "ready_at": _ready(now),
    }
    columns = (outbox.c.id, outbox.c.channel, outbox.c.weight, func.coalesce(lanes.c.edited, false()).label("edited"))
    open_ = or_(lanes.c.parked_at.is_(None), _believed(lanes.c.free_at, now) <= now)
    waiting = select(*columns, *(time.label(name) for name, time in times.items())).select_from(_laned)
    rows = await connection.execute(waiting.where(UNSENT, outbox.c.ts.is_not(None), open_, _not_held(now)))
    return [Edit(**row._mapping) for row in rows]


def _soonest(now: datetime) -> Select[Any]:
    """When the next first post may be made, of those that may not be made yet."""
    ready = _ready(now)
    return select(func.min(ready)).select_from(_laned).where(UNSENT, _unposted, ready > now, _not_held(now))


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
        tried_at=row.tried_at if row.attempted_at is not None else None,
    )
