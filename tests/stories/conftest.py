"""The world in which the stories happen. Every story has its own."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from bot.adapters.store.migrate import upgrade
from tests.stories.world import World, a_world


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables. Made in a thread of its own: the event loops must not notice."""
    path = tmp_path_factory.mktemp("stories") / "migrated.db"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade(f"sqlite:///{path}")).result()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    """A database file of one's own."""
    return Path(shutil.copy(migrated, tmp_path / "quaybot.db"))


# Reading all the certificates of the world takes longer than everything else that a world is made of.
_certificates = cache(ssl.create_default_context)


@pytest.fixture
async def sleeping(database: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Everybody is there, the bot is not started yet."""
    monkeypatch.setattr(ssl, "create_default_context", _certificates)
    async with a_world(database) as world:
        yield world


@pytest.fixture
async def world(sleeping: World) -> World:
    """Everybody is there, and the bot is awake."""
    await sleeping.wake()
    return sleeping
