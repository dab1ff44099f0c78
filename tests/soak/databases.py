"""A fresh, migrated database of either engine."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.store import upgrade
from tests.plugins.databases import PostgresServer

ENGINES = ("sqlite", "postgres")


@asynccontextmanager
async def a_database(engine: str, folder: Path) -> AsyncIterator[str]:
    """Its address. A PostgreSQL server of its own is started for it, and stopped afterwards."""
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'quaybot.db'}"
        await upgrade(url)
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="quaybot-postgres-") as place:
        server = PostgresServer(Path(place))
        try:
            url = server.url(server.create())
            await upgrade(url)
            yield url
        finally:
            server.stop()
