"""Times in which events may have been missed, one for each subscription and repository."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, null, select, update

from bot.adapters.store.claims import PATIENT, free, take
from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.subscription_rows import listed, unlisted
from bot.adapters.store.tables import gaps
from bot.domain.subscriptions import Gap

GROWS = timedelta(minutes=5)  # a gap that grows and grows is looked through after that, whatever comes


class SqlGaps:
    """Implements ports.Gaps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, gap: Gap) -> None:
        """A new one; if one of that subscription and target waits, they become one.

        That is due when the later of the two is, but not for ever: a notification that is switched off again and again
        makes it grow each time.
        """
        mine = and_(gaps.c.subscription == gap.subscription, gaps.c.target == gap.target)
        async with self._database.writing() as connection:
            # Of two who find none each would add one.
            await self._database.alone(connection, f"gap {clean(gap.subscription)} {clean(gap.target)}")
            row = (await connection.execute(select(gaps).where(mine).with_for_update())).first()
            if row is None:
                await connection.execute(gaps.insert().values(**_new(gap)))
            else:
                await connection.execute(update(gaps).where(gaps.c.id == row.id).values(**_grown(row, gap)))

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Gap, ...]:
        """Those that are due, the longest due first."""
        due = select(gaps).where(gaps.c.due_at <= now, free(gaps, now, PATIENT)).order_by(gaps.c.due_at, gaps.c.id)
        async with self._database.writing() as connection:
            rows = await take(connection, due.limit(limit), gaps.c.id, now + lease)
        return tuple(_gap(row) for row in rows)

    async def later(self, gap: Gap, until: datetime) -> None:
        """Look again then; one more try is counted."""
        again = {"due_at": until, "latest_at": until + GROWS, "tries": gaps.c.tries + 1, "lease_until": null()}
        async with self._database.writing() as connection:
            await connection.execute(update(gaps).where(gaps.c.id == gap.id).values(**again))

    async def close(self, gap: Gap) -> None:
        """It was looked through. If it has grown since it was claimed, it is looked through once more."""
        async with self._database.writing() as connection:
            await connection.execute(delete(gaps).where(gaps.c.id == gap.id, _unchanged(gap)))
            await connection.execute(update(gaps).where(gaps.c.id == gap.id).values(lease_until=null()))

    async def waiting(self, subscription: str) -> int:
        """How many of a subscription wait."""
        count = select(func.count()).select_from(gaps).where(gaps.c.subscription == subscription)
        async with self._database.reading() as connection:
            return await connection.scalar(count) or 0


def _new(gap: Gap) -> dict[str, Any]:
    return {
        "subscription": gap.subscription,
        "target": gap.target,
        "events": listed(gap.events),
        "since": gap.since,
        "until": gap.until,
        "due_at": gap.due_at,
        "latest_at": gap.due_at + GROWS,
        "tries": gap.tries,
    }


def _grown(row: Any, gap: Gap) -> Mapping[str, Any]:
    events = tuple(dict.fromkeys((*unlisted(row.events), *gap.events)))
    due = min(max(row.due_at, gap.due_at), row.latest_at)
    since, until = min(row.since, gap.since), max(row.until, gap.until)
    return {"events": listed(events), "since": since, "until": until, "due_at": due}


def _unchanged(gap: Gap) -> ColumnElement[bool]:
    same_time = and_(gaps.c.since == gap.since, gaps.c.until == gap.until)
    return and_(same_time, gaps.c.events == listed(gap.events))


def _gap(row: Any) -> Gap:
    names = ("subscription", "target", "since", "until", "due_at", "id", "tries")
    return Gap(events=unlisted(row.events), **{name: getattr(row, name) for name in names})
