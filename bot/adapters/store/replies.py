"""Replies in the threads of messages: rows of the outbox that name their parent."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.cards import chunks
from bot.adapters.store.database import Database
from bot.adapters.store.queueing import queue, words
from bot.adapters.store.tables import UNSENT, outbox
from bot.ports import Reply, Waiting


async def waiting_replies(connection: AsyncConnection, parents: Collection[int]) -> dict[int, Waiting]:
    """The newest reply in each of these threads that nobody has tried to post yet. Locks them."""
    untouched = (UNSENT, outbox.c.ts.is_(None), outbox.c.attempted_at.is_(None), outbox.c.lease_until.is_(None))
    found: dict[int, Waiting] = {}
    for some in chunks(sorted(parents)):
        wanted = select(outbox.c.parent, outbox.c.id, outbox.c.payload).where(outbox.c.parent.in_(some), *untouched)
        for row in await connection.execute(wanted.order_by(outbox.c.id).with_for_update()):
            found[row.parent] = Waiting(row.id, json.loads(row.payload))
    return found


async def reply(database: Database, connection: AsyncConnection, replies: Sequence[Reply], now: datetime) -> None:
    """Queue replies. The row of one that waits takes up the new words and keeps its place in the line."""
    again = [{"row": one.instead, "words": words(one.outgoing.payload)} for one in replies if one.instead is not None]
    if again:
        changed = update(outbox).where(outbox.c.id == bindparam("row"))
        changed = changed.values(payload=bindparam("words"), revision=outbox.c.revision + 1, changed_at=now)
        await connection.execute(changed, again)
    new = {one.outgoing.key: one for one in replies if one.instead is None}
    rows = await queue(database, connection, [one.outgoing for one in new.values()], now)
    if rows:
        parents = [{"row": row, "thread": new[key].parent} for key, row in rows.items()]
        hung = update(outbox).where(outbox.c.id == bindparam("row")).values(parent=bindparam("thread"))
        await connection.execute(hung, parents)
