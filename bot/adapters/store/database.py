"""Transactions: who may write when, and what a database error means to the others."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import URL, BigInteger, ColumnElement, Table, and_, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.connections import transaction
from bot.adapters.store.engines import async_engine
from bot.domain.errors import TryLater, UserError

_AWAY = "My database does not answer right now. Please try again in a minute."

# A PostgreSQL server that turns a connection away has no code for the reason, only words.
_REFUSES = re.compile(
    r"FATAL: +(.*authentication failed.*|.* does not exist|no pg_hba\.conf entry.*|permission denied.*|"
    r".*not permitted.*)|(fe_sendauth: no password supplied)"
)


class Gate(Protocol):
    """What a writer holds while it writes."""

    async def __aenter__(self) -> object: ...

    async def __aexit__(self, *exc: Any) -> object: ...


class Database:
    """One database. `gate` lets one writer of this process through at a time where the engine knows only one.

    SQLite would make the second writer sleep and poll; waiting here costs nothing and is fair.
    """

    def __init__(self, url: URL, patience: float) -> None:
        self.engine = async_engine(url, patience)
        self.postgres = url.get_backend_name() == "postgresql"
        self.gate: Gate = nullcontext() if self.postgres else asyncio.Lock()
        self._writer = self.engine.execution_options(writes=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        with database_troubles():
            async with transaction(self.engine) as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes: durable at the end of the block, undone on an exception.

        Not to be opened inside another one: on SQLite they would wait for each other.
        """
        with database_troubles():
            async with self.gate, transaction(self._writer) as connection:
                yield connection

    async def alone(self, connection: AsyncConnection, *names: str) -> None:
        """Until the end of the transaction nobody else, in any replica, is past this line with one of these names.

        It locks what has no row yet, always in the same order: two who want the same names never wait for each other
        in a circle. To be called once in a transaction. On SQLite every writer is alone anyway.
        """
        if self.postgres and names:
            numbers = sorted({_number(name) for name in names})
            # The array is unpacked in its order, and each lock is taken as its row passes.
            number = func.unnest(cast(numbers, postgresql.ARRAY(BigInteger))).column_valued("number")
            await connection.execute(select(func.pg_advisory_xact_lock(number)))

    async def insert_new(self, connection: AsyncConnection, table: Table, **values: Any) -> bool:
        """Insert a row unless its primary or unique key is there already; True if it was inserted."""
        first = next(iter(table.primary_key))
        added = self.new_rows(table).values(**values).returning(first)
        return (await connection.execute(added)).first() is not None

    def begins(self, column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
        """Texts that begin exactly so, asked in the way for which the engine uses its index. No prefix is empty.

        SQLite's LIKE takes "A" for "a", and PostgreSQL's order of texts depends on the server's language: there the
        index has to be one with `text_pattern_ops`.
        """
        if self.postgres:
            return column.startswith(prefix, autoescape=True)
        return and_(column >= prefix, column < prefix[:-1] + chr(ord(prefix[-1]) + 1))

    def new_rows(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that passes over rows whose primary or unique key is there already."""
        insert = postgresql.insert(table) if self.postgres else sqlite.insert(table)
        return insert.on_conflict_do_nothing()

    def overwriting(self, table: Table, *names: str) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that sets the columns `names` of a row whose primary key is there already."""
        insert = postgresql.insert(table) if self.postgres else sqlite.insert(table)
        changes = {name: insert.excluded[name] for name in names}
        return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)


def _number(name: str) -> int:
    digest = sha256(f"quaybot {name}".encode(errors="replace")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def database_troubles(*also: type[Exception]) -> Iterator[None]:
    """Turn "the database is away, full, locked or gave up on a deadlock" into TryLater; bugs stay what they are.

    `also` are a driver's own errors, where it is spoken to directly.
    """
    troubles: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout, *also)
    try:
        yield
    except troubles as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        detail = f"{type(cause).__name__}: {cause}"
        raise TryLater(_AWAY, after=1.0, detail=detail) from error
    except DatabaseError as error:
        if "file is not a database" not in str(error.orig):
            raise
        raise UserError("The file that DATABASE_URL names is no SQLite database. Name another one.") from error


@contextmanager
def first_contact() -> Iterator[None]:
    """Turn "the server does not let us in" into UserError: no waiting helps against a wrong password or name.

    Only for the first words with a database. Later it may be a matter of minutes, and is like any other trouble.
    """
    try:
        yield
    except TryLater as error:
        reason = _REFUSES.search(str(error))
        if reason is None:
            raise
        why = reason[1] or reason[2]
        raise UserError(f"The database refuses the bot: {why}. Check DATABASE_URL.", detail=str(error)) from error
