"""Subscriptions: kept as they are, and compared with Quay by one process at a time, the longest due first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.subscriptions import State, Wanted
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import LATER, LEASE, NOW, SOON, after
from tests.plugins.wishes import ANN, BOB, becomes, ended, subscribed, wish, with_part

AGES = timedelta(minutes=10)


async def claimed(store: SqlStore, seconds: float = 0, limit: int = 9) -> list[str]:
    return [one.name for one in await store.subscriptions.claim(limit, after(seconds), LEASE)]


async def test_what_is_stored_comes_back_as_it_was(store: SqlStore) -> None:
    bare = replace(wish("SB"), wanted=Wanted("acme", ()))
    full = wish("SA", state=State.ORPHANED, paused_until=after(60), reason="\N{BELL}", checked_at=SOON, source="file")
    await subscribed(store, bare, full)
    assert await store.subscriptions.get("SA") == full
    assert await store.subscriptions.get("SB") == bare
    assert await store.subscriptions.get("SC") is None


async def test_a_name_is_taken_once(store: SqlStore, replica: SqlStore) -> None:
    adding = (one.subscriptions.add(wish(channel=f"C{number}"), NOW) for number, one in enumerate((store, replica) * 4))
    assert sorted(await asyncio.gather(*adding)) == [*[False] * 7, True]
    await becomes(store, ended(wish()), NOW)
    assert not await store.subscriptions.add(wish(), NOW)


async def test_they_are_listed_by_channel_target_and_name(store: SqlStore) -> None:
    names = ("S1", "C2", "b/b"), ("S2", "C1", "b/b"), ("S3", "C1", "B/a"), ("S4", "C1", "a/a")
    await subscribed(store, *(wish(*one) for one in names))
    assert [one.name for one in await store.subscriptions.all()] == ["S3", "S4", "S2", "S1"]


async def test_one_channels_or_persons_are_listed_and_ended_ones_apart(store: SqlStore) -> None:
    await subscribed(store, wish("SA"), wish("SB", "C2"), wish("SC", person=BOB), ended(wish("SD")))
    every = store.subscriptions.all
    assert [one.name for one in await every(channel="C1")] == ["SA", "SC"]
    assert [one.name for one in await every(person=ANN)] == ["SA", "SB"]
    assert [one.name for one in await every(channel="C2", person=BOB)] == []
    assert [one.name for one in await every(ended=True)] == ["SD"]


async def test_what_is_kept_replaces_what_was_there(store: SqlStore) -> None:
    await subscribed(store)
    await store.subscriptions.checked("SAAAA", SOON, LATER)
    wanted = Wanted("acme/*", ("vulnerability_found",), "severity:high+", 3)
    other = wish(channel="C9", person=BOB, username="bob", paused_until=LATER, reason="why", state=State.ORPHANED)
    other = replace(other, wanted=wanted, source="file")
    assert await becomes(store, other, NOW)
    assert await store.subscriptions.get("SAAAA") == replace(other, checked_at=SOON)
    assert not await becomes(store, wish("SBBBB"), NOW)
    assert await store.subscriptions.get("SBBBB") is None


async def test_a_channel_has_one_to_a_target(store: SqlStore, replica: SqlStore) -> None:
    adding = [
        place.subscriptions.add(wish(f"S{number}", target="acme/api"), NOW)
        for number, place in enumerate((store, replica) * 4)
    ]
    stored = await asyncio.gather(*adding)
    assert sorted(stored) == [*[False] * 7, True]
    first = wish(f"S{stored.index(True)}", target="acme/api")
    assert await store.subscriptions.all() == (first,)
    await subscribed(store, wish("SOTHER", "C2", "acme/api"))
    assert await becomes(store, ended(first), NOW)
    await subscribed(store, wish("SLATER", target="acme/api"))
    assert not await store.subscriptions.add(wish("STHIRD", target="acme/api"), NOW)


async def test_what_is_changed_leaves_alone_what_others_store_meanwhile(store: SqlStore, replica: SqlStore) -> None:
    for name in ("SA", "SB"):
        await subscribed(store, wish(name))
        before = wish(name)
        found = replace(before, state=State.ORPHANED, reason="The role is gone.", username="ann2")
        paused = replace(before, paused_until=LATER)
        changing = [
            store.subscriptions.change(before, found, NOW, check=False),
            replica.subscriptions.change(before, paused, NOW, check=False),
        ]
        stored = await asyncio.gather(*(changing if name == "SA" else changing[::-1]))
        assert stored == [True, True]
        assert await store.subscriptions.get(name) == replace(found, paused_until=LATER)


async def test_what_a_look_at_another_wish_or_person_found_is_not_stored(store: SqlStore) -> None:
    await subscribed(store)
    found = wish(state=State.ORPHANED, reason="The role is gone.")
    for other in (wish(person=BOB, username="bob"), wish(target="acme/*"), wish(person=BOB, target="acme/*")):
        assert await becomes(store, other, NOW)
        assert not await store.subscriptions.change(wish(), found, NOW)
        assert await store.subscriptions.get("SAAAA") == other
        assert await becomes(store, wish(), NOW)


async def test_of_two_who_change_the_same_thing_the_first_counts(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store)
    wishes = [wish(paused_until=after(number)) for number in range(4)]
    wishes += [wish(person=BOB, username=f"bob{number}") for number in range(4)]
    changing = [
        place.subscriptions.change(wish(), other, NOW)
        for place, other in zip((store, replica) * 4, wishes, strict=True)
    ]
    stored = await asyncio.gather(*changing)
    assert stored.count(True) in (1, 2)
    assert stored[:4].count(True) <= 1
    assert stored[4:].count(True) == 1
    now = await store.subscriptions.get("SAAAA")
    person = wishes[4:][stored[4:].index(True)]
    paused = wishes[:4][stored[:4].index(True)].paused_until if any(stored[:4]) else None
    assert now == replace(person, paused_until=paused)


async def test_an_ended_one_stays_ended(store: SqlStore) -> None:
    await subscribed(store)
    assert await becomes(store, ended(wish()), NOW)
    for other in (wish(reason="still there"), wish(paused_until=LATER), wish()):
        assert not await store.subscriptions.change(wish(), other, NOW)
    assert await store.subscriptions.get("SAAAA") == ended(wish())
    assert await store.subscriptions.all() == ()


async def test_a_new_one_is_compared_with_quay_at_once_and_then_when_it_is_time(store: SqlStore) -> None:
    await subscribed(store)
    assert await store.subscriptions.claim(9, NOW, LEASE) == (wish(),)
    await store.subscriptions.checked("SAAAA", SOON, after(30))
    assert await claimed(store, 29) == []
    assert await store.subscriptions.claim(9, after(30), LEASE) == (wish(checked_at=SOON),)


async def test_the_longest_due_one_comes_first(store: SqlStore) -> None:
    for number in (3, 1, 2):
        await subscribed(store, wish(f"S{number}"), at=after(number))
    assert await claimed(store, 2, limit=1) == ["S1"]
    assert await claimed(store, 2) == ["S2"]
    assert await claimed(store, 3) == ["S3"]


async def test_a_lease_may_be_long_and_runs_out_all_the_same(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store)
    assert await store.subscriptions.claim(9, NOW, AGES)
    assert await replica.subscriptions.claim(9, after(599), AGES) == ()
    assert await replica.subscriptions.claim(9, after(600), AGES) == (wish(),)


async def test_a_lease_of_a_clock_that_went_wrong_holds_nobody_up(store: SqlStore) -> None:
    await subscribed(store)
    assert await store.subscriptions.claim(9, after(86_400), LEASE)
    assert await claimed(store) == ["SAAAA"]


async def test_two_replicas_never_compare_the_same_one(store: SqlStore, replica: SqlStore) -> None:
    await subscribed(store, *(wish(f"S{number}") for number in range(12)))
    claims = [place.subscriptions.claim(4, SOON, LEASE) for place in (store, replica)]
    taken = [one.name for batch in await asyncio.gather(*claims) for one in batch]
    assert len(taken) == len(set(taken))
    rest = [*await claimed(store, 1), *await claimed(replica, 1)]
    assert sorted(taken + rest) == sorted(f"S{number}" for number in range(12))


@ONLY_SQLITE
async def test_what_a_dead_process_had_claimed_is_free_at_the_next_start(store: SqlStore) -> None:
    await subscribed(store)
    await store.subscriptions.claim(9, NOW, LEASE)
    await store.begin(SOON)
    assert await claimed(store, 1) == ["SAAAA"]


async def test_haste_brings_one_forward_and_all_of_them_if_none_is_named(store: SqlStore) -> None:
    await subscribed(store, wish("SA"), wish("SB"))
    for name in await claimed(store):
        await store.subscriptions.checked(name, NOW, after(500))
    await store.subscriptions.hurry(["SA", "SX"], after(5))
    await store.subscriptions.hurry(["SA"], after(50))
    assert await claimed(store, 5) == ["SA"]
    await store.subscriptions.checked("SA", after(5), after(500))
    await store.subscriptions.hurry([], after(7))
    assert await claimed(store, 7) == ["SA", "SB"]


@pytest.mark.parametrize("changed", [False, True])
async def test_haste_while_it_is_compared_makes_it_compared_again(store: SqlStore, changed: bool) -> None:
    await subscribed(store)
    await store.subscriptions.claim(9, NOW, LEASE)
    if changed:
        await becomes(store, wish(reason="changed"), SOON)
    else:
        await store.subscriptions.hurry(["SAAAA"], SOON)
    assert await claimed(store, 1) == []
    await store.subscriptions.checked("SAAAA", SOON, after(500))
    assert await claimed(store, 1) == ["SAAAA"]
    await store.subscriptions.checked("SAAAA", SOON, after(500))
    assert await claimed(store, 499) == []


async def test_what_is_only_noted_hurries_nobody(store: SqlStore) -> None:
    await subscribed(store)
    await store.subscriptions.claim(9, NOW, LEASE)
    await becomes(store, wish(reason="noted"), SOON, check=False)
    await store.subscriptions.checked("SAAAA", SOON, after(500))
    assert await claimed(store, 499) == []


async def test_an_ended_one_is_looked_after_until_it_is_forgotten(store: SqlStore) -> None:
    await subscribed(store)
    await with_part(store)
    await store.subscriptions.forget("SAAAA")
    assert await store.subscriptions.all() == (wish(),)
    await becomes(store, ended(wish()), NOW)
    assert await claimed(store) == ["SAAAA"]
    await store.subscriptions.checked("SAAAA", SOON, SOON)
    await store.subscriptions.forget("SAAAA")
    assert await claimed(store, 500) == []
    assert await store.subscriptions.get("SAAAA") is None
    assert await store.subscriptions.parts() == ()
    assert await store.subscriptions.add(wish(), NOW)


async def test_what_was_there_before_is_kept_for_each_repository_until_it_is_forgotten(store: SqlStore) -> None:
    keep, known = store.subscriptions.set_baseline, store.subscriptions.baseline
    await subscribed(store, ended(wish()), wish("SBBBB"))
    await keep("SAAAA", "acme/api", {"mirror": "FAIL"}, NOW)
    await keep("SAAAA", "acme/api", {"builds": ["b1", "\0"], "at": None}, SOON)
    await keep("SAAAA", "acme/web", {}, NOW)
    await keep("SBBBB", "acme/web", {"tags": {"v1": 3}}, NOW)
    assert await known("SAAAA", "acme/api") == {"builds": ["b1", "\0"], "at": None}
    assert await known("SAAAA", "acme/web") == {}
    assert await known("SAAAA", "acme/other") is None
    await store.subscriptions.forget("SAAAA")
    assert await known("SAAAA", "acme/api") is None
    assert await known("SBBBB", "acme/web") == {"tags": {"v1": 3}}


async def test_a_thousand_subscriptions_are_all_looked_after(store: SqlStore) -> None:
    names = [f"S{number:04}" for number in range(1_000)]
    await subscribed(store, *(wish(name, f"C{number % 30}") for number, name in enumerate(names)))
    seen: list[str] = []
    while some := await store.subscriptions.claim(100, SOON, LEASE):
        seen += [one.name for one in some]
    assert sorted(seen) == names
    assert len(await store.subscriptions.all(channel="C7")) == 34
    await store.subscriptions.hurry(names, SOON)
    assert len(await store.subscriptions.claim(2_000, LATER + LEASE, LEASE)) == 1_000
