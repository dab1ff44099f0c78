"""Questions to the trail about many events at once: what came, and how many messages it made."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.summaries import BY_QUIET_HOURS
from bot.adapters.store.tables import cards, deliveries, entries, outbox
from bot.domain.trail import Verdict
from bot.ports import Received

# What no filter of a subscription has kept out: quiet hours are the channel's.
_OF_ALL = or_(entries.c.verdict != Verdict.FILTERED.value, BY_QUIET_HOURS)
_RECEIVED = (
    *(entries.c.kind, entries.c.tags, entries.c.at, entries.c.delivery, entries.c.item, entries.c.data),
    *(entries.c.subscription, deliveries.c.hook),
)


async def received(
    connection: AsyncConnection,
    channel: str,
    subject: str,
    kinds: Collection[str],
    since: datetime,
    subscription: str = "",
) -> tuple[Received, ...]:
    """The entries of these kinds about it since then, oldest first.

    With a subscription, what others kept out is left out, unless quiet hours did it: those are the channel's.
    """
    mine = [entries.c.channel == channel, entries.c.subject == subject, entries.c.kind.in_(sorted(set(kinds)))]
    if subscription:
        mine.append(or_(_OF_ALL, entries.c.subscription == subscription))
    came = entries.join(deliveries, deliveries.c.id == entries.c.delivery, isouter=True)
    wanted = select(*_RECEIVED).select_from(came).where(*mine, entries.c.at >= since)
    return tuple(
        Received(
            row.kind,
            tuple(json.loads(row.tags)),
            row.at,
            row.delivery is not None,
            row.item or "",
            _finding(row.data),
            row.subscription or (str(row.hook) if row.hook else ""),
        )
        for row in await connection.execute(wanted.order_by(entries.c.at, entries.c.id))
    )


async def posted(
    connection: AsyncConnection, channel: str, subjects: Collection[str], since: datetime, subscription: str
) -> int:
    """How many messages that were begun since then stand in the channel; one that gathers others is one.

    With `subscription`, those that it brought.
    """
    own, shown = outbox.alias("own"), outbox.alias("shown")
    told = (
        entries.join(cards, cards.c.id == entries.c.card)
        .join(own, own.c.id == cards.c.outbox)
        .join(shown, shown.c.id == func.coalesce(own.c.gathered, own.c.id))
    )
    begun = and_(entries.c.verdict == Verdict.OPENED.value, entries.c.at >= since, shown.c.ts.is_not(None))
    if subscription:
        begun = and_(begun, entries.c.subscription == subscription)
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


def _finding(data: str | None) -> str:
    """The name of a finding, out of the columns of an item; "" for other items."""
    return str(json.loads(data).get("vulnerability", "")) if data else ""
