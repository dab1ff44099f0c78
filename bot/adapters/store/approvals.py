"""Requests that wait for approvals, their votes, and the outbox rows that show them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import Database
from bot.adapters.store.notices import show as reshow
from bot.adapters.store.owners import belongs
from bot.adapters.store.queueing import queue
from bot.adapters.store.requests import Turn, opened, request_of, row_of, vote_row
from bot.adapters.store.tables import WAITS, approvals, votes
from bot.adapters.store.vault import Vault
from bot.domain.acts import Request, Stage
from bot.domain.errors import TryLater
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.ports import ApprovalTurn

_SETTLED = frozenset(Stage) - {Stage.OPEN, Stage.RUNNING}


class SqlApprovals:
    """Implements ports.Approvals."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def ask(self, request: Request, card: Outgoing) -> None:
        """Store a new request and queue its card, in one transaction.

        Raises UserError when it has hidden parameters and the operator has set no SECRET_KEYS, and TryLater when the
        name, or the card's key, was taken before.
        """
        row = row_of(request, self._vault)
        async with self._database.writing() as connection:
            new = await self._database.insert_new(connection, approvals, **row)
            if not new or not await queue(self._database, connection, [card], request.created_at):
                raise TryLater("That did not work. Please ask again.", detail=f"the name {request.name} is taken")
            for vote in request.votes:
                await connection.execute(votes.insert().values(**vote_row(request.name, vote)))

    async def get(self, name: str) -> Request | None:
        """The request of that name, with its hidden parameters opened. Raises GiveUp when the vault cannot be opened.

        Of one that is settled they are forgotten.
        """
        async with self._database.reading() as connection:
            found = await self._read(connection, select(approvals).where(approvals.c.name == name))
        return opened(found[0]) if found else None

    async def open(self, limit: int = 20, *, person: Person | None = None) -> tuple[Request, ...]:
        """Those that still wait, newest first; of one person, if one is named. Hidden parameters open when read."""
        whose = true() if person is None else belongs(approvals, person)
        waiting = select(approvals).where(WAITS, approvals.c.stage == Stage.OPEN.value, whose)
        newest = waiting.order_by(approvals.c.created_at.desc(), approvals.c.name).limit(limit)
        async with self._database.reading() as connection:
            return tuple(await self._read(connection, newest))

    @asynccontextmanager
    async def turn(
        self, name: str, show: Callable[[Request], Outgoing], now: datetime
    ) -> AsyncIterator[ApprovalTurn | None]:
        """Hold one request to change it; what was changed is stored at the end, with its card. See the port.

        Keep the block short and call nothing else of the store in it: on SQLite every other writer waits. Hidden
        parameters are opened when somebody reads them, so one that cannot be opened any more can still be ended.
        """
        async with self._database.writing() as connection:
            wanted = select(approvals).where(approvals.c.name == name).with_for_update()
            found = await self._read(connection, wanted)
            if not found:
                yield None
                return
            turn = Turn(found[0])
            yield turn
            if turn.changed:
                await self._store(connection, turn)
                await reshow(self._database, connection, show(turn.request), now)

    async def over(self, now: datetime, running_since: datetime) -> Sequence[str]:
        """Names of open requests whose time is over, and of those that run since before `running_since`."""
        late = and_(approvals.c.stage == Stage.OPEN.value, approvals.c.expires_at <= now)
        hung = and_(approvals.c.stage == Stage.RUNNING.value, approvals.c.moved_at < running_since)
        over = select(approvals.c.name).where(WAITS, or_(late, hung)).order_by(approvals.c.expires_at)
        async with self._database.reading() as connection:
            return tuple((await connection.scalars(over)).all())

    async def _read(self, connection: AsyncConnection, wanted: Select[Any]) -> list[Request]:
        rows = (await connection.execute(wanted)).all()
        names = [row.name for row in rows]
        given = select(votes).where(votes.c.approval.in_(names)).order_by(votes.c.at, votes.c.team, votes.c.member)
        cast = (await connection.execute(given)).all()
        return [request_of(row, [vote for vote in cast if vote.approval == row.name], self._vault) for row in rows]

    async def _store(self, connection: AsyncConnection, turn: Turn) -> None:
        request = turn.request
        if turn.moved_at is not None:
            moved: dict[str, Any] = {"stage": request.stage.value, "reason": request.reason, "moved_at": turn.moved_at}
            if request.stage in _SETTLED:
                moved["hidden"] = None  # nobody needs the secret any more
            await connection.execute(update(approvals).where(approvals.c.name == request.name).values(**moved))
        for vote in turn.new:
            await connection.execute(votes.insert().values(**vote_row(request.name, vote)))
