"""Messages that Slack should show."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, case, func, literal, null, select, update

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
        many as the budget of the workspace allows; one that has waited for long takes turns with the posts of its
        channel (rules/pacing).
        """
        async with self._database.writing() as connection:
            # Two claims at once could take two rows of one channel, or the last call of a budget twice.
            await self._database.alone(connection, CLAIM)
            return await claiming.claim(connection, limit, now, lease, skip, edits)

    async def attempting(self, row: Due, now: datetime) -> bool:
        """Remember that a post is about to be tried: from here on its fate may be unknown. Durable on return.

        False: the row is not ours any more, or Slack shows it already. Of several tries of unknown fate the first and
        the last are kept: it is between them, or soon after, that the message may be found.
        """
        first = func.coalesce(outbox.c.attempted_at, literal(now, Instant))
        unsaid = _ours(row).where(outbox.c.sent_revision < row.revision)
        return await self._change(row, unsaid.values(attempted_at=first, tried_at=now))

    async def found(self, row: Due, ts: str) -> None:
        """A post of unknown fate is there after all, as message `ts`: what is left to do is an edit."""
        there = _ours(row).values(ts=ts, attempted_at=None, attempts=0, reason=None, lease_until=None)
        await self._change(row, there)

    async def sent(self, row: Due, ts: str, now: datetime, rest: Rest | None = None) -> None:
        """Slack shows the row's revision as message `ts`. A newer revision stays due. A parked channel is open again.

        It is noted even if the lease had run out; but then whoever has the row now keeps it. Word of an older revision
        than the one already shown changes nothing in the row.
        """
        shown = _row(row).where(outbox.c.sent_revision <= row.revision)
        shown = shown.values(sent_revision=row.revision, ts=ts, sent_at=now, reason=None, attempts=0)
        kept = {name: case((_lease(row), null()), else_=outbox.c[name]) for name in ("attempted_at", "lease_until")}
        await self._change(row, shown.values(**kept), rest, opens=True)

    async def later(
        self,
        row: Due,
        until: datetime | None,
        reason: str,
        *,
        posted: bool | None,
        resumable: bool = False,
        failed: bool = True,
        rest: Rest | None = None,
    ) -> None:
        """Try again after `until`; None: as soon as its turn comes, and it keeps its place and its age.

        posted=False: surely not posted, so no search is needed; None: unknown.
        `resumable`: it waits only because Slack was away, and `resume` may bring it forward. failed=False: Slack only
        asked for patience, which counts as no failure.
        """
        delayed = _ours(row).values(reason=reason, resumable=resumable, lease_until=None)
        delayed = delayed.values(attempts=outbox.c.attempts + int(failed))
        if until is not None:
            delayed = delayed.values(due_at=until)
        await self._change(row, delayed.values(attempted_at=None) if posted is False else delayed, rest)

    async def resume(self, now: datetime) -> int:
        """Slack answers again: what waited only for that is due at once. Gives the number of rows."""
        waiting = (UNSENT, outbox.c.resumable, outbox.c.due_at > now)
        first = select(outbox.c.id).where(*waiting).order_by(outbox.c.id + 0)  # else SQLite reads all in that order
        async with self._database.writing() as connection:
            # Rows before lanes, and both in one order, like everybody else: so nobody waits in a circle.
            await connection.execute(first.with_for_update())
            resumed = await connection.execute(update(outbox).where(*waiting).values(due_at=now, resumable=False))
            await lanes.resume(connection, now)
        return resumed.rowcount

    async def slow_down(self, method: str, now: datetime, after: float, usual: int = PER_MINUTE) -> None:
        """Slack refused a call of a method that all channels share: nobody calls it for `after` seconds, then fewer."""
        async with self._database.writing() as connection:
            await self._database.alone(connection, CLAIM)
            await budget.slow_down(self._database, connection, method, now, after, usual)

    async def park(self, row: Due, reason: str, now: datetime, rest: Rest | None = None) -> None:
        """Give up on it; it is kept with its reason."""
        await self._change(row, _ours(row).values(parked_at=now, reason=reason, lease_until=None), rest)

    async def park_lane(
        self, row: Due, reason: str, now: datetime, probe: datetime, *, posted: bool | None = False
    ) -> datetime | None:
        """Slack refuses everything in the row's channel: all its rows wait, and one of them tries after `probe`.

        Gives the time since when the channel is parked, which is `now` unless it was parked already. None: the row is
        not ours any more, and nothing has changed.
        """
        given_back = _ours(row).values(reason=reason, lease_until=None)
        async with self._database.writing() as connection:
            kept = given_back.values(attempted_at=None) if posted is False else given_back
            if not (await connection.execute(kept)).rowcount:
                return None
            return await lanes.park(self._database, connection, row.channel, reason, now, probe)

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
        same = _ours(row).where(outbox.c.revision == row.revision)
        await self._change(row, same.values(sent_revision=row.revision, sent_at=now, reason=None, lease_until=None))

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

    async def _change(self, row: Due, statement: Update, rest: Rest | None = None, *, opens: bool = False) -> bool:
        """Whether there was something to change. Where there was nothing, the channel is somebody else's now, too."""
        async with self._database.writing() as connection:
            changed = (await connection.execute(statement)).rowcount > 0
            if rest is not None and changed:
                await lanes.rest(self._database, connection, rest, opens=opens, edited=row.ts is not None)
        return changed


def _row(row: Due) -> Update:
    return update(outbox).where(outbox.c.id == row.id)


def _ours(row: Due) -> Update:
    return _row(row).where(_lease(row))


def _lease(row: Due) -> ColumnElement[bool]:
    """Nobody else has taken the row up since we claimed it."""
    return outbox.c.lease_until == row.lease
