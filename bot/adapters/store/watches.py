"""Builds that are being followed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, case, delete, literal, null, select, update

from bot.adapters.store.claims import free, take
from bot.adapters.store.columns import Instant
from bot.adapters.store.database import Database
from bot.adapters.store.owners import key_of
from bot.adapters.store.tables import watches
from bot.domain.people import Person
from bot.ports import Watch


class SqlWatches:
    """Implements ports.Watches. `Watch.polls` is how often somebody began to look at it before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, repository: str, build: str, person: Person, now: datetime) -> None:
        """Follow a build from now on; again is no second time."""
        async with self._database.writing() as connection:
            await self._database.insert_new(connection, watches, **new_watch(repository, build, person, now))

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Watch, ...]:
        """Watches due to be looked at, the longest due first."""
        due = select(watches).where(watches.c.due_at <= now, free(watches, now))
        wanted = due.order_by(watches.c.due_at, watches.c.build).limit(limit)
        async with self._database.writing() as connection:
            looked = {"polls": watches.c.polls + 1, "hurried": False}
            rows = await take(connection, wanted, watches.c.build, now + lease, **looked)
        return tuple(
            Watch(row.repository, row.build, Person(row.team, row.member), row.since, row.polls, row.due_at)
            for row in rows
        )

    async def later(self, build: str, until: datetime) -> None:
        """Look again after `until`, or at once if somebody asked for haste since it was claimed."""
        due = case((watches.c.hurried, watches.c.due_at), else_=literal(until, Instant))
        await self._change(_watch(build).values(due_at=due, lease_until=null()))

    async def hurry(self, build: str, now: datetime) -> None:
        """Look as soon as possible (a webhook said that something happened)."""
        sooner = case((watches.c.due_at < now, watches.c.due_at), else_=literal(now, Instant))
        await self._change(_watch(build).values(due_at=sooner, hurried=True))

    async def end(self, build: str) -> None:
        """Stop following."""
        async with self._database.writing() as connection:
            await connection.execute(delete(watches).where(watches.c.build == build))

    async def _change(self, statement: Update) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement)


def new_watch(repository: str, build: str, person: Person, now: datetime) -> dict[str, Any]:
    """The row of a build that is followed from now on."""
    times = {"since": now, "due_at": now, "polls": 0, "hurried": False}
    return {"repository": repository, "build": build} | key_of(person) | times


def _watch(build: str) -> Update:
    return update(watches).where(watches.c.build == build)
