"""The store: everything that survives, in SQLite or in PostgreSQL."""

from bot.adapters.store.migrate import is_current, upgrade
from bot.adapters.store.sql_store import SqlStore, open_store
from bot.adapters.store.urls import is_sqlite

__all__ = ["SqlStore", "is_current", "is_sqlite", "open_store", "upgrade"]
