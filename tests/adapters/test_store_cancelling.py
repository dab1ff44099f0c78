"""Whoever is cancelled while a connection is opened leaves none open behind."""

import asyncio
import sqlite3
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.adapters.store import SqlStore, is_current, open_store
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import NOW


class Counted(sqlite3.Connection):
    """Counts itself as long as it is open."""

    opened = 0

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]  # handed through as it came
        Counted.opened += 1

    def close(self) -> None:
        Counted.opened -= 1
        super().close()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> type[Counted]:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Counted))
    monkeypatch.setattr(Counted, "opened", 0)
    return Counted


@ONLY_SQLITE
@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_a_caller_who_is_cancelled_at_any_moment_leaves_no_file_open(
    database_url: str, files: type[Counted], turns: int
) -> None:
    store = open_store(database_url, None)
    task = asyncio.create_task(store.once.first("Ev1", NOW))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await store.close()
    assert files.opened == 0


class Openings:
    """The connections that are open now. While there is a `victim`, it is cancelled when one is being prepared."""

    def __init__(self) -> None:
        self.open: list[object] = []
        self.victim: asyncio.Task[object] | None = None

    def opened(self, connection: object, _record: object) -> None:
        self.open.append(connection)
        if self.victim:
            self.victim.cancel()

    def closed(self, connection: object, _record: object) -> None:
        self.open.remove(connection)


@pytest.fixture
def openings() -> Iterator[Openings]:
    openings = Openings()
    event.listen(Pool, "connect", openings.opened)
    event.listen(Pool, "close", openings.closed)
    yield openings
    event.remove(Pool, "connect", openings.opened)
    event.remove(Pool, "close", openings.closed)


async def test_a_caller_who_is_cancelled_while_a_connection_is_prepared_leaves_it_to_the_next_one(
    store: SqlStore, openings: Openings
) -> None:
    openings.victim = asyncio.create_task(store.once.first("Ev1", NOW))
    with pytest.raises(asyncio.CancelledError):
        await openings.victim
    openings.victim = None
    assert len(openings.open) == 1
    assert await store.once.first("Ev1", NOW)  # nothing of it was written
    assert len(openings.open) == 1
    await store.close()
    assert openings.open == []


@ONLY_SQLITE
@pytest.mark.parametrize("turns", range(60))
async def test_a_writer_who_is_cancelled_leaves_no_lock_behind(store: SqlStore, database_url: str, turns: int) -> None:
    assert await store.once.first("Ev0", NOW)  # a connection is open
    task = asyncio.create_task(store.once.first("Ev1", NOW))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    other = open_store(database_url, None, patience=0.5)
    assert await other.once.first("Ev2", NOW)
    await other.close()


async def test_a_start_that_is_cancelled_leaves_no_connection_open(database_url: str, openings: Openings) -> None:
    openings.victim = asyncio.create_task(is_current(database_url))
    with pytest.raises(asyncio.CancelledError):
        await openings.victim
    assert openings.open == []


async def test_a_caller_who_is_cancelled_twice_is_cancelled_once(store: SqlStore, openings: Openings) -> None:
    task = asyncio.create_task(store.once.first("Ev1", NOW))
    for _ in range(2):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.wait([task])
    await store.close()
    assert task.cancelled()
    assert openings.open == []
