"""The databases for this folder's tests, and a mill on them."""

import pytest

from bot.adapters.store import SqlStore
from tests.plugins.databases import (
    database_url,
    engine,
    postgres_server,
    postgres_template,
    replica,
    sqlite_template,
    store,
)
from tests.webhooks.mill import Mill

__all__ = ["database_url", "engine", "mill", "postgres_server", "postgres_template", "replica", "sqlite_template",
           "store"]  # fmt: skip


@pytest.fixture
def mill(store: SqlStore) -> Mill:
    return Mill(store)
