"""Attempts to link an account. Whoever wins a step takes its row forward; whoever comes second finds it gone."""

import hmac
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Update, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import vault
from bot.adapters.store.accounts import put
from bot.adapters.store.database import Database
from bot.adapters.store.owners import belongs, key_of, link_lock, listed, owner, unlisted
from bot.adapters.store.tables import links
from bot.adapters.store.vault import Vault, needed
from bot.domain.people import Account, Person, Way
from bot.ports import LinkAttempt, LinkStage

_UNANSWERED = (LinkStage.OPEN.value, LinkStage.AWAY.value)  # Quay has given no token yet


class SqlLinks:
    """Implements ports.Links."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    async def start(
        self, person: Person, ticket: str, scopes: frozenset[str], origin: str, now: datetime, life: timedelta
    ) -> None:
        """A new attempt; earlier ones are void. Raises UserError when the operator has set no SECRET_KEYS."""
        sealed = needed(self._vault).seal(origin, vault.of_origin(person, ticket))
        first = {"stage": LinkStage.OPEN.value, "way": Way.CODE.value, "tries": 0}
        asked = {"ticket": ticket, "scopes": listed(scopes), "origin": sealed, "expires_at": now + life}
        async with self._database.writing() as connection:
            # Of two new attempts of one person the second voids the first, and neither trips over the other.
            await self._database.alone(connection, link_lock(person))
            await connection.execute(delete(links).where(belongs(links, person)))
            await connection.execute(links.insert().values(**key_of(person), **first, **asked))

    async def by_ticket(self, ticket: str, now: datetime) -> LinkAttempt | None:
        """The living attempt with that ticket."""
        return await self._find(select(links).where(links.c.ticket == ticket, _open(now)))

    async def by_cookie(self, cookie: str, now: datetime) -> LinkAttempt | None:
        """The living attempt of the browser with that cookie; a confirmed one, too, until its time is over."""
        return await self._find(select(links).where(links.c.cookie == cookie, _lives(now)))

    async def of(self, person: Person, now: datetime) -> LinkAttempt | None:
        """The person's living attempt."""
        return await self._find(select(links).where(belongs(links, person), _open(now)))

    async def leave(self, attempt: int, cookie: str, state: str, way: Way, now: datetime) -> bool:
        """The browser with `cookie` goes to Quay with `state`. It has one attempt at a time: earlier ones lose it.

        When another browser takes over, the attempt goes on under a new id: a token that the first browser brings
        meanwhile is offered to the old id, and nobody who took over sees the code of it.
        """
        away = {"stage": LinkStage.AWAY.value, "cookie": cookie, "state": state, "way": way.value}
        either = or_(links.c.cookie == cookie, links.c.id == attempt)
        async with self._database.writing() as connection:
            whose = (await connection.execute(select(links).where(links.c.id == attempt))).first()
            if whose is None:
                return False
            # A takeover deletes and inserts: whoever voids the person's attempt must not pass between the two.
            await self._database.alone(connection, f"browser {cookie}", link_lock(owner(whose)))
            # Locked in one order, so nobody waits in a circle.
            rows = await connection.execute(select(links).where(either).order_by(links.c.id).with_for_update())
            row = next((row for row in rows if row.id == attempt and _may_leave(row, now)), None)
            if row is None:
                return False
            others = update(links).where(links.c.cookie == cookie, links.c.id != attempt)
            await connection.execute(others.values(cookie=None, state=None))
            if row.cookie in {None, cookie}:
                await connection.execute(_this(row).values(**away))
            else:
                await connection.execute(delete(links).where(links.c.id == attempt))
                again = {name: value for name, value in row._mapping.items() if name != "id"}
                await connection.execute(links.insert().values(**again | away))
        return True

    async def by_state(self, state: str, now: datetime) -> LinkAttempt | None:
        """The living attempt that waits for that state, whichever browser is its own."""
        away = links.c.stage == LinkStage.AWAY.value
        return await self._find(select(links).where(links.c.state == state, away, _lives(now)))

    async def arrive(self, state: str, cookie: str, now: datetime) -> LinkAttempt | None:
        """Quay sent the browser back. The state is used up, even if the browser turns out to be the wrong one."""
        used = update(links).where(links.c.state == state).values(state=None).returning(links)
        async with self._database.writing() as connection:
            row = (await connection.execute(used)).first()
        if row is None or row.expires_at <= now or row.stage != LinkStage.AWAY.value:
            return None
        return self._attempt(row) if _same(row.cookie, cookie) else None

    async def offer(self, attempt: int, account: Account, code: str, now: datetime) -> bool:
        """Keep the token, sealed, until its code is confirmed. False if the attempt is over, or is not away.

        Raises UserError when the operator has set no SECRET_KEYS.
        """
        away = and_(links.c.stage == LinkStage.AWAY.value, _lives(now), belongs(links, account.person))
        async with self._database.writing() as connection:
            row = (await connection.execute(select(links).where(links.c.id == attempt, away).with_for_update())).first()
            if row is None:
                return False
            sealed = needed(self._vault).seal(account.token, vault.of_offer(account.person, row.ticket))
            given = {"username": account.username, "token": sealed, "granted": listed(account.scopes)}
            step = {"stage": LinkStage.CONFIRM.value, "code": code, "state": None, "way": account.way.value}
            await connection.execute(_this(row).values(**given, **step))
        return True

    async def confirm(self, person: Person, code: str, now: datetime, tries: int) -> Account | None:
        """Store the account, if this is the code; of the attempt only what its browser shows is left, in the same
        transaction. A wrong one counts.
        """
        asked = and_(belongs(links, person), links.c.stage == LinkStage.CONFIRM.value, _lives(now))
        async with self._database.writing() as connection:
            await self._database.alone(connection, link_lock(person))
            row = (await connection.execute(select(links).where(asked).with_for_update())).first()
            if row is None:
                return None
            if not _same(row.code, code):
                await _miss(connection, row, tries)
                return None
            token = needed(self._vault).open(row.token, vault.of_offer(person, row.ticket))
            account = Account(person, row.username, now, token, Way(row.way), unlisted(row.granted))
            await put(connection, self._database, self._vault, account)
            await connection.execute(_this(row).values(stage=LinkStage.DONE.value, token=None, code=None))
        return account

    async def confirmed(self, attempt: int) -> bool:
        """Was that attempt confirmed?"""
        done = select(links.c.id).where(links.c.id == attempt, links.c.stage == LinkStage.DONE.value)
        async with self._database.reading() as connection:
            return (await connection.execute(done)).first() is not None

    async def cancel(self, person: Person) -> bool:
        """Void the person's attempt; False if there was none."""
        async with self._database.writing() as connection:
            await self._database.alone(connection, link_lock(person))
            return (await connection.execute(delete(links).where(belongs(links, person), _undone()))).rowcount > 0

    async def sweep(self, now: datetime) -> None:
        """Forget what is too old."""
        async with self._database.writing() as connection:
            await connection.execute(delete(links).where(links.c.expires_at <= now))

    async def _find(self, wanted: Select[Any]) -> LinkAttempt | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else self._attempt(row)

    def _attempt(self, row: Any) -> LinkAttempt:
        person, stage, way = owner(row), LinkStage(row.stage), Way(row.way)
        scopes = unlisted(row.scopes) or frozenset()
        origin = needed(self._vault).open(row.origin, vault.of_origin(person, row.ticket))
        return LinkAttempt(row.id, person, stage, way, scopes, origin, row.expires_at, row.username or "", row.tries)


async def _miss(connection: AsyncConnection, row: Row[Any], tries: int) -> None:
    if row.tries + 1 >= tries:
        await connection.execute(delete(links).where(links.c.id == row.id))
    else:
        await connection.execute(_this(row).values(tries=row.tries + 1))


def _may_leave(row: Row[Any], now: datetime) -> bool:
    return row.stage in _UNANSWERED and row.expires_at > now


def _this(row: Row[Any]) -> Update:
    return update(links).where(links.c.id == row.id)


def _lives(now: datetime) -> ColumnElement[bool]:
    return links.c.expires_at > now


def _undone() -> ColumnElement[bool]:
    return links.c.stage != LinkStage.DONE.value


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(_lives(now), _undone())


def _same(stored: str | None, given: str) -> bool:
    """Whether two hashes are the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest((stored or "").encode(), given.encode()) and bool(stored)
