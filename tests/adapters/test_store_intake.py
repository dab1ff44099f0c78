"""Webhook bodies: durable when `keep` returns, stored whole or not at all."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore, open_store
from bot.domain.errors import TryLater
from bot.ports import Spooled
from tests.plugins.databases import ONLY_POSTGRES, ONLY_SQLITE, PostgresServer
from tests.plugins.rows import LEASE, NOW, SOON, a_hook, after, delivered


async def test_bodies_are_kept_in_the_order_in_which_they_came(store: SqlStore) -> None:
    hook = await a_hook(store)
    await delivered(store, b"one", b"two")
    await delivered(store, b"three")
    deliveries = await store.inbox.claim(10, SOON, LEASE)
    assert [delivery.body for delivery in deliveries] == [b"one", b"two", b"three"]
    assert [delivery.id for delivery in deliveries] == sorted(delivery.id for delivery in deliveries)
    assert [delivery.hook for delivery in deliveries] == [hook] * 3
    assert {delivery.received_at for delivery in deliveries} == {NOW}


async def test_a_body_for_an_unknown_hash_is_not_stored(store: SqlStore) -> None:
    await a_hook(store)
    assert await store.intake.keep([("nobody", b"x"), ("t1", b"y"), ("nobody", b"z")], NOW) == [False, True, False]
    assert [delivery.body for delivery in await store.inbox.claim(10, SOON, LEASE)] == [b"y"]


async def test_a_batch_of_nothing_but_unknown_hashes_stores_nothing(store: SqlStore) -> None:
    assert await store.intake.keep([("nobody", b"x")], NOW) == [False]
    assert await store.intake.keep([], NOW) == []
    assert await store.inbox.waiting() == 0


async def test_a_batch_may_hold_bodies_of_several_hooks(store: SqlStore) -> None:
    first, second = await a_hook(store, "t1"), await a_hook(store, "t2", "C2", "C3")
    await store.intake.keep([("t2", b"b"), ("t1", b"a")], NOW)
    deliveries = await store.inbox.claim(10, SOON, LEASE)
    assert [(delivery.hook, delivery.body) for delivery in deliveries] == [(second, b"b"), (first, b"a")]


async def test_a_rotated_token_works_until_its_grace_is_over(store: SqlStore) -> None:
    hook = await a_hook(store, "old")
    assert await store.hooks.rotate(hook.id, "new", NOW, timedelta(hours=1))
    both = [("old", b""), ("new", b"")]
    assert await store.intake.keep(both, after(3599)) == [True, True]
    assert await store.intake.keep(both, after(3600)) == [False, True]


async def test_a_removed_hook_takes_nothing_any_more(store: SqlStore) -> None:
    hook = await a_hook(store)
    assert await store.hooks.remove(hook.id)
    assert await store.intake.keep([("t1", b"x")], NOW) == [False]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
async def test_any_bytes_come_out_as_they_went_in(store: SqlStore, bodies: list[bytes]) -> None:
    token = uuid4().hex
    await a_hook(store, token)
    await delivered(store, *bodies, token=token)
    kept = await store.inbox.claim(10, SOON, LEASE)
    assert [delivery.body for delivery in kept] == bodies
    async with store.inbox.ledger() as ledger:
        await ledger.done([delivery.id for delivery in kept])


async def test_what_was_kept_outlives_the_process(store: SqlStore, database_url: str) -> None:
    await a_hook(store)
    await delivered(store, b"kept")
    await store.close()
    again = open_store(database_url, None)
    assert [delivery.body for delivery in await again.inbox.claim(1, SOON, LEASE)] == [b"kept"]
    await again.close()


async def test_a_batch_that_breaks_in_its_middle_is_not_stored_at_all(store: SqlStore) -> None:
    await a_hook(store)
    with pytest.raises(Exception):  # noqa: B017, PT011 - each driver has its own word for "no bytes"
        await store.intake.keep([("t1", b"good"), ("t1", object())], NOW)  # type: ignore[list-item]
    assert await store.inbox.waiting() == 0
    await delivered(store, b"the next one is fine")


async def test_a_caller_who_goes_away_does_not_break_the_batch(store: SqlStore) -> None:
    await a_hook(store)
    task = asyncio.create_task(store.intake.keep([("t1", b"x")] * 100, NOW))
    while not task.done():
        await asyncio.sleep(0)
        task.cancel()
    await delivered(store, b"after")
    assert await store.inbox.waiting() in {1, 101}


@ONLY_SQLITE
async def test_a_file_that_another_process_keeps_locked_is_a_reason_to_try_later(
    database_url: str, tmp_path: Path
) -> None:
    store = open_store(database_url, None, patience=0.01)
    await a_hook(store)
    with closing(sqlite3.connect(tmp_path / "quaybot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryLater):
            await store.intake.keep([("t1", b"x")], NOW)
        other.execute("ROLLBACK")
    await delivered(store, b"x")
    await store.close()


@ONLY_SQLITE
async def test_another_process_can_add_a_hook_while_bodies_come_in(store: SqlStore, replica: SqlStore) -> None:
    await a_hook(store)
    writes = [store.intake.keep([("t1", b"x")], NOW) for _ in range(20)]
    adds = [a_hook(replica, f"new{number}") for number in range(20)]
    await asyncio.gather(*writes, *adds)
    assert await store.inbox.waiting() == 20
    assert len(await store.hooks.all()) == 21


@ONLY_POSTGRES
async def test_a_server_that_dropped_its_connections_is_not_noticed(
    store: SqlStore, postgres_server: PostgresServer
) -> None:
    await a_hook(store)
    await delivered(store, b"before")
    postgres_server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
    await delivered(store, b"after")
    assert await store.inbox.waiting() == 2


def spooled(*names: str, token: str = "t1", seconds: float = 0) -> list[Spooled]:
    return [Spooled(name, token, name.encode(), after(seconds)) for name in names]


async def test_what_was_spooled_is_stored_in_its_order_with_the_time_at_which_it_came(store: SqlStore) -> None:
    await a_hook(store)
    assert await store.intake.drain([*spooled("x:0", "x:80"), *spooled("a:0", seconds=2)]) == [True] * 3
    assert await store.intake.drain([]) == []
    kept = await store.inbox.claim(10, SOON, LEASE)
    assert [(one.body, one.received_at) for one in kept] == [(b"x:0", NOW), (b"x:80", NOW), (b"a:0", after(2))]


async def test_what_was_spooled_is_stored_once_however_often_it_is_drained(store: SqlStore, replica: SqlStore) -> None:
    await a_hook(store)
    first, second = spooled("x:0", "x:80"), spooled("x:80", "x:160")
    await asyncio.gather(store.intake.drain(first), replica.intake.drain(second))
    assert await store.intake.drain([*second, *first, *first]) == [True] * 6
    kept = await store.inbox.claim(10, SOON, LEASE)
    assert sorted(one.body for one in kept) == [b"x:0", b"x:160", b"x:80"]
    async with store.inbox.ledger() as ledger:
        await ledger.done([one.id for one in kept])
    assert await store.intake.drain(first) == [True, True]
    assert await store.inbox.waiting() == 0


async def test_a_spooled_body_is_judged_by_the_time_at_which_it_came(store: SqlStore) -> None:
    hook = await a_hook(store, "old")
    assert await store.hooks.rotate(hook.id, "new", NOW, timedelta(hours=1))
    given = [*spooled("early", token="old", seconds=3599), *spooled("late", token="old", seconds=3600)]
    assert await store.intake.drain([*given, *spooled("nobody", token="other")]) == [True, False, False]
    assert [one.body for one in await store.inbox.claim(10, SOON, LEASE)] == [b"early"]


@ONLY_SQLITE
async def test_draining_into_a_locked_file_is_a_reason_to_try_later(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, None, patience=0.01)
    await a_hook(store)
    with closing(sqlite3.connect(tmp_path / "quaybot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryLater):
            await store.intake.drain(spooled("x:0"))
        other.execute("ROLLBACK")
    assert await store.intake.drain(spooled("x:0")) == [True]
    await store.close()
