"""Questions to the trail about many events at once: what came, how often, and how many messages it made."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, distinct, func, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.tables import cards, entries, outbox
from bot.domain.digests import Happened
from bot.domain.trail import Verdict
from bot.ports import Received

TAGS = 5  # of one row of a summary
READ = 25  # entries from which these are taken
QUIET = "quiet hours"  # what the rules of quiet hours begin with

_SHOWN = entries.c.verdict.in_([Verdict.OPENED.value, Verdict.FOLDED.value])
_FILTERED = entries.c.verdict == Verdict.FILTERED.value
_QUIET = and_(_FILTERED, func.substr(entries.c.rule, 1, len(QUIET)) == QUIET)
# An event with many items makes many entries. What the bot found out by itself has no delivery, only its time.
_EVENT: ColumnElement[int] = func.coalesce(entries.c.delivery, -type_coerce(entries.c.at, BigInteger))


async def received(
    connection: AsyncConnection, channel: str, subject: str, kinds: Collection[str], since: datetime
) -> tuple[Received, ...]:
    """The entries of these kinds about it since then, oldest first."""
    columns = (entries.c.kind, entries.c.tags, entries.c.at, entries.c.delivery, entries.c.item, entries.c.data)
    mine = (entries.c.channel == channel, entries.c.subject == subject, entries.c.kind.in_(sorted(set(kinds))))
    wanted = select(*columns).where(*mine, entries.c.at >= since).order_by(entries.c.at, entries.c.id)
    return tuple(
        Received(
            row.kind,
            tuple(json.loads(row.tags)),
            row.at,
            row.delivery is not None,
            row.item or "",
            _finding(row.data),
        )
        for row in await connection.execute(wanted)
    )


async def happened(connection: AsyncConnection, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
    """How often each kind of event came about each subject, each event once; most frequent first.

    `since` belongs to the time, `until` does not. What only repeats something is left out.
    """
    time = and_(entries.c.channel == channel, entries.c.at >= since, entries.c.at < until)
    counts = (_times(_SHOWN).label("shown"), _times(_FILTERED).label("filtered"), _times(_QUIET).label("quiet"))
    group = (entries.c.subject, entries.c.kind)
    counted = select(*group, *counts).where(time, or_(_SHOWN, _FILTERED)).group_by(*group)
    rows = (await connection.execute(counted)).all()
    tags = await _tags(connection, time) if rows else {}
    found = (
        Happened(row.subject, row.kind, row.shown, row.filtered, row.quiet, tags.get((row.subject, row.kind), ()))
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (-one.shown - one.filtered, one.subject, one.kind)))


async def posted(connection: AsyncConnection, channel: str, subjects: Collection[str], since: datetime) -> int:
    """How many messages that were begun since then stand in the channel; one that gathers others is one."""
    own, shown = outbox.alias("own"), outbox.alias("shown")
    told = (
        entries.join(cards, cards.c.id == entries.c.card)
        .join(own, own.c.id == cards.c.outbox)
        .join(shown, shown.c.id == func.coalesce(own.c.gathered, own.c.id))
    )
    begun = and_(entries.c.verdict == Verdict.OPENED.value, entries.c.at >= since, shown.c.ts.is_not(None))
    messages: set[int] = set()
    for some in chunks(sorted(set(subjects))):
        about = and_(entries.c.channel == channel, entries.c.subject.in_(some), begun)
        messages |= set(await connection.scalars(select(shown.c.id).distinct().select_from(told).where(about)))
    return len(messages)


async def newest_kind(
    connection: AsyncConnection, channel: str, subject: str, kinds: Collection[str], at: datetime
) -> str:
    """The kind of the newest entry of these kinds about it in the channel before `at`, "" for none."""
    newest: list[tuple[datetime, int, str]] = []
    about = and_(entries.c.channel == channel, entries.c.subject == subject, entries.c.at < at)
    for kind in sorted(set(kinds)):  # one after the other: each is the end of a range of the index
        last = select(entries.c.at, entries.c.id).where(about, entries.c.kind == kind)
        rows = await connection.execute(last.order_by(entries.c.at.desc(), entries.c.id.desc()).limit(1))
        newest += [(row.at, row.id, kind) for row in rows]
    return max(newest)[2] if newest else ""


async def _tags(connection: AsyncConnection, time: ColumnElement[bool]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The first tags of what was shown, or would have been but for quiet hours."""
    group = (entries.c.subject, entries.c.kind)
    place = func.row_number().over(partition_by=group, order_by=entries.c.id).label("place")
    tagged = and_(time, or_(_SHOWN, _QUIET), entries.c.tags != "[]")
    first = select(*group, entries.c.tags, place).where(tagged).subquery()
    found: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in await connection.execute(select(first).where(first.c.place <= READ).order_by(first.c.place)):
        found[row.subject, row.kind].update(dict.fromkeys(json.loads(row.tags)))
    return {about: _few(tags) for about, tags in found.items()}


def _finding(data: str | None) -> str:
    """The name of a finding, out of the columns of an item; "" for other items."""
    return str(json.loads(data).get("vulnerability", "")) if data else ""


def _few(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(tags)[:TAGS]


def _times(which: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(distinct(case((which, _EVENT))))
