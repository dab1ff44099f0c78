"""Outbox rows that get new words: what Slack shows already is edited, what still waits is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    and_,
    bindparam,
    case,
    literal,
    not_,
    or_,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.claims import free
from bot.adapters.store.columns import Instant
from bot.adapters.store.queueing import words
from bot.adapters.store.tables import PARKED, SENT, UNSENT, outbox

EDIT_EVERY = timedelta(seconds=3)  # between two edits of a message that has been edited before


@dataclass(frozen=True, slots=True)
class Rewording:
    """How the message of an outbox row should look now. `urgent`: the edit is worth doing at once."""

    row: int
    payload: Mapping[str, Any] = field(repr=False)
    weight: int = 0
    urgent: bool = False


async def reword(connection: AsyncConnection, rewordings: Sequence[Rewording], now: datetime) -> None:
    """Queue the edits (or the changed first posts, where those still wait).

    What waits keeps its place in the line and its "not before", but for an urgent one that nobody has put off. A first
    edit is due at once, later ones EDIT_EVERY after what Slack shows, or is about to show. A message that was parked
    gets another try: what made it fail may have been the old words. One that another message told is told by itself
    again.
    """
    changed = update(outbox).where(outbox.c.id == bindparam("row"))
    changed = changed.values(
        payload=bindparam("words"),
        weight=bindparam("heavy"),
        revision=outbox.c.revision + 1,
        due_at=_due(now),
        changed_at=now,
        attempts=case((PARKED, 0), else_=outbox.c.attempts),
        parked_at=None,
        gathered=None,
    )
    rows = [
        {"row": one.row, "words": words(one.payload), "heavy": one.weight, "urgent": one.urgent}
        for one in sorted(rewordings, key=lambda one: one.row)  # in one order, so nobody waits in a circle
    ]
    await connection.execute(changed, rows)


def _due(now: datetime) -> ColumnElement[Any]:
    moment, urgent = literal(now, Instant), bindparam("urgent", type_=Boolean)
    span = int(EDIT_EVERY.total_seconds() * 1_000_000)
    next_edit = type_coerce(type_coerce(outbox.c.sent_at, BigInteger) + span, Instant)
    edited = and_(SENT, outbox.c.sent_revision > 1, next_edit.between(moment, now + 2 * EDIT_EVERY))
    in_flight = and_(not_(free(outbox, now)), outbox.c.ts.is_not(None))
    return case(
        (and_(UNSENT, ~urgent, in_flight), literal(now + EDIT_EVERY, Instant)),
        (and_(UNSENT, or_(~urgent, outbox.c.reason.is_not(None))), outbox.c.due_at),
        (and_(~urgent, edited), next_edit),
        else_=moment,
    )
