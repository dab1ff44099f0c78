"""Summaries of channels: what was written in a time, and what quiet hours kept out; that is in one summary only."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    distinct,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.columns import microseconds
from bot.adapters.store.tables import WAITING, entries
from bot.domain.digests import Happened
from bot.domain.trail import Entry, Verdict

TAGS = 5  # of one row of a summary
READ = 25  # entries from which these are taken
QUIET = "quiet hours"  # what the rules of quiet hours begin with

_About = tuple[str, str]  # subject and kind

_SHOWN = entries.c.verdict.in_([Verdict.OPENED.value, Verdict.FOLDED.value])
BY_QUIET_HOURS = func.substr(func.coalesce(entries.c.rule, ""), 1, len(QUIET)) == QUIET
_FILTERED = and_(entries.c.verdict == Verdict.FILTERED.value, ~BY_QUIET_HOURS)
# An event with many items makes many entries. What the bot found out by itself has no delivery, only its time. A build
# counts once for each kind, however often it was heard of.
_BUILD = "build:"
_ALONE: ColumnElement[int] = func.coalesce(entries.c.delivery, -type_coerce(entries.c.at, BigInteger))
_EVENT = case((entries.c.item.startswith(_BUILD), entries.c.item), else_=cast(_ALONE, Text))


def kept_by_quiet_hours(entry: Entry) -> bool:
    """Does it wait for a summary once it is written?"""
    return entry.verdict is Verdict.FILTERED and entry.rule.startswith(QUIET)


async def waiting(connection: AsyncConnection, channels: Collection[str]) -> Mapping[str, datetime]:
    """Those of the channels for which something waits that quiet hours kept out, and since when."""
    found: dict[str, datetime] = {}
    first = func.min(entries.c.waits_since).label("first")
    for some in chunks(sorted(set(channels))):
        asked = select(entries.c.channel, first).where(WAITING, entries.c.channel.in_(some))
        found |= {row.channel: row.first for row in await connection.execute(asked.group_by(entries.c.channel))}
    return found


async def sum_up(connection: AsyncConnection, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
    """How often each kind of event came about each subject, each event once; most frequent first.

    What was shown and what filters kept out counts by when it was written: `since` belongs to the time, `until` does
    not. What quiet hours kept out counts whenever that was, if it is in no summary yet; with the end of the transaction
    it is in this one. What only repeats something is left out.
    """
    real = and_(entries.c.channel == channel, entries.c.test.is_(False))
    time = and_(real, entries.c.written_at >= since, entries.c.written_at < until)
    group = (entries.c.subject, entries.c.kind)
    counts = (_times(_SHOWN).label("shown"), _times(_FILTERED).label("filtered"))
    counted = select(*group, *counts).where(time, or_(_SHOWN, _FILTERED)).group_by(*group)
    written = {(row.subject, row.kind): row for row in await connection.execute(counted)}
    kept = await _taken(connection, channel)
    tags = await _shown_tags(connection, time) if written else {}
    found = []
    for about in written.keys() | kept.keys():
        row, rows = written.get(about), kept.get(about, [])
        shown, filtered = (row.shown, row.filtered) if row else (0, 0)
        quiet = len({_event(one) for one in rows})
        names = _few([*(one.tags for one in rows if one.tags != "[]")][:READ] + tags.get(about, []))
        subject, kind = about
        found.append(Happened(subject, kind, shown, filtered + quiet, quiet, names))
    return tuple(sorted(found, key=lambda one: (-one.shown - one.filtered, one.subject, one.kind)))


async def _taken(connection: AsyncConnection, channel: str) -> Mapping[_About, Sequence[Any]]:
    """What waits in the channel, in the order in which it was written; it waits no longer."""
    columns = (entries.c[name] for name in ("id", "subject", "kind", "tags", "delivery", "at", "item"))
    mine = update(entries).where(entries.c.channel == channel, WAITING).values(waits_since=None)
    found: defaultdict[_About, list[Any]] = defaultdict(list)
    rows = (await connection.execute(mine.returning(*columns))).all()
    for row in sorted(rows, key=lambda row: int(row.id)):
        found[row.subject, row.kind].append(row)
    return found


async def _shown_tags(connection: AsyncConnection, time: ColumnElement[bool]) -> dict[_About, list[str]]:
    """The tags (JSON) of the first entries that were shown."""
    group = (entries.c.subject, entries.c.kind)
    place = func.row_number().over(partition_by=group, order_by=entries.c.id).label("place")
    first = select(*group, entries.c.tags, place).where(time, _SHOWN, entries.c.tags != "[]").subquery()
    found: defaultdict[_About, list[str]] = defaultdict(list)
    for row in await connection.execute(select(first).where(first.c.place <= READ).order_by(first.c.place)):
        found[row.subject, row.kind].append(row.tags)
    return found


def _event(row: Any) -> str:
    """As _EVENT."""
    if row.item and row.item.startswith(_BUILD):
        return str(row.item)
    return str(row.delivery if row.delivery is not None else -microseconds(row.at))


def _few(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for some in tags for tag in json.loads(some)))[:TAGS]


def _times(which: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(distinct(case((which, _EVENT))))
