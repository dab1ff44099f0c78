"""Times in which events may have been missed: one for each repository, looked through once, and never lost."""

import asyncio
from dataclasses import replace

from bot.adapters.store import SqlStore
from bot.adapters.store.gaps import GROWS
from bot.domain.subscriptions import Gap
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import LEASE, SOON, after
from tests.plugins.wishes import gap


async def claimed(store: SqlStore, seconds: float = 120) -> list[Gap]:
    return [replace(one, id=0) for one in await store.gaps.claim(9, after(seconds), LEASE)]


async def test_what_is_opened_comes_back_when_it_is_due(store: SqlStore) -> None:
    await store.gaps.open(gap(0, 60, "repo_push", "build_failure"))
    assert await claimed(store, 119) == []
    assert await store.gaps.waiting("SAAAA") == 1
    assert await claimed(store, 120) == [gap(0, 60, "repo_push", "build_failure")]
    assert await store.gaps.waiting("SBBBB") == 0


async def test_the_longest_due_one_comes_first(store: SqlStore) -> None:
    for number, name in enumerate(("S2", "S3", "S1")):
        await store.gaps.open(gap(name=name, due=10 * number))
    (first,) = await store.gaps.claim(1, after(120), LEASE)
    assert first.subscription == "S2"
    assert [one.subscription for one in await claimed(store)] == ["S3", "S1"]


async def test_two_of_one_repository_become_one(store: SqlStore) -> None:
    await store.gaps.open(gap(10, 60, "repo_push", "build_failure", due=100))
    await store.gaps.open(gap(50, 90, "repo_push", "vulnerability_found", due=160))
    await store.gaps.open(gap(5, 6, "repo_push", due=10))
    await store.gaps.open(gap(name="SOTHER", due=500))
    assert await store.gaps.waiting("SAAAA") == 1
    assert await claimed(store, 159) == []
    one = gap(5, 90, "repo_push", "build_failure", "vulnerability_found", due=160)
    assert await claimed(store, 160) == [one]


async def test_one_that_grows_and_grows_is_looked_through_all_the_same(store: SqlStore) -> None:
    for minute in range(20):
        await store.gaps.open(gap(60 * minute, 60 * minute + 59, due=60 * minute + 100))
    latest = 100 + GROWS.total_seconds()
    assert await claimed(store, latest - 1) == []
    assert await claimed(store, latest) == [gap(0, 60 * 19 + 59, due=latest)]


async def test_two_replicas_that_open_the_same_make_one(store: SqlStore, replica: SqlStore) -> None:
    places = (store, replica) * 5
    await asyncio.gather(*(one.gaps.open(gap(number, 60 + number)) for number, one in enumerate(places)))
    assert await claimed(store) == [gap(0, 69)]


async def test_one_that_was_looked_through_is_over(store: SqlStore) -> None:
    await store.gaps.open(gap())
    (one,) = await store.gaps.claim(9, after(120), LEASE)
    await store.gaps.close(one)
    assert await store.gaps.waiting("SAAAA") == 0
    await store.gaps.close(one)
    await store.gaps.open(gap(200, 260, due=300))
    assert await claimed(store, 300) == [gap(200, 260, due=300)]


async def test_what_is_added_while_it_is_looked_through_is_looked_through_as_well(store: SqlStore) -> None:
    await store.gaps.open(gap())
    (one,) = await store.gaps.claim(9, after(120), LEASE)
    await store.gaps.open(gap(100, 130, due=125))
    assert await claimed(store, 125) == []
    await store.gaps.close(one)
    assert await claimed(store, 125) == [gap(0, 130, due=125)]


async def test_a_look_that_broke_off_is_counted_and_made_again(store: SqlStore, replica: SqlStore) -> None:
    await store.gaps.open(gap())
    (one,) = await store.gaps.claim(9, after(120), LEASE)
    await store.gaps.later(one, after(200))
    assert await claimed(replica, 199) == []
    assert await claimed(replica, 200) == [replace(gap(due=200), tries=1)]


async def test_two_replicas_never_look_through_the_same(store: SqlStore, replica: SqlStore) -> None:
    for number in range(12):
        await store.gaps.open(gap(name=f"S{number}"))
    claims = [place.gaps.claim(6, after(120), LEASE) for place in (store, replica)]
    taken = [one.subscription for batch in await asyncio.gather(*claims) for one in batch]
    assert len(taken) == len(set(taken))


async def test_one_whose_looker_died_is_handed_over(store: SqlStore, replica: SqlStore) -> None:
    await store.gaps.open(gap())
    assert await claimed(store, 120) == [gap()]
    assert await claimed(replica, 179) == []
    assert await claimed(replica, 180) == [gap()]


@ONLY_SQLITE
async def test_what_a_dead_process_had_claimed_is_free_at_the_next_start(store: SqlStore) -> None:
    await store.gaps.open(gap())
    await store.gaps.claim(9, after(120), LEASE)
    await store.begin(SOON)
    assert await claimed(store, 121) == [gap()]
