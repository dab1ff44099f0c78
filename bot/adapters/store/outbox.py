"""Messages that Slack should show."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, case, func, literal, select, update

from bot.adapters.store.claims import take
from bot.adapters.store.database import Database
from bot.adapters.store.tables import LEASED, UNSENT, outbox
from bot.ports.store import Due


class SqlOutbox:
    """Implements ports.Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, *, skip: Collection[str] = ()
    ) -> tuple[Due, ...]:
        """One due row of each channel, the one that has waited longest first; none of the channels in `skip`.

        Of a channel, what was never posted goes first, in the order in which it was queued, however often it was put
        off: so a channel reads in order. Then edits, the one that has waited longest first: cards that change all the
        time hold up neither news nor each other. A channel of which another row is under lease is left alone too.
        """
        async with self._database.writing() as connection:
            # Two claims at once could take two rows of one channel: neither would see the other's lease yet.
            await self._database.alone(connection, "outbox claim")
            first = (await connection.scalars(_first_of_each_channel(limit, now, skip))).all()
            wanted = select(outbox).where(outbox.c.id.in_(first), UNSENT)
            rows = await take(connection, wanted, outbox.c.id, now + lease)
        return tuple(_due(row) for row in sorted(rows, key=lambda row: first.index(row.id)))

    async def attempting(self, row: int, now: datetime) -> None:
        """Remember that a post is about to be tried: from here on its fate may be unknown. Durable on return.

        Of several tries of unknown fate the first counts: it is from there on that the message may be found.
        """
        first = func.coalesce(outbox.c.attempted_at, literal(now, outbox.c.attempted_at.type))
        await self._change(_row(row).values(attempted_at=first, attempts=outbox.c.attempts + 1))

    async def sent(self, row: int, revision: int, ts: str, now: datetime) -> None:
        """Slack shows `revision` as message `ts`. A newer revision stays due.

        Word of an older revision than the one already shown (its lease had run out) changes nothing.
        """
        shown = _row(row).where(outbox.c.sent_revision <= revision)
        shown = shown.values(sent_revision=revision, ts=ts, sent_at=now, reason=None)
        await self._change(shown.values(attempted_at=None, attempts=0, lease_until=None))

    async def later(
        self, row: int, until: datetime, reason: str, *, posted: bool | None, resumable: bool = False
    ) -> None:
        """Try again after `until`. posted=False: surely not posted, so no search is needed; None: unknown.

        `resumable`: it waits only because Slack was away, and `resume` may bring it forward.
        """
        delayed = _row(row).values(due_at=until, reason=reason, resumable=resumable, lease_until=None)
        await self._change(delayed.values(attempted_at=None) if posted is False else delayed)

    async def resume(self, now: datetime) -> int:
        """Slack answers again: what waited only for that is due at once. Gives the number of rows."""
        waiting = update(outbox).where(UNSENT, outbox.c.resumable, outbox.c.due_at > now)
        async with self._database.writing() as connection:
            return (await connection.execute(waiting.values(due_at=now, resumable=False))).rowcount

    async def park(self, row: int, reason: str, now: datetime) -> None:
        """Give up on it; it is kept with its reason."""
        await self._change(_row(row).values(parked_at=now, reason=reason, lease_until=None))

    async def waiting(self) -> int:
        """How many rows have something to say, those that are being said included."""
        async with self._database.reading() as connection:
            count = await connection.scalar(select(func.count()).select_from(outbox).where(UNSENT))
        return count or 0

    async def _change(self, statement: Update) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement)


def _row(row: int) -> Update:
    return update(outbox).where(outbox.c.id == row)


def _first_of_each_channel(limit: int, now: datetime, skip: Collection[str]) -> Select[tuple[int]]:
    busy = select(outbox.c.channel).where(LEASED, outbox.c.lease_until > now)
    unposted = case((outbox.c.ts.is_(None), outbox.c.id))  # no number for edits, which come after
    order = (outbox.c.ts.is_not(None), unposted, outbox.c.due_at, outbox.c.id)
    place = func.row_number().over(partition_by=outbox.c.channel, order_by=order).label("place")
    since = func.min(outbox.c.due_at).over(partition_by=outbox.c.channel).label("since")
    due = select(outbox.c.id, since, place).where(UNSENT, outbox.c.due_at <= now)
    free = due.where(outbox.c.channel.not_in(busy), outbox.c.channel.not_in(skip)).subquery()
    return select(free.c.id).where(free.c.place == 1).order_by(free.c.since, free.c.id).limit(limit)


def _due(row: Any) -> Due:
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
    )
