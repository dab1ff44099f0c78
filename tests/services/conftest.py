"""The databases for this folder's tests, and a newsroom on them."""

from collections.abc import AsyncIterator

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
from tests.services.newsroom import Newsroom, newsroom

__all__ = [
    "database_url",
    "engine",
    "postgres_server",
    "postgres_template",
    "replica",
    "room",
    "sqlite_template",
    "store",
]


@pytest.fixture
async def room(store: SqlStore) -> AsyncIterator[Newsroom]:
    async with newsroom(store) as room:
        yield room
