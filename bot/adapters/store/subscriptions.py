"""What channels want to be told, and when each wish is compared with Quay."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, and_, case, delete, func, literal, null, select, true, update

from bot.adapters.store import parts as pieces
from bot.adapters.store.cards import chunks
from bot.adapters.store.claims import PATIENT, free, take
from bot.adapters.store.columns import Instant
from bot.adapters.store.database import Database
from bot.adapters.store.hooks import number_of
from bot.adapters.store.owners import belongs
from bot.adapters.store.subscription_rows import PERSON, WISH, row_of, subscription_of
from bot.adapters.store.tables import baselines, gaps, lookups, parts, subscriptions
from bot.domain.people import Person
from bot.domain.subscriptions import Part, State, Subscription

_ENDED = subscriptions.c.state == State.ENDED.value


class SqlSubscriptions:
    """Implements ports.Subscriptions. A part's hook is a number, written as text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription, now: datetime) -> bool:
        """Store a new one, to be compared with Quay at once.

        False if its name is taken, or if its channel has one to that target that has not ended.
        """
        row = row_of(subscription) | {"next_at": now, "hurried": False}
        async with self._database.writing() as connection:
            return await self._database.insert_new(connection, subscriptions, **row)

    async def change(self, before: Subscription, after: Subscription, now: datetime, *, check: bool = True) -> bool:
        """Store in what `after` differs from `before`, and nothing else: what others store meanwhile stays.

        False, and nothing is stored, if its wish or its person (or a pause that is to be another) is not that of
        `before` any more, or if it has ended.
        If it ends, its URLs take nothing any more: all of that in one transaction. When it was compared with Quay is
        for `checked` alone to say.
        """
        seen, row = row_of(before), row_of(after)
        values = {name: value for name, value in row.items() if name != "checked_at" and value != seen[name]}
        mine = subscriptions.c.name == before.name
        same = [subscriptions.c[name] == seen[name] for name in (*WISH, *PERSON)]
        if "paused_until" in values:
            same.append(subscriptions.c.paused_until.is_not_distinct_from(seen["paused_until"]))
        # The name is set to what it is, so that there is always something to set: the row is locked by that.
        changed = update(subscriptions).where(mine, ~_ENDED, *same).values(**{"name": before.name} | values)
        async with self._database.writing() as connection:
            if (await connection.execute(changed)).rowcount == 0:
                return False
            await pieces.lead(connection, before.name, after.channel, after.wanted.filter)
            if after.state is State.ENDED:
                await pieces.silence(connection, parts.c.subscription == before.name)
            if check:
                await connection.execute(_hurried(now).where(mine))
        return True

    async def get(self, name: str) -> Subscription | None:
        """The one of that name, also if it has ended."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(subscriptions).where(subscriptions.c.name == name))).first()
        return None if row is None else subscription_of(row)

    async def all(
        self, *, channel: str = "", person: Person | None = None, ended: bool = False
    ) -> tuple[Subscription, ...]:
        """Those that have not ended (with `ended`: those that have), by channel, target and name."""
        which = (
            _ENDED if ended else ~_ENDED,
            subscriptions.c.channel == channel if channel else true(),
            true() if person is None else belongs(subscriptions, person),
        )
        async with self._database.reading() as connection:
            found = [subscription_of(row) for row in await connection.execute(select(subscriptions).where(*which))]
        # Sorted here: the two engines order texts differently.
        return tuple(sorted(found, key=lambda one: (one.channel, one.wanted.target, one.name)))

    async def parts(self, *names: str) -> tuple[Part, ...]:
        """The parts of these subscriptions, by target, event and hook; of all of them if none is named."""
        async with self._database.reading() as connection:
            return await pieces.read(connection, names)

    async def add_part(self, part: Part, token_hash: str, now: datetime) -> Part:
        """A new part with a new webhook URL for its subscription's channel; `part.hook` is set in what is returned.

        A silent one has no channel. Raises UserError if there is no such subscription, or it has ended.
        """
        async with self._database.writing() as connection:
            number = await pieces.add(connection, part, token_hash, now)
        return replace(part, hook=str(number))

    async def keep_part(self, part: Part) -> None:
        """Store what is known of it now, but for `heard_at`, which webhooks keep.

        Nor is the beat stored if webhooks were heard since it was read: they may have answered it.
        """
        await self._change(pieces.kept(part))

    async def beat(self, hook: str, at: datetime | None) -> None:
        """A test call was asked for through this part's notification: when it arrives it is no alert. None: it is."""
        await self._change(update(parts).where(parts.c.hook == number_of(hook)).values(beat_at=at))

    async def drop_part(self, hook: str) -> None:
        """It is not needed any more: its URL takes nothing from now on, and nobody looks for it in Quay."""
        async with self._database.writing() as connection:
            await pieces.drop(connection, parts.c.hook == number_of(hook))

    async def hooks_of(self, marks: Collection[str]) -> Mapping[str, str]:
        """The live hooks that have tokens with these hashes, by the hash; those within their grace included.

        A token whose grace is over is forgotten when its subscription has been compared with Quay.
        """
        async with self._database.reading() as connection:
            return await pieces.hooks_of(connection, marks)

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Subscription, ...]:
        """Those that are due to be compared with Quay, the longest due first; ended ones until they are forgotten."""
        due = select(subscriptions).where(subscriptions.c.next_at <= now, free(subscriptions, now, PATIENT))
        wanted = due.order_by(subscriptions.c.next_at, subscriptions.c.name).limit(limit)
        async with self._database.writing() as connection:
            rows = await take(connection, wanted, subscriptions.c.name, now + lease, hurried=False)
        return tuple(subscription_of(row) for row in rows)

    async def checked(self, name: str, now: datetime, next_at: datetime) -> None:
        """It was compared with Quay; the next time is `next_at`, unless somebody was in a hurry meanwhile."""
        due = case((subscriptions.c.hurried, subscriptions.c.next_at), else_=literal(next_at, Instant))
        over = {"checked_at": now, "next_at": due, "lease_until": null(), "hurried": False}
        async with self._database.writing() as connection:
            await connection.execute(update(subscriptions).where(subscriptions.c.name == name).values(**over))
            await pieces.forget_late_tokens(connection, name, now)

    async def hurry(self, names: Collection[str], now: datetime) -> None:
        """Compare these with Quay as soon as possible; all of them if none is named."""
        hurried = _hurried(now)
        which = [hurried.where(subscriptions.c.name.in_(some)) for some in chunks(names)] or [hurried]
        async with self._database.writing() as connection:
            for one in which:
                await connection.execute(one)

    async def forget(self, name: str) -> None:
        """Nothing is left of an ended one."""
        ended = and_(subscriptions.c.name == name, _ENDED)
        async with self._database.writing() as connection:
            if await connection.scalar(select(func.count()).select_from(subscriptions).where(ended)):
                await pieces.drop(connection, parts.c.subscription == name)
                for table in (gaps, lookups, baselines):
                    await connection.execute(delete(table).where(table.c.subscription == name))
                await connection.execute(delete(subscriptions).where(ended))

    async def baseline(self, name: str, target: str) -> Mapping[str, object] | None:
        """What is known to have been there before in a repository; None: nothing was stored."""
        mine = and_(baselines.c.subscription == name, baselines.c.target == target)
        async with self._database.reading() as connection:
            known = await connection.scalar(select(baselines.c.known).where(mine))
        return None if known is None else dict[str, object](json.loads(known))

    async def set_baseline(self, name: str, target: str, known: Mapping[str, object], now: datetime) -> None:
        """Store that."""
        row = {"subscription": name, "target": target, "known": json.dumps(dict(known)), "at": now}
        async with self._database.writing() as connection:
            await connection.execute(self._database.overwriting(baselines, "known", "at"), row)

    async def _change(self, statement: Update) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement)


def _hurried(now: datetime) -> Update:
    due: Any = subscriptions.c.next_at
    return update(subscriptions).values(next_at=case((due < now, due), else_=literal(now, Instant)), hurried=True)
