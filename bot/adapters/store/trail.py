"""The trail: what became of events, from the webhook to Slack, and the lists that cards count."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from bot.adapters.store import lists, summaries, summing
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import read_hooks
from bot.adapters.store.tables import (
    ASIDE,
    NEW,
    card_names,
    cards,
    deliveries,
    entries,
    hook_channels,
    hooks,
    lanes,
    outbox,
)
from bot.domain.trail import Step, Unread, Verdict
from bot.ports import Hook, Page, Received

_OF_IDS = frozenset("0123456789abcdef-")

_own = outbox.alias("own")
_shown = outbox.alias("shown")  # the message that tells it: its own, or the one that gathers it
_listed_as = entries.alias("listed_as")  # the one that counts, if this entry only repeats it


class SqlTrail:
    """Implements ports.Trail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def steps(self, subject: str, *, tag: str = "", channel: str = "", limit: int = 10) -> tuple[Step, ...]:
        """The newest events about "ns/repo" (or "ns"), newest first; of one tag or channel, if given."""
        wanted = _chain().where(entries.c.subject == subject, _in(entries.c.channel, channel), self._tagged(tag))
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(entries.c.id.desc()).limit(limit))).all()
        return tuple(step for step in map(_step, rows) if not tag or tag in step.tags)

    def _tagged(self, tag: str) -> ColumnElement[bool]:
        """Whether the list of tags holds that one.

        Its JSON is looked for in theirs: quotation marks within a tag are escaped, so it cannot be found inside another
        tag. Engines' own functions for JSON refuse what strangers may write into it (a NUL, half a surrogate pair).
        """
        if not tag:
            return true()
        place = func.strpos if self._database.postgres else func.instr
        return place(entries.c.tags, json.dumps(tag)) > 0

    async def unread(self, subject: str, *, channel: str = "", limit: int = 10) -> tuple[Unread, ...]:
        """The newest deliveries about it that are not worked on yet or were set aside, newest first."""
        about = select(deliveries.c.id, deliveries.c.hook, deliveries.c.received_at, deliveries.c.reason)
        mine = about.join(hooks).where(hooks.c.target == subject, _has(channel))
        async with self._database.reading() as connection:
            rows = [
                row
                for state in (NEW, ASIDE)  # one after the other: each has an index of its own
                for row in await connection.execute(mine.where(state).order_by(deliveries.c.id.desc()).limit(limit))
            ]
            known = await read_hooks(connection, hooks.c.id.in_({row.hook for row in rows}))
        rows.sort(key=lambda row: row.id, reverse=True)
        return tuple(_unread(row, known[row.hook]) for row in rows[:limit])

    async def hooks(self, subject: str, *, channel: str = "") -> tuple[Hook, ...]:
        """The live webhook URLs for exactly that target; of one channel, if given."""
        live = and_(hooks.c.removed.is_(False), hooks.c.target == subject, _has(channel))
        async with self._database.reading() as connection:
            return tuple((await read_hooks(connection, live)).values())

    async def items(self, key: str, *, start: int = 0, limit: int = 1000) -> Page | None:
        """A part of the list of the card that the message with `key` shows, oldest first. None: no such card.

        Of a message that gathers others (family "gathered"), the list holds those: channel, text and queued_at.
        """
        about = select(outbox.c.id, outbox.c.channel, cards.c.id.label("card"), cards.c.family)
        asked = about.join(cards, cards.c.outbox == outbox.c.id, isouter=True).where(outbox.c.key == key)
        async with self._database.reading() as connection:
            row = (await connection.execute(asked)).first()
            if row is None:
                return None
            if row.card is not None:
                return await lists.listed(connection, row, start, limit)
            return await lists.gathered(connection, row, start, limit)

    async def received(
        self, channel: str, subject: str, kinds: Collection[str], since: datetime, *, subscription: str = ""
    ) -> tuple[Received, ...]:
        """What the trail has of these kinds in a channel since then, oldest first; an entry for each item.

        With a subscription, without what others kept out by their own filters.
        """
        async with self._database.reading() as connection:
            return await summing.received(connection, channel, subject, kinds, since, subscription)

    async def waiting(self, channels: Collection[str]) -> Mapping[str, datetime]:
        """Those of the channels for which something waits that quiet hours kept out, and since when."""
        async with self._database.reading() as connection:
            return await summaries.waiting(connection, channels)

    async def posted(self, channel: str, subjects: Collection[str], since: datetime, *, subscription: str = "") -> int:
        """How many messages were posted in the channel since then about these; replies in threads are not counted."""
        async with self._database.reading() as connection:
            return await summing.posted(connection, channel, subjects, since, subscription)

    async def builds(self, start: str, *, channel: str = "", limit: int = 5) -> tuple[tuple[str, str], ...]:
        """(repository, id) of builds with a card whose ids begin with `start`, newest first; of one channel, if any."""
        if not set(start) <= _OF_IDS:
            return ()
        found = select(card_names.c.name, entries.c.subject, func.max(entries.c.id).label("last"))
        named = found.join(entries, entries.c.card == card_names.c.card).where(
            self._database.begins(card_names.c.name, f"build:{start}"), _in(card_names.c.channel, channel)
        )
        newest = named.group_by(card_names.c.name, entries.c.subject).order_by(func.max(entries.c.id).desc())
        async with self._database.reading() as connection:
            rows = (await connection.execute(newest.limit(limit))).all()
        return tuple((row.subject, row.name.removeprefix("build:")) for row in rows)


