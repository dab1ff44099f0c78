"""Leases: one holder at a time, on both engines, whoever comes when."""

import asyncio
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore
from tests.plugins.databases import ONLY_POSTGRES, ONLY_SQLITE
from tests.plugins.rows import NOW, after

SPAN = timedelta(seconds=15)


async def test_a_free_lease_is_taken_and_held_against_others(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    assert not await replica.lease.hold("schedule", "b", after(14.9), SPAN)


async def test_whoever_holds_it_may_renew_it(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    assert await store.lease.hold("schedule", "a", after(10), SPAN)
    assert not await replica.lease.hold("schedule", "b", after(24.9), SPAN)


async def test_when_its_time_is_over_another_takes_it_and_the_first_is_told(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    assert await replica.lease.hold("schedule", "b", after(15), SPAN)
    assert not await store.lease.hold("schedule", "a", after(15), SPAN)


async def test_one_that_was_taken_by_a_clock_a_day_ahead_keeps_nobody_out(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", after(86_400), SPAN)
    assert await replica.lease.hold("schedule", "b", NOW, SPAN)


async def test_given_back_it_is_free_at_once(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    await store.lease.let_go("schedule", "a")
    assert await replica.lease.hold("schedule", "b", NOW, SPAN)


async def test_nobody_gives_back_what_is_not_theirs(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    await replica.lease.let_go("schedule", "b")
    assert not await replica.lease.hold("schedule", "b", after(1), SPAN)


async def test_leases_of_different_names_do_not_know_each_other(store: SqlStore) -> None:
    assert await store.lease.hold("schedule", "a", NOW, SPAN)
    assert await store.lease.hold("something else", "b", NOW, SPAN)


async def test_of_many_who_reach_for_it_at_once_one_gets_it(store: SqlStore, replica: SqlStore) -> None:
    stores = [store, replica] * 5
    held = await asyncio.gather(
        *(one.lease.hold("schedule", str(number), NOW, SPAN) for number, one in enumerate(stores))
    )
    assert held.count(True) == 1


@ONLY_SQLITE
async def test_a_new_process_on_sqlite_waits_for_no_dead_one(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "dead", NOW, SPAN)
    await replica.begin(after(1))
    assert await replica.lease.hold("schedule", "new", after(1), SPAN)


@ONLY_POSTGRES
async def test_a_new_process_on_postgres_takes_the_lease_of_nobody(store: SqlStore, replica: SqlStore) -> None:
    assert await store.lease.hold("schedule", "living", NOW, SPAN)
    await replica.begin(after(1))
    assert not await replica.lease.hold("schedule", "new", after(1), SPAN)


_moves = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(("hold", "let_go")), st.integers(0, 20)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_moves)
async def test_whatever_happens_nobody_gets_it_before_the_last_holders_time_is_over(
    store: SqlStore, moves: list[tuple[str, str, int]]
) -> None:
    held: tuple[str, int] | None = None  # by whom, until which second
    now = 0
    for who in "abc":
        await store.lease.let_go("schedule", who)
    for who, what, wait in moves:
        now += wait
        if what == "let_go":
            await store.lease.let_go("schedule", who)
            held = None if held and held[0] == who else held
            continue
        allowed = held is None or held[0] == who or held[1] <= now
        assert await store.lease.hold("schedule", who, after(now), SPAN) == allowed
        held = (who, now + 15) if allowed else held
