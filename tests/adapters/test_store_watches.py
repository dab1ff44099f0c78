"""Builds that are followed, and ids that count once."""

import asyncio

from bot.adapters.store import SqlStore
from bot.domain.people import Person
from bot.ports import Watch
from tests.plugins.rows import LATER, LEASE, NOW, SOON, after

ANN = Person("T1", "U1")


async def follow(store: SqlStore, build: str, seconds: float = 0) -> None:
    await store.watches.add("acme/api", build, ANN, after(seconds))


async def looked_at(store: SqlStore, seconds: float, limit: int = 9) -> list[str]:
    return [watch.build for watch in await store.watches.claim(limit, after(seconds), LEASE)]


async def test_a_new_watch_is_looked_at_at_once(store: SqlStore) -> None:
    await follow(store, "b1")
    (watch,) = await store.watches.claim(9, NOW, LEASE)
    assert (watch, watch.due_at) == (Watch("acme/api", "b1", ANN, NOW, 0), NOW)


async def test_following_a_build_again_changes_nothing(store: SqlStore) -> None:
    await follow(store, "b1")
    await store.watches.add("acme/api", "b1", Person("T1", "U2"), SOON)
    (watch,) = await store.watches.claim(9, SOON, LEASE)
    assert (watch.person, watch.since) == (ANN, NOW)


async def test_the_longest_due_watch_comes_first(store: SqlStore) -> None:
    await follow(store, "late", 2)
    await follow(store, "early", 1)
    assert await looked_at(store, 5, limit=1) == ["early"]
    assert await looked_at(store, 5) == ["late"]


async def test_two_replicas_never_look_at_the_same_build(store: SqlStore, replica: SqlStore) -> None:
    for number in range(12):
        await follow(store, f"b{number}")
    claims = [place.watches.claim(4, SOON, LEASE) for place in (store, replica)]
    taken = [watch.build for batch in await asyncio.gather(*claims) for watch in batch]
    assert len(taken) == len(set(taken))


async def test_a_watch_whose_watcher_died_is_handed_over_and_counts_the_look(
    store: SqlStore, replica: SqlStore
) -> None:
    await follow(store, "b1")
    await store.watches.claim(9, NOW, LEASE)
    assert await replica.watches.claim(9, after(59), LEASE) == ()
    (watch,) = await replica.watches.claim(9, LATER, LEASE)
    assert watch.polls == 1


async def test_a_watch_for_later_comes_back_then(store: SqlStore) -> None:
    await follow(store, "b1")
    await store.watches.claim(9, NOW, LEASE)
    await store.watches.later("b1", after(10))
    assert await looked_at(store, 9) == []
    assert await looked_at(store, 10) == ["b1"]


async def test_haste_brings_a_watch_forward_but_never_back(store: SqlStore) -> None:
    await follow(store, "b1")
    await store.watches.claim(9, NOW, LEASE)
    await store.watches.later("b1", after(100))
    await store.watches.hurry("b1", after(5))
    await store.watches.hurry("b1", after(50))
    assert await looked_at(store, 5) == ["b1"]


async def test_haste_during_a_look_makes_another_one(store: SqlStore) -> None:
    await follow(store, "b1")
    await store.watches.claim(9, NOW, LEASE)
    await store.watches.hurry("b1", after(1))
    assert await looked_at(store, 1) == []
    await store.watches.later("b1", after(100))
    assert await looked_at(store, 2) == ["b1"]
    await store.watches.later("b1", after(100))
    assert await looked_at(store, 3) == []


async def test_an_ended_watch_is_gone(store: SqlStore) -> None:
    await follow(store, "b1")
    await store.watches.end("b1")
    await store.watches.end("b1")
    await store.watches.later("b1", NOW)
    await store.watches.hurry("b1", NOW)
    assert await looked_at(store, 100) == []


async def test_an_id_counts_once(store: SqlStore) -> None:
    assert await store.once.first("Ev1", NOW)
    assert not await store.once.first("Ev1", SOON)
    assert await store.once.first("Ev2", NOW)


async def test_an_id_counts_once_for_all_replicas(store: SqlStore, replica: SqlStore) -> None:
    asked = [place.once.first("Ev1", NOW) for _ in range(5) for place in (store, replica)]
    assert sum(await asyncio.gather(*asked)) == 1


async def test_ids_are_forgotten_when_they_are_old(store: SqlStore) -> None:
    await store.once.first("old", NOW)
    await store.once.first("young", SOON)
    await store.once.sweep(SOON)
    assert await store.once.first("old", SOON)
    assert not await store.once.first("young", SOON)


async def test_a_caller_who_is_cancelled_at_any_moment_does_not_leave_the_store_stuck(store: SqlStore) -> None:
    for moment in range(60):
        task = asyncio.create_task(store.once.first(f"Ev{moment}", NOW))
        for _ in range(moment):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert await store.once.first("afterwards", NOW)
    assert not await store.once.first("afterwards", NOW)
