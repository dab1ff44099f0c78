"""The lists that "Show all" pages through: what a card counts, and what a message gathers."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.tables import COUNTS, entries, outbox
from bot.ports import Page

GATHERED = "gathered"


async def listed(connection: AsyncConnection, row: Any, start: int, limit: int) -> Page:
    """A part of the list of the card in that row."""
    mine = and_(entries.c.card == row.card, COUNTS)
    total = await connection.scalar(select(func.count()).select_from(entries).where(mine))
    part = select(entries.c.data).where(mine).order_by(entries.c.id).offset(start).limit(limit)
    items: tuple[Mapping[str, str], ...] = tuple(json.loads(data) for data in await connection.scalars(part))
    return Page(row.family, row.channel, total or 0, items)


async def gathered(connection: AsyncConnection, row: Any, start: int, limit: int) -> Page | None:
    """A part of what the message in that row tells in place of others; None if it tells nothing."""
    mine = outbox.c.gathered == row.id
    total = await connection.scalar(select(func.count()).select_from(outbox).where(mine))
    if not total:
        return None
    about = select(outbox.c.channel, outbox.c.payload, outbox.c.created_at).where(mine)
    part = await connection.execute(about.order_by(outbox.c.id).offset(start).limit(limit))
    return Page(GATHERED, row.channel, total, tuple(_told(one) for one in part))


def _told(row: Any) -> Mapping[str, str]:
    text = str(json.loads(row.payload).get("text", ""))
    return {"channel": row.channel, "text": text, "queued_at": row.created_at.isoformat()}
