"""Messages that Slack should show."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, case, func, literal, select, update

from bot.adapters.store import budget, claiming, gathering, lanes
from bot.adapters.store.columns import Instant
from bot.adapters.store.database import Database
from bot.adapters.store.tables import UNSENT, outbox
from bot.domain.late import Late, Pile
from bot.domain.messages import Outgoing
from bot.ports import Claim, Due, Rest
from bot.rules.pacing import PER_MINUTE

CLAIM = "outbox claim"
WORST = 50  # channels whose lag is told


class SqlOutbox:
    """Implements ports.Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, *, skip: Collection[str] = (), edits: int = PER_MINUTE
    ) -> Claim:
        """One due row of each channel that may be spoken to; none of those in `skip`.

        Of a channel, what was never posted goes first, in the order in which it was queued, however often it was put
        off: so a channel reads in order. A channel of which another row is under lease is left alone. Then edits, as
        many as the budget of the workspace allows (rules/pacing).
        """
        async with self._database.writing() as connection:
            # Two claims at once could take two rows of one channel, or the last call of a budget twice.
            await self._database.alone(connection, CLAIM)
            return await claiming.claim(connection, limit, now, lease, skip, edits)

    async def attempting(self, row: int, now: datetime) -> None:
        """Remember that a post is about to be tried: from here on its fate may be unknown. Durable on return.

        Of several tries of unknown fate the first counts: it is from there on that the message may be found.
        """
        first = func.coalesce(outbox.c.attempted_at, literal(now, Instant))
        await self._change(_row(row).values(attempted_at=first))

    async def found(self, row: int, ts: str) -> None:
        """A post of unknown fate is there after all, as message `ts`: what is left to do is an edit."""
        await self._change(_row(row).values(ts=ts, attempted_at=None, attempts=0, reason=None, lease_until=None))

    async def sent(self, row: int, revision: int, ts: str, now: datetime, rest: Rest | None = None) -> None:
        """Slack shows `revision` as message `ts`. A newer revision stays due. A parked channel is open again.

        Word of an older revision than the one already shown (its lease had run out) changes nothing in the row.
        """
        shown = _row(row).where(outbox.c.sent_revision <= revision)
        shown = shown.values(sent_revision=revision, ts=ts, sent_at=now, reason=None)
        await self._change(shown.values(attempted_at=None, attempts=0, lease_until=None), rest, opens=True)

    async def later(
        self,
        row: int,
        until: datetime,
        reason: str,
        *,
        posted: bool | None,
        resumable: bool = False,
        failed: bool = True,
        rest: Rest | None = None,
    ) -> None:
        """Try again after `until`. posted=False: surely not posted, so no search is needed; None: unknown.

        `resumable`: it waits only because Slack was away, and `resume` may bring it forward. failed=False: Slack only
        asked for patience, which counts as no failure.
        """
        delayed = _row(row).values(due_at=until, reason=reason, resumable=resumable, lease_until=None)
        delayed = delayed.values(attempts=outbox.c.attempts + int(failed))
        await self._change(delayed.values(attempted_at=None) if posted is False else delayed, rest)

    async def resume(self, now: datetime) -> int:
        """Slack answers again: what waited only for that is due at once. Gives the number of rows."""
        waiting = update(outbox).where(UNSENT, outbox.c.resumable, outbox.c.due_at > now)
        async with self._database.writing() as connection:
            await lanes.resume(connection, now)
            return (await connection.execute(waiting.values(due_at=now, resumable=False))).rowcount

    async def slow_down(self, method: str, now: datetime, after: float, usual: int = PER_MINUTE) -> None:
        """Slack refused a call of a method that all channels share: nobody calls it for `after` seconds, then fewer."""
        async with self._database.writing() as connection:
            await self._database.alone(connection, CLAIM)
            await budget.slow_down(self._database, connection, method, now, after, usual)

    async def park(self, row: int, reason: str, now: datetime) -> None:
        """Give up on it; it is kept with its reason."""
        await self._change(_row(row).values(parked_at=now, reason=reason, lease_until=None))

    async def park_lane(
        self, row: int, reason: str, now: datetime, probe: datetime, *, posted: bool | None = False
    ) -> datetime:
        """Slack refuses everything in the row's channel: all its rows wait, and one of them tries after `probe`.

        Gives the time since when the channel is parked, which is `now` unless it was parked already.
        """
        given_back = _row(row).values(reason=reason, lease_until=None)
        async with self._database.writing() as connection:
            kept = given_back.values(attempted_at=None) if posted is False else given_back
            found = await connection.execute(kept.returning(outbox.c.channel))
            return await lanes.park(self._database, connection, found.scalar_one(), reason, now, probe)

    async def open_lane(self, channel: str) -> bool:
        """Try a parked channel again at once; False if it is not parked."""
        async with self._database.writing() as connection:
            return await lanes.open_(connection, channel)

    async def late(self, row: Due, before: datetime, now: datetime) -> Pile:
        """What waits to be posted in the row's channel since `before`, the row itself included.

        Not what somebody else works on, nor what has a fate that is not known (but for the row: it was looked for).
        """
        async with self._database.reading() as connection:
            return await gathering.late(connection, row, before, now)

    async def gather(self, row: Due, away: Outgoing, pile: Pile, now: datetime) -> bool:
        """The message `away` tells everything in `pile`, in place of it. The row is given back.

        False, and nothing has changed, if one of them has changed meanwhile.
        """
        try:
            async with self._database.writing() as connection:
                await self._database.alone(connection, CLAIM)
                await gathering.gather(self._database, connection, row, away, pile, now)
        except gathering.Changed:
            return False
        return True

    async def needless(self, row: Due, now: datetime) -> None:
        """Nothing is left that this row would tell: it was never posted, and will not be."""
        same = _row(row.id).where(outbox.c.revision == row.revision, outbox.c.lease_until == row.lease)
        await self._change(same.values(sent_revision=row.revision, sent_at=now, reason=None, lease_until=None))

    async def told(self, away: int) -> Sequence[Late]:
        """What that message tells in place of others, oldest first."""
        async with self._database.reading() as connection:
            return await gathering.told(connection, away)

    async def waiting(self) -> int:
        """How many rows have something to say, those that are being said included."""
        async with self._database.reading() as connection:
            count = await connection.scalar(select(func.count()).select_from(outbox).where(UNSENT))
        return count or 0

    async def lag(self, now: datetime) -> Mapping[str, float]:
        """For how many seconds the oldest unsaid row of a channel waits, for the fifty channels where it is longest."""
        edit = case((outbox.c.due_at < outbox.c.changed_at, outbox.c.due_at), else_=outbox.c.changed_at)
        oldest = func.min(case((outbox.c.sent_revision == 0, outbox.c.created_at), else_=edit)).label("oldest")
        each = select(outbox.c.channel, oldest).where(UNSENT).group_by(outbox.c.channel).order_by(oldest).limit(WORST)
        async with self._database.reading() as connection:
            rows = (await connection.execute(each)).all()
        return {row.channel: max(0.0, (now - row.oldest).total_seconds()) for row in rows}

    async def _change(self, statement: Update, rest: Rest | None = None, *, opens: bool = False) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement)
            if rest is not None:
                await lanes.rest(self._database, connection, rest, opens=opens)


def _row(row: int) -> Update:
    return update(outbox).where(outbox.c.id == row)
