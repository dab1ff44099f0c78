"""How connections are opened, so that a committed row survives a power cut and a lock is never waited for for ever."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.store.urls import sync_url
from bot.domain.errors import UserError

# Another process (`quaybot hooks add` beside `quaybot serve`) may hold SQLite's write lock for a moment: how many
# seconds it is waited for (and for a PostgreSQL server to answer the door).
PATIENCE = 10.0
# busy_timeout comes first (from `timeout`): the change to WAL has to wait its turn as well.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
# A replica that hangs inside a transaction must not stop the others for ever.
# Nor may a server that vanished without a word keep us waiting: what it does not acknowledge breaks the connection.
_POSTGRES_SILENCE = {"tcp_user_timeout": 15_000, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
_POSTGRES_SETTINGS = ("SET lock_timeout = '15s'", "SET idle_in_transaction_session_timeout = '60s'")


def async_engine(url: URL, patience: float = PATIENCE) -> AsyncEngine:
    """The engine for everything but the hot path. Opens nothing yet."""
    # "pre-ping": a connection that was lost while nobody used it is replaced before it is handed out.
    engine = create_async_engine(url, pool_pre_ping=url.get_backend_name() == "postgresql", **_options(url, patience))
    _prepare(engine.sync_engine)
    return engine


def sync_engine(url: URL, patience: float = PATIENCE) -> Engine:
    """The same database for one thread: one connection, no event loop."""
    engine = create_engine(sync_url(url), pool_size=1, max_overflow=0, **_options(url, patience))
    _prepare(engine)
    return engine


def _options(url: URL, patience: float) -> dict[str, Any]:
    # Parameters are bodies and sealed tokens: they never belong into an error's text.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        if not folder.is_dir():
            raise UserError(f"There is no folder {folder} for the database file. Make it, or change DATABASE_URL.")
        return options | {"connect_args": {"timeout": patience}}
    return options | {"connect_args": {"connect_timeout": max(2, round(patience)), **_POSTGRES_SILENCE}}


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "close", _close_sqlite)
        # "Terminating" would close a file twice at once when its user is cancelled again, and one of them for ever.
        engine.dialect.has_terminate = False
    else:
        event.listen(engine, "connect", _open_postgres)


def _open_sqlite(connection: Any, _record: object) -> None:
    # Python's driver begins transactions by itself, too late and of the wrong kind: it is told not to (None).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot be made to wait for another writer: it fails at once.
    # So a writer takes the write lock at its beginning.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _close_sqlite(connection: Any, _record: object) -> None:
    # SQLite closes a file only when the last statement on it is forgotten: one that was interrupted would go on
    # holding the write lock until then. Nothing may keep the closing itself from being done.
    with suppress(asyncio.CancelledError, sqlite3.Error):
        connection.rollback()


def _open_postgres(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for setting in _POSTGRES_SETTINGS:
        cursor.execute(setting)
    cursor.close()
    connection.commit()
