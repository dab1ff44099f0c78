"""The outbox as a test reads it, without the pace of a real one: what waits to be said, and that all of it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import UNSENT, entries, outbox


@dataclass(frozen=True)
class Said:
    """A row of the outbox."""

    id: int
    key: str
    channel: str
    payload: Mapping[str, Any] = field(repr=False)
    revision: int
    sent_revision: int
    ts: str | None
    due_at: datetime
    weight: int
    asker: str | None
    parent: int | None
    gathered: int | None
    changed_at: datetime
    attempts: int

    @property
    def text(self) -> str:
        return str(self.payload["text"])


async def unsaid(store: SqlStore) -> list[Said]:
    """What waits to be said, in the order in which it was first queued."""
    return [row for row in await messages(store) if row.sent_revision < row.revision]


async def messages(store: SqlStore) -> list[Said]:
    """Every message that was not given up."""
    columns = [outbox.c[name] for name in Said.__dataclass_fields__]
    wanted = select(*columns).where(outbox.c.parked_at.is_(None)).order_by(outbox.c.id)
    async with store._database.reading() as connection:
        rows = (await connection.execute(wanted)).all()
    return [Said(**{**row._mapping, "payload": json.loads(row.payload)}) for row in rows]


async def all_said(store: SqlStore, at: datetime) -> list[Said]:
    """Everything is shown from then on; what it was."""
    found = await unsaid(store)
    shown = update(outbox).where(UNSENT).values(sent_revision=outbox.c.revision, sent_at=at, lease_until=None)
    async with store._database.writing() as connection:
        await connection.execute(shown.values(ts=outbox.c.key))
    return found


async def trail(store: SqlStore) -> list[Any]:
    """The entries, the oldest first."""
    async with store._database.reading() as connection:
        return list((await connection.execute(select(entries).order_by(entries.c.id))).all())
