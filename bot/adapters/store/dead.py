"""Dead letters: webhook bodies that nobody could read, messages that Slack does not take, channels that are parked."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, func, literal, select, true, update

from bot.adapters.store.columns import Instant
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import read_hooks
from bot.adapters.store.tables import ASIDE, PARKED, UNSENT, deliveries, hooks, lanes, outbox
from bot.ports import DeadLetter, Hook, Lane

ALL = "all"
DROPPED = "dropped by the operator"
_LETTER = re.compile(r"([dm])([0-9]{1,18})")  # what a 64-bit number surely holds


class SqlDeadLetters:
    """Implements ports.DeadLetters: `d12` is a delivery that was set aside, `m34` an outbox row that was parked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, limit: int = 100) -> tuple[DeadLetter, ...]:
        """The newest, without their bodies. A delivery has the time when it came, a message when it was given up."""
        read = _unread(true()).order_by(deliveries.c.id.desc()).limit(limit)
        sent = _unsent(true()).order_by(outbox.c.parked_at.desc(), outbox.c.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            bodies = (await connection.execute(read)).all()
            messages = (await connection.execute(sent)).all()
            known = await read_hooks(connection, hooks.c.id.in_({row.hook for row in bodies}))
        found = [_delivery(row, known[row.hook]) for row in bodies] + [_message(row) for row in messages]
        return tuple(sorted(found, key=lambda letter: letter.at, reverse=True)[:limit])

    async def one(self, letter: str) -> DeadLetter | None:
        """With its body; None if there is none of that id."""
        if letter == ALL:
            return None
        which = _which(letter)
        async with self._database.reading() as connection:
            row = (await connection.execute(_unread(which["d"]).add_columns(deliveries.c.body))).first()
            if row is not None:
                known = await read_hooks(connection, hooks.c.id == row.hook)
                return _delivery(row, known[row.hook], row.body)
            row = (await connection.execute(_unsent(which["m"]))).first()
        return None if row is None else _message(row, row.payload.encode())

    async def retry(self, letter: str, now: datetime) -> int:
        """Work on it once more, or on "all"; how many there were of that id."""
        which = _which(letter)
        return await self._change(
            update(deliveries).where(ASIDE, which["d"]).values(state="new", reason=None, lease_until=None),
            update(outbox).where(PARKED, which["m"]).values(parked_at=None, due_at=now, attempts=0, lease_until=None),
        )

    async def drop(self, letter: str, now: datetime) -> int:
        """Settle it, or "all", without doing anything more; how many there were of that id.

        A message of which Slack shows an older state stays as it is there. What folds into its card later is told.
        """
        which = _which(letter)
        over = func.coalesce(outbox.c.sent_at, literal(now, Instant))  # from then on it is forgotten like the others
        settled = {"sent_revision": outbox.c.revision, "sent_at": over, "parked_at": None, "reason": DROPPED}
        return await self._change(
            update(deliveries).where(ASIDE, which["d"]).values(state="done", reason=DROPPED, lease_until=None),
            update(outbox).where(PARKED, which["m"]).values(**settled, lease_until=None),
        )

    async def counts(self) -> Mapping[str, int]:
        """How many "deliveries" and how many "messages" are dead."""
        bodies = select(func.count()).select_from(deliveries).where(ASIDE)
        messages = select(func.count()).select_from(outbox).where(PARKED)
        async with self._database.reading() as connection:
            return {
                "deliveries": await connection.scalar(bodies) or 0,
                "messages": await connection.scalar(messages) or 0,
            }

    async def lanes(self) -> Sequence[Lane]:
        """Channels that are parked, the longest parked first."""
        waiting = select(func.count()).select_from(outbox).where(UNSENT, outbox.c.channel == lanes.c.channel)
        found = select(lanes.c.channel, lanes.c.parked_at, lanes.c.reason, waiting.scalar_subquery().label("waiting"))
        parked = found.where(lanes.c.parked_at.is_not(None)).order_by(lanes.c.parked_at, lanes.c.channel)
        async with self._database.reading() as connection:
            rows = (await connection.execute(parked)).all()
        return tuple(Lane(row.channel, row.parked_at, row.reason or "", row.waiting) for row in rows)

    async def _change(self, *statements: Update) -> int:
        async with self._database.writing() as connection:
            return sum([(await connection.execute(statement)).rowcount for statement in statements])


def _which(letter: str) -> dict[str, ColumnElement[bool]]:
    """The rows of each of the two tables that an id means."""
    found = _LETTER.fullmatch(letter)
    number = {found[1]: int(found[2])} if found else {}
    columns = {"d": deliveries.c.id, "m": outbox.c.id}
    # No row has the id 0.
    return {name: true() if letter == ALL else id_ == number.get(name, 0) for name, id_ in columns.items()}


def _unread(which: ColumnElement[bool]) -> Select[Any]:
    size = func.length(deliveries.c.body).label("size")
    about = select(deliveries.c.id, deliveries.c.hook, deliveries.c.reason, deliveries.c.received_at, size)
    return about.where(and_(ASIDE, which))


def _unsent(which: ColumnElement[bool]) -> Select[Any]:
    about = select(outbox.c.id, outbox.c.channel, outbox.c.reason, outbox.c.parked_at, outbox.c.payload)
    return about.where(and_(PARKED, which))


def _delivery(row: Any, hook: Hook, body: bytes = b"") -> DeadLetter:
    return DeadLetter(
        id=f"d{row.id}",
        at=row.received_at,
        reason=row.reason or "",
        about=f"hook {hook.id}, {hook.event} of {hook.target}",
        place=",".join(hook.channels),
        size=row.size,
        body=body,
    )


def _message(row: Any, body: bytes = b"") -> DeadLetter:
    return DeadLetter(
        id=f"m{row.id}",
        at=row.parked_at,
        reason=row.reason or "",
        about=str(json.loads(row.payload).get("text", "")),
        place=row.channel,
        size=len(row.payload.encode()),
        body=body,
    )
