"""Messages that Slack should show."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, exists, func, select, update

from bot.adapters.store.claims import take
from bot.adapters.store.database import Database
from bot.adapters.store.tables import UNSENT, outbox
from bot.ports.store import Due


class SqlOutbox:
    """Implements ports.Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, *, skip: Collection[str] = ()
    ) -> tuple[Due, ...]:
        """Due rows, oldest first, at most one for each channel and none of the channels in `skip`.

        A channel of which another row is under lease is left alone too: two must not speak to it at once.
        """
        chosen = outbox.c.id.in_(_first_of_each_channel(limit, now, skip))
        wanted = select(outbox).where(chosen, UNSENT).order_by(outbox.c.due_at, outbox.c.id)
        async with self._database.writing() as connection:
            # Two claims at once could take two rows of one channel: neither would see the other's lease yet.
            await self._database.alone(connection, "outbox claim")
            rows = await take(connection, wanted, outbox.c.id, now + lease)
        return tuple(_due(row) for row in rows)

    async def attempting(self, row: int, now: datetime) -> None:
        """Remember that a post is about to be tried: from here on its fate may be unknown. Durable on return."""
        await self._change(_row(row).values(attempted_at=now, attempts=outbox.c.attempts + 1))

    async def sent(self, row: int, revision: int, ts: str, now: datetime) -> None:
        """Slack shows `revision` as message `ts`. A newer revision stays due.

        Word of an older revision than the one already shown (its lease had run out) changes nothing.
        """
        shown = _row(row).where(outbox.c.sent_revision <= revision)
        shown = shown.values(sent_revision=revision, ts=ts, sent_at=now, reason=None)
        await self._change(shown.values(attempted_at=None, attempts=0, lease_until=None))

    async def later(self, row: int, until: datetime, reason: str, *, posted: bool | None) -> None:
        """Try again after `until`. posted=False: surely not posted, so no search is needed; None: unknown."""
        delayed = _row(row).values(due_at=until, reason=reason, lease_until=None)
        await self._change(delayed.values(attempted_at=None) if posted is False else delayed)

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
    leased = outbox.alias("leased")
    busy = exists().where(leased.c.channel == outbox.c.channel, leased.c.lease_until > now)
    place = func.row_number().over(partition_by=outbox.c.channel, order_by=(outbox.c.due_at, outbox.c.id))
    due = select(outbox.c.id, outbox.c.due_at, place.label("place")).where(UNSENT, outbox.c.due_at <= now, ~busy)
    line = due.where(outbox.c.channel.not_in(skip)).subquery()
    return select(line.c.id).where(line.c.place == 1).order_by(line.c.due_at, line.c.id).limit(limit)


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
