"""New outbox rows, many at a time."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.tables import outbox
from bot.domain.messages import Outgoing


async def queue(
    database: Database, connection: AsyncConnection, messages: Sequence[Outgoing], now: datetime, **more: Any
) -> dict[str, int]:
    """Queue these messages in their order; the rows of those whose key is new, by key."""
    new = {clean(message.key): message for message in reversed(messages)}
    if not new:
        return {}
    values = [_row(message, now) | more for message in reversed(new.values())]
    added = await connection.execute(database.new_rows(outbox).returning(outbox.c.key, outbox.c.id), values)
    return {new[row.key].key: row.id for row in added}


def words(payload: Mapping[str, Any]) -> str:
    """A payload as it is stored."""
    return json.dumps(dict(payload))


def _row(message: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        "key": message.key,
        "channel": message.channel,
        "payload": words(message.payload),
        "revision": 1,
        "sent_revision": 0,
        "due_at": now,
        "resumable": False,
        "attempts": 0,
        "asker": message.asker,
        "created_at": now if message.since is None else min(now, message.since),
        "weight": message.weight,
        "changed_at": now,
    }