def _in(column: ColumnElement[str], channel: str) -> ColumnElement[bool]:
    return column == channel if channel else true()


def _has(channel: str) -> ColumnElement[bool]:
    """Whether the hook tells that channel."""
    if not channel:
        return true()
    mine = exists().where(hook_channels.c.hook == hooks.c.id, hook_channels.c.channel == channel)
    return mine.correlate(hooks)


def _chain() -> Select[Any]:
    """An entry with everything that follows from it; deliveries are forgotten earlier than entries."""
    parked = and_(lanes.c.channel == entries.c.channel, lanes.c.parked_at.is_not(None))
    same = and_(_listed_as.c.card == entries.c.card, _listed_as.c.item == entries.c.item)
    everything = (
        entries.outerjoin(deliveries, deliveries.c.id == entries.c.delivery)
        .outerjoin(cards, cards.c.id == entries.c.card)
        .outerjoin(_own, _own.c.id == cards.c.outbox)
        .outerjoin(_shown, _shown.c.id == func.coalesce(_own.c.gathered, _own.c.id))
        .outerjoin(lanes, parked)
        .outerjoin(_listed_as, and_(same, _listed_as.c.data.is_not(None)))
    )
    columns = (
        *(
            entries.c[name]
            for name in ("id", "delivery", "subject", "kind", "tags", "channel", "at", "verdict", "rule")
        ),
        *(deliveries.c.hook, deliveries.c.received_at, entries.c.card, cards.c.opened_at),
        *(_own.c.key, _own.c.created_at, _own.c.gathered),
        *(_shown.c[name] for name in ("ts", "sent_at", "due_at", "attempts", "parked_at", "reason")),
        _shown.c.id.label("shown"),
        (_shown.c.sent_revision < _shown.c.revision).label("behind"),
        lanes.c.reason.label("lane"),
        _listed_as.c.data,
    )
    return select(*columns).select_from(everything)


def _step(row: Any) -> Step:
    return Step(
        id=row.id,
        delivery=row.delivery,
        hook="" if row.hook is None else str(row.hook),
        received_at=row.received_at,
        subject=row.subject,
        kind=row.kind,
        tags=tuple(json.loads(row.tags)),
        channel=row.channel,
        at=row.at,
        verdict=Verdict(row.verdict),
        rule=row.rule or "",
        card=row.card,
        opened_at=row.opened_at,
        message=row.key or "",
        queued_at=row.created_at,
        ts=row.ts or "",
        sent_at=row.sent_at if row.ts else None,
        due_at=row.due_at,
        attempts=row.attempts or 0,
        waiting=bool(row.behind) and row.parked_at is None,
        parked_at=row.parked_at,
        gathered=row.gathered is not None,
        reason=row.reason or "",
        lane=row.lane or "",
        letter="" if row.parked_at is None else f"m{row.shown}",
        item=json.loads(row.data) if row.data else {},
    )


def _unread(row: Any, hook: Hook) -> Unread:
    return Unread(row.id, hook.id, hook.event, hook.channels, row.received_at, row.reason or "")
