"""One transaction of the pipeline: cards, outbox rows and the fate of deliveries change together or not at all."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import lookups, parts
from bot.adapters.store.cards import chunks, find_cards, name_cards, open_cards, telling, turn_cards
from bot.adapters.store.channels import HAS_RHYTHM, rhythm_of, set_rhythm
from bot.adapters.store.columns import clean
from bot.adapters.store.database import Database
from bot.adapters.store.pairs import pairs
from bot.adapters.store.queueing import queue
from bot.adapters.store.replies import reply, waiting_replies
from bot.adapters.store.summaries import kept_by_quiet_hours, sum_up
from bot.adapters.store.summing import newest_kind
from bot.adapters.store.tables import COUNTS, NEW, channels, deliveries, entries, recovered, watches
from bot.adapters.store.watches import new_watch
from bot.domain.digests import Happened, Rhythm
from bot.domain.errors import TryLater
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.domain.subscriptions import Lookup
from bot.domain.trail import Entry
from bot.ports import Opened, Reply, StoredCard, Turned, Waiting

DEFAULT_LAYOUT = "card"


class SqlLedger:
    """Implements ports.Ledger on an open transaction."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    async def cards(
        self, wanted: Collection[tuple[str, str]], everywhere: Collection[str] = ()
    ) -> Mapping[tuple[str, str], StoredCard]:
        """The cards that answer to these (name, channel) pairs, and to the names `everywhere` in any channel.

        It locks the names themselves, too: two replicas that find no card yet must not both start one.
        """
        names = {name for name, _ in wanted} | set(everywhere)
        await self._database.alone(self._connection, *[f"card {clean(name)}" for name in names])
        return await find_cards(self._database, self._connection, wanted, everywhere)

    async def known(self, items: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        """Those of these (card id, item) pairs that count on their card already."""
        if not items:
            return set()
        spelled = {(card, clean(item)): (card, item) for card, item in items}
        asked = pairs(self._database, spelled, BigInteger())
        same = and_(entries.c.card == asked.c.first, entries.c.item == asked.c.second)
        rows = await self._connection.execute(select(entries.c.card, entries.c.item).join(asked, same).where(COUNTS))
        return {spelled[row.card, row.item] for row in rows}

    async def layouts(self, channels_: Collection[str]) -> Mapping[str, str]:
        """The layouts of those channels that do not have the default one: "thread" or "compact"."""
        found: dict[str, str] = {}
        for some in chunks(channels_):
            other = select(channels.c.channel, channels.c.layout).where(channels.c.layout != DEFAULT_LAYOUT)
            rows = await self._connection.execute(other.where(channels.c.channel.in_(some)))
            found |= {row.channel: row.layout for row in rows}
        return found

    async def rhythms(self, channels_: Collection[str]) -> Mapping[str, Rhythm]:
        """Quiet hours and summaries of those channels that have any."""
        found: dict[str, Rhythm] = {}
        for some in chunks(channels_):
            rows = await self._connection.execute(select(channels).where(HAS_RHYTHM, channels.c.channel.in_(some)))
            found |= {row.channel: rhythm_of(row) for row in rows}
        return found

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        """Store a channel's times. False, and nothing is stored, if they are not `before` any more. Locks them."""
        return await set_rhythm(self._database, self._connection, channel, before, after)

    async def sum_up(self, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
        """What was written about a channel in that time, and all that waits for a summary: from now on it does not."""
        return await sum_up(self._connection, channel, since, until)

    async def telling(self, delivery: int, channel: str) -> StoredCard | None:
        """The card that tells that delivery in the channel. Locks it. None: it was filtered, or is forgotten."""
        return await telling(self._connection, delivery, channel)

    async def failed_before(self, channel: str, subject: str, kinds: Collection[str], at: datetime) -> str:
        """The kind of the newest entry of these kinds about it in the channel before `at`, "" for none."""
        return await newest_kind(self._connection, channel, subject, kinds, at)

    async def seek(self, lookups_: Sequence[Lookup]) -> None:
        """Queue what has to be looked up."""
        await lookups.queue(self._connection, lookups_)

    async def sought(self, lookups_: Collection[int]) -> None:
        """These lookups are over.

        Raises TryLater, which undoes the transaction, if one of them was over already (the lease ran out): what was
        held must not be told twice.
        """
        if await lookups.forget(self._connection, lookups_) != len(set(lookups_)):
            raise TryLater("Another process has dealt with these lookups already.")

    async def heard(self, hooks: Mapping[str, datetime], beats: Collection[str], tests: Collection[str] = ()) -> None:
        """When the URLs of these hooks were last heard of, to 10 s; exactly for `tests`, which brought test calls.

        `beats`: those whose awaited test call has come.
        """
        await parts.hear(self._database, self._connection, hooks, beats, tests)

    async def watch(self, builds: Collection[tuple[str, str, Person]], now: datetime) -> None:
        """Follow these builds (repository, build, whose account) from now on; again is no second time."""
        if builds:
            rows = [new_watch(*one, now) for one in sorted(builds, key=lambda one: one[1])]
            await self._connection.execute(self._database.new_rows(watches), rows)

    async def first_time(self, channel: str, keys: Collection[str], now: datetime) -> frozenset[str]:
        """Those of the keys that were never recovered in this channel: from now on they were.

        Of two transactions that ask at once the second waits for the first one's end.
        """
        spelled = {clean(key): key for key in sorted(keys)}
        if not spelled:
            return frozenset()
        rows = [{"channel": clean(channel), "key": key, "at": now} for key in spelled]
        added = self._database.new_rows(recovered).returning(recovered.c.key)
        return frozenset(spelled[key] for key in await self._connection.scalars(added, rows))

    async def recovered(self, channels_: Collection[str], since: datetime) -> Mapping[str, Mapping[str, datetime]]:
        """The keys that `first_time` has taken since then, and when, by channel."""
        spelled = {clean(channel): channel for channel in channels_}
        found: dict[str, dict[str, datetime]] = {}
        for some in chunks(spelled):
            wanted = select(recovered).where(recovered.c.at >= since, recovered.c.channel.in_(some))
            for row in await self._connection.execute(wanted):
                found.setdefault(spelled[row.channel], {})[row.key] = row.at
        return found

    async def waiting_replies(self, parents: Collection[int]) -> Mapping[int, Waiting]:
        """The reply that still waits in the thread of each of these outbox rows, if there is one. Locks them."""
        return await waiting_replies(self._connection, parents)

    async def open_cards(self, opened: Sequence[Opened], now: datetime) -> Sequence[StoredCard | None]:
        """Start cards and queue their messages, in that order. None where the message's key is not new."""
        return await open_cards(self._database, self._connection, opened, now)

    async def turn_cards(self, turned: Sequence[Turned], now: datetime) -> None:
        """Store new states and queue the edits (or the changed first posts, where those still wait)."""
        await turn_cards(self._connection, turned, now)

    async def name_cards(self, names: Collection[tuple[str, str, int]]) -> None:
        """From now on (name, channel) leads to that card."""
        await name_cards(self._database, self._connection, names)

    async def reply(self, replies: Sequence[Reply], now: datetime) -> None:
        """Queue replies in threads."""
        await reply(self._database, self._connection, replies, now)

    async def record(self, entries_: Sequence[tuple[int | None, Entry]], now: datetime) -> None:
        """What became of events, each with its card's id (None: filtered)."""
        if entries_:
            # Two names of items may be one once they are stored (columns.clean): the first counts.
            insert = self._database.new_rows(entries)
            await self._connection.execute(insert, [_entry(card, entry, now) for card, entry in entries_])

    async def say(self, outgoing: Outgoing, now: datetime) -> None:
        """Queue a message that is no card. A second one with the same key is ignored."""
        await queue(self._database, self._connection, [outgoing], now)

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


def _entry(card: int | None, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "delivery": entry.delivery,
        "channel": entry.channel,
        "subject": entry.subject,
        "tags": json.dumps(entry.tags),
        "kind": entry.kind,
        "at": entry.at,
        "verdict": entry.verdict.value,
        "rule": entry.rule or None,
        "subscription": entry.subscription or None,
        "test": entry.test,
        "card": card,
        "item": entry.item or None,
        "data": None if entry.data is None else json.dumps(dict(entry.data)),
        "written_at": now,
        "waits_since": now if kept_by_quiet_hours(entry) else None,
    }
