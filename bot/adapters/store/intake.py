"""The way in for webhook bodies: the hot path, and the one that must not forget anything.

A batch is one transaction with one sync to disk. Statements through the asynchronous driver would cost a thread hop
each; here the whole batch hops once into a thread that owns one connection, and speaks to the driver itself: the SQL
layer would add half as much again to a small one.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import URL, PoolProxiedConnection
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.adapters.hand import Hand
from bot.adapters.store.columns import microseconds
from bot.adapters.store.database import Gate, database_troubles
from bot.adapters.store.engines import sync_engine
from bot.ports import Spooled

Batch = Sequence[tuple[str, bytes]]

_SQLITE_HOOKS = """
    SELECT hash, hook FROM hook_tokens WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)"""
_SQLITE_KEEP = "INSERT INTO deliveries (hook, body, received_at, state) VALUES (?, ?, ?, 'new')"
_POSTGRES_HOOKS = """
    SELECT hash, hook FROM hook_tokens
    WHERE hash = ANY(%s::text[]) AND (expires_at IS NULL OR expires_at > %s)"""
_POSTGRES_KEEP = """
    INSERT INTO deliveries (hook, body, received_at, state)
    SELECT hook, body, %s, 'new' FROM unnest(%s::bigint[], %b::bytea[]) WITH ORDINALITY AS given (hook, body, place)
    ORDER BY place"""

# What was spooled. Whether its token worked is judged by the time at which it came.
_SQLITE_TOKENS = "SELECT hash, hook, expires_at FROM hook_tokens WHERE hash = ?"
_SQLITE_DRAIN = """
    INSERT INTO deliveries (hook, body, received_at, state, spooled) VALUES (?, ?, ?, 'new', ?)
    ON CONFLICT DO NOTHING"""
_POSTGRES_TOKENS = "SELECT hash, hook, expires_at FROM hook_tokens WHERE hash = ANY(%s::text[])"
_POSTGRES_DRAIN = """
    INSERT INTO deliveries (hook, body, received_at, state, spooled)
    SELECT hook, body, at, 'new', record
    FROM unnest(%s::bigint[], %b::bytea[], %s::bigint[], %s::text[]) WITH ORDINALITY
        AS given (hook, body, at, record, place)
    ORDER BY place
    ON CONFLICT DO NOTHING"""

Write = Callable[[DBAPICursor], list[bool]]


class SqlIntake:
    """Implements ports.Intake. `gate` is held while the thread writes."""

    def __init__(self, url: URL, gate: Gate, patience: float) -> None:
        self._engine = sync_engine(url, patience)
        self._postgres = url.get_backend_name() == "postgresql"
        self._trouble: type[Exception] = self._engine.dialect.loaded_dbapi.OperationalError
        self._gate = gate
        self._hand = Hand("intake")
        self._connection: PoolProxiedConnection | None = None  # the thread's own, kept open

    async def keep(self, batch: Batch, now: datetime) -> list[bool]:
        """Store (token hash, body) pairs in one transaction; False where no live hook has that hash.

        Raises TryLater when nothing could be stored. If the connection broke during the commit, the batch is stored
        again: a body that comes twice is folded away later, a lost one would be lost.
        """
        if not batch:
            return []
        at = microseconds(now)
        return await self._stored(lambda cursor: self._write(cursor, batch, at))

    async def drain(self, batch: Sequence[Spooled]) -> list[bool]:
        """Store what was spooled, in one transaction; False where no hook had that hash at that time.

        A record that is stored already is left as it is. Raises TryLater when nothing could be stored.
        """
        return await self._stored(lambda cursor: self._drain(cursor, batch)) if batch else []

    async def _stored(self, write: Write) -> list[bool]:
        with database_troubles(self._trouble):
            async with self._gate:
                return await self._hand.do(lambda: self._twice(write))

    async def close(self) -> None:
        """Let a running batch end, then give back the connection. Closing again does nothing.

        A database that hangs is not waited for for ever: then the connection ends with the process.
        """
        if await self._hand.close() and self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _twice(self, write: Write) -> list[bool]:
        try:
            return self._transaction(write)
        except self._trouble:
            if not self._postgres:
                raise  # it has waited for its turn already
            return self._transaction(write)  # the server was restarted, or a replica was in the way

    def _transaction(self, write: Write) -> list[bool]:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        try:
            kept = write(self._connection.cursor())
            self._connection.commit()
        except BaseException:
            self._connection.invalidate()  # what was not committed is rolled back with it
            self._connection = None
            raise
        return kept

    def _write(self, cursor: DBAPICursor, batch: Batch, now: int) -> list[bool]:
        tokens = {token for token, _ in batch}
        live: dict[str, int] = {}
        if self._postgres:
            cursor.execute(_POSTGRES_HOOKS, (list(tokens), now))
            live.update(cursor.fetchall())
        else:
            cursor.execute("BEGIN IMMEDIATE")
            for token in tokens:  # nearly always one or two: cheaper than to hand over a list
                cursor.execute(_SQLITE_HOOKS, (token, now))
                live.update(cursor.fetchall())
        known = [(live[token], body) for token, body in batch if token in live]
        if known and self._postgres:
            cursor.execute(_POSTGRES_KEEP, (now, [hook for hook, _ in known], [body for _, body in known]))
        elif known:
            cursor.executemany(_SQLITE_KEEP, [(hook, body, now) for hook, body in known])
        return [token in live for token, _ in batch]

    def _drain(self, cursor: DBAPICursor, batch: Sequence[Spooled]) -> list[bool]:
        tokens = {record.token_hash for record in batch}
        rows: list[tuple[str, int, int | None]] = []
        if self._postgres:
            cursor.execute(_POSTGRES_TOKENS, (list(tokens),))
            rows += cursor.fetchall()
        else:
            cursor.execute("BEGIN IMMEDIATE")
            for token in tokens:
                cursor.execute(_SQLITE_TOKENS, (token,))
                rows += cursor.fetchall()
        hooks = {token: (hook, end) for token, hook, end in rows}
        given = [_row(record, *hooks.get(record.token_hash, (None, None))) for record in batch]
        known = [row for row in given if row is not None]
        if known and self._postgres:
            cursor.execute(_POSTGRES_DRAIN, tuple(map(list, zip(*known, strict=True))))
        elif known:
            cursor.executemany(_SQLITE_DRAIN, known)
        return [row is not None for row in given]


def _row(record: Spooled, hook: int | None, end: int | None) -> tuple[int, bytes, int, str] | None:
    at = microseconds(record.received_at)
    return None if hook is None or (end is not None and end <= at) else (hook, record.body, at, record.id)
