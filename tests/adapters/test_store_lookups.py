"""What is to be looked up: queued with the webhook, claimed by repository, and never by two."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.lookups import FEW
from bot.domain.errors import TryLater
from bot.domain.subscriptions import Lookup, Sought
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import LEASE, NOW, SOON, after
from tests.plugins.wishes import lookup, sought


async def claimed(store: SqlStore, seconds: float = 0, limit: int = 99) -> list[Lookup]:
    return [replace(one, id=0) for one in await store.lookups.claim(limit, after(seconds), LEASE)]


async def test_what_is_sought_comes_back_as_it_was_when_it_is_due(store: SqlStore) -> None:
    one, held = lookup(7, due=5), replace(lookup(8), held=True, sought=Sought.BUILD, known='{"by": "\\u0000"}')
    await sought(store, one, held)
    assert await claimed(store, 4) == [held]
    assert await claimed(store, 5) == [one]


async def test_what_a_transaction_that_broke_off_sought_is_not_looked_up(store: SqlStore) -> None:
    with suppress(RuntimeError):
        async with store.inbox.ledger() as ledger:
            await ledger.seek([lookup()])
            raise RuntimeError
    assert await claimed(store) == []


async def test_nothing_to_seek_is_nothing(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.seek([])
        await ledger.sought([])
    await store.lookups.later([], NOW)
    await store.lookups.done([])
    assert await claimed(store) == []


async def test_all_of_one_repository_come_together(store: SqlStore) -> None:
    given = [lookup(number, repository=f"acme/r{number % 40}", due=number) for number in range(120)]
    await sought(store, *given)
    first = await store.lookups.claim(200, after(500), LEASE)
    assert len({one.repository for one in first}) == FEW
    assert len(first) == 3 * FEW
    seen = [one.delivery for one in first]
    assert seen == sorted(seen)
    while some := await claimed(store, 500):
        seen += [one.delivery for one in some]
    assert sorted(seen) == list(range(120))


async def test_a_claim_keeps_to_its_limit_and_takes_the_longest_due(store: SqlStore) -> None:
    given = [lookup(number, name=f"S{number % 2}", due=100 - number) for number in range(50)]
    await sought(store, *given)
    first = await claimed(store, 100, limit=10)
    assert [one.delivery for one in first] == list(range(49, 39, -1))


async def test_what_is_over_is_gone(store: SqlStore) -> None:
    await sought(store, *(lookup(number) for number in range(5)))
    found = await store.lookups.claim(9, NOW, LEASE)
    await store.lookups.done([one.id for one in found[:2]])
    async with store.inbox.ledger() as ledger:
        await ledger.sought([found[2].id])
    assert [one.delivery for one in await claimed(store, 60)] == [3, 4]


async def test_what_is_looked_up_later_keeps_what_was_found(store: SqlStore) -> None:
    await sought(store, lookup(1), lookup(2))
    found = await store.lookups.claim(9, NOW, LEASE)
    await store.lookups.later([replace(one, known=f'"{one.delivery}"') for one in found], after(30))
    assert await claimed(store, 29) == []
    expected = [replace(lookup(number), known=f'"{number}"', tries=1, due_at=after(30)) for number in (1, 2)]
    assert await claimed(store, 30) == expected


async def test_two_replicas_never_look_up_the_same_and_both_have_something_to_do(
    store: SqlStore, replica: SqlStore
) -> None:
    await sought(store, *(lookup(number) for number in range(40)))
    claims = [place.lookups.claim(20, NOW, LEASE) for place in (store, replica)]
    batches = await asyncio.gather(*claims)
    assert [len(batch) for batch in batches] == [20, 20]
    assert len({one.id for batch in batches for one in batch}) == 40


async def test_one_whose_looker_died_is_handed_over(store: SqlStore, replica: SqlStore) -> None:
    await sought(store, lookup())
    assert await claimed(store) == [lookup()]
    assert await claimed(replica, 59) == []
    assert await claimed(replica, 60) == [lookup()]


@ONLY_SQLITE
async def test_what_a_dead_process_had_claimed_is_free_at_the_next_start(store: SqlStore) -> None:
    await sought(store, lookup())
    await store.lookups.claim(9, NOW, LEASE)
    await store.begin(SOON)
    assert await claimed(store, 1) == [lookup()]


async def test_what_somebody_else_has_dealt_with_undoes_the_transaction(store: SqlStore) -> None:
    await sought(store, lookup(1), lookup(2))
    first, second = (one.id for one in await store.lookups.claim(9, NOW, LEASE))
    await store.lookups.done([first])

    async def told() -> None:
        async with store.inbox.ledger() as ledger:
            await ledger.seek([lookup(3)])
            await ledger.sought([second, first])

    with pytest.raises(TryLater):
        await told()
    assert [one.delivery for one in await claimed(store, 60)] == [2]
    async with store.inbox.ledger() as ledger:
        await ledger.sought([second, second])


async def test_a_look_that_was_only_put_off_is_no_try(store: SqlStore) -> None:
    await sought(store, lookup(1))
    found = await store.lookups.claim(9, NOW, LEASE)
    await store.lookups.later(found, after(5), looked=False)
    assert await claimed(store, 5) == [replace(lookup(1), due_at=after(5))]


async def test_a_flood_of_one_repository_delays_no_other(store: SqlStore) -> None:
    flood = [lookup(number, repository="acme/noisy") for number in range(700)]
    await sought(store, *flood, lookup(9000, name="SBBBB", due=1))
    found = await claimed(store, 2, limit=500)
    assert (len(found), found[-1].delivery) == (500, 9000)


async def test_what_is_held_comes_before_everything_else(store: SqlStore) -> None:
    others = [lookup(number, repository=f"acme/r{number}") for number in range(3 * FEW)]
    await sought(store, *others, replace(lookup(9000, due=1), held=True))
    assert 9000 in [one.delivery for one in await claimed(store, 2)]


async def test_what_is_held_comes_first_in_its_own_repository_as_well(store: SqlStore) -> None:
    await sought(store, *(lookup(number) for number in range(50)), replace(lookup(9000, due=1), held=True))
    assert 9000 in [one.delivery for one in await claimed(store, 2, limit=10)]


async def test_repositories_with_a_lot_share_a_claim(store: SqlStore) -> None:
    for name in ("SBBBB", "SCCCC", "SDDDD"):
        await sought(store, *(lookup(number, name=name, due=ord(name[1])) for number in range(50)))
    found = await claimed(store, 100, limit=30)
    assert Counter(one.subscription for one in found) == {"SBBBB": 10, "SCCCC": 10, "SDDDD": 10}
