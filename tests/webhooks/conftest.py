"""The databases for this folder's tests, and a mill and the pages for linking on them."""

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
from tests.services.linking_desk import World
from tests.webhooks.link_house import House, opened
from tests.webhooks.mill import Mill

__all__ = ["database_url", "engine", "house", "mill", "postgres_server", "postgres_template", "replica",
           "sqlite_template", "store"]  # fmt: skip


@pytest.fixture
def mill(store: SqlStore) -> Mill:
    return Mill(store)


@pytest.fixture
async def house(store: SqlStore) -> AsyncIterator[House]:
    async with opened(World(links=store.links, accounts=store.accounts)) as house:
        yield house
