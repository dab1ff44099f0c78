"""One transaction of the pipeline: cards, outbox rows and the fate of deliveries change together or not at all."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.columns import Instant
from bot.adapters.store.database import Database
from bot.adapters.store.tables import NEW, UNSENT, cards, deliveries, outbox
from bot.domain.errors import TryLater
from bot.domain.messages import Outgoing
from bot.ports.store import StoredCard


class SqlLedger:
    """Implements ports.Ledger on an open transaction."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    async def cards(self, key: str, *, since: datetime | None = None) -> tuple[StoredCard, ...]:
        """The newest card with `key` in each channel, touched at or after `since` if given. Locks them.

        It also locks the key itself: two replicas that find no card yet must not both start one.
        """
        await self._database.alone(self._connection, f"card {key}")
        newest = select(func.max(cards.c.id)).where(cards.c.key == key).group_by(cards.c.channel)
        found = select(cards).where(cards.c.id.in_(newest)).order_by(cards.c.id).with_for_update()
        if since is not None:
            found = found.where(cards.c.touched_at >= since)
        return tuple(StoredCard(**row._mapping) for row in await self._connection.execute(found))

    async def open_card(self, card_key: str, family: str, state: str, outgoing: Outgoing, now: datetime) -> None:
        """Start a card and queue its message. Nothing happens if a message with that key was queued before."""
        if await self._queue(outgoing, now):
            row = select(outbox.c.id).where(outbox.c.key == outgoing.key).scalar_subquery()
            card = {"channel": outgoing.channel, "key": card_key, "family": family, "state": state, "touched_at": now}
            await self._connection.execute(cards.insert().values(outbox=row, **card))

    async def turn_card(self, card: StoredCard, state: str, payload: Mapping[str, Any], now: datetime) -> None:
        """Store a card's new state and queue the edit (or the changed first post, if that is still waiting).

        A message that waits keeps its place in the line and its "not before". One that was parked gets another try:
        what made it fail may have been the old words.
        """
        touched = update(cards).where(cards.c.id == card.id).values(state=state, touched_at=now)
        await self._connection.execute(touched)
        parked = outbox.c.parked_at.is_not(None)
        changed = update(outbox).where(outbox.c.id == card.outbox)
        changed = changed.values(
            payload=json.dumps(dict(payload)),
            revision=outbox.c.revision + 1,
            due_at=case((UNSENT, outbox.c.due_at), else_=literal(now, Instant)),
            attempts=case((parked, 0), else_=outbox.c.attempts),
            parked_at=None,
        )
        await self._connection.execute(changed)

    async def say(self, outgoing: Outgoing, now: datetime) -> None:
        """Queue a message that is no card. A second one with the same key is ignored."""
        await self._queue(outgoing, now)

    async def done(self, deliveries: Sequence[int]) -> None:
        """These deliveries are dealt with.

        Raises TryLater, which undoes the transaction, if somebody else has dealt with one of them meanwhile (the lease
        ran out): a card must not count an event twice.
        """
        if not await self._settle(set(deliveries), state="done"):
            raise TryLater("Another process has dealt with these deliveries already.")

    async def set_aside(self, delivery: int, reason: str) -> None:
        """Keep this delivery for the operator. Nothing happens if it has been dealt with meanwhile."""
        await self._settle({delivery}, state="aside", reason=reason)

    async def _settle(self, ids: set[int], **values: str) -> bool:
        settled = update(deliveries).where(deliveries.c.id.in_(ids), NEW).values(lease_until=None, **values)
        return (await self._connection.execute(settled)).rowcount == len(ids)

    async def _queue(self, outgoing: Outgoing, now: datetime) -> bool:
        return await self._database.insert_new(
            self._connection,
            outbox,
            key=outgoing.key,
            channel=outgoing.channel,
            payload=json.dumps(dict(outgoing.payload)),
            revision=1,
            sent_revision=0,
            due_at=now,
            resumable=False,
            attempts=0,
            asker=outgoing.asker,
            created_at=now,
        )
