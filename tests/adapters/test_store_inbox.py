"""Deliveries are worked on once, by one process at a time, and all or nothing."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.ports import Delivery, Opened
from tests.plugins.databases import ONLY_POSTGRES, PostgresServer
from tests.plugins.rows import LATER, LEASE, NOW, SOON, a_hook, cards, delivered, message
from tests.plugins.slackless import unsaid


async def test_a_claimed_delivery_is_nobody_elses_until_the_lease_runs_out(store: SqlStore, replica: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"x")
    (mine,) = await store.inbox.claim(10, NOW, LEASE)
    assert await replica.inbox.claim(10, LATER - timedelta(microseconds=1), LEASE) == ()
    assert await replica.inbox.claim(10, LATER, LEASE) == (mine,)


async def test_two_replicas_never_claim_the_same_delivery(store: SqlStore, replica: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, *[b"x"] * 60)
    claims = [place.inbox.claim(7, SOON, LEASE) for _ in range(6) for place in (store, replica)]
    taken = [delivery.id for batch in await asyncio.gather(*claims) for delivery in batch]
    assert len(taken) == len(set(taken))
    # On PostgreSQL a claim passes over rows that another one holds, so a few may be left for the next round.
    rest = await store.inbox.claim(100, SOON, LEASE)
    assert len(taken) + len(rest) == 60


async def test_the_oldest_deliveries_of_a_hook_are_claimed_first_and_no_more_than_asked(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"1", b"2", b"3")
    assert [delivery.body for delivery in await store.inbox.claim(2, SOON, LEASE)] == [b"1", b"2"]
    assert [delivery.body for delivery in await store.inbox.claim(2, SOON, LEASE)] == [b"3"]


async def test_what_is_given_back_is_claimed_at_once_but_for_what_is_settled(
    store: SqlStore, replica: SqlStore
) -> None:
    await a_hook(store)
    await delivered(store, b"one", b"two", b"three")
    claimed = [delivery.id for delivery in await store.inbox.claim(2, NOW, LEASE)]
    async with store.inbox.ledger() as ledger:
        await ledger.done(claimed[:1])
    await store.inbox.release(claimed)
    assert [delivery.body for delivery in await replica.inbox.claim(9, NOW, LEASE)] == [b"two", b"three"]


async def test_a_removed_hooks_deliveries_are_still_worked_on(store: SqlStore) -> None:
    hook = await a_hook(store, "t1", "C2", "C1")
    await delivered(store, b"x")
    await store.hooks.remove(hook.id)
    (delivery,) = await store.inbox.claim(1, SOON, LEASE)
    assert delivery.hook == hook


async def test_what_is_done_is_not_claimed_again(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"1", b"2")
    first, _second = await store.inbox.claim(2, SOON, LEASE)
    async with store.inbox.ledger() as ledger:
        await ledger.done([first.id])
        await ledger.done([])
    assert await store.inbox.waiting() == 1
    assert [delivery.body for delivery in await store.inbox.claim(2, LATER + LEASE, LEASE)] == [b"2"]


async def test_what_is_set_aside_is_not_worked_on_again(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"1", b"\0\xff2")
    async with store.inbox.ledger() as ledger:
        for delivery_id in (1, 2):
            await ledger.set_aside(delivery_id, f"number {delivery_id} is odd")
    assert await store.inbox.claim(2, SOON, LEASE) == ()
    assert await store.inbox.waiting() == 0
    assert {letter.reason for letter in await store.dead.all()} == {"number 1 is odd", "number 2 is odd"}


async def test_a_flood_for_one_hook_delays_no_other(store: SqlStore) -> None:
    await a_hook(store, "flood")
    await a_hook(store, "quiet")
    await delivered(store, *[b"x"] * 500, token="flood")
    await delivered(store, b"alert", token="quiet")
    claimed = await store.inbox.claim(20, SOON, LEASE)
    assert [delivery.body for delivery in claimed] == [b"x"] * 19 + [b"alert"]


async def test_more_hooks_than_fit_into_a_batch_have_their_turn_one_after_the_other(store: SqlStore) -> None:
    names = [f"t{number}" for number in range(7)]
    for name in names:
        await a_hook(store, name)
        await delivered(store, *[name.encode()] * 3, token=name)
    rounds = [await store.inbox.claim(3, SOON, LEASE) for _ in range(7)]
    bodies = {delivery.body for batch in rounds[:3] for delivery in batch}
    assert bodies == {name.encode() for name in names}
    assert [len(batch) for batch in rounds] == [3] * 7
    assert await store.inbox.claim(3, SOON, LEASE) == ()


async def test_a_hook_that_has_little_leaves_its_place_to_the_others(store: SqlStore) -> None:
    for name, number in (("a", 1), ("b", 30), ("c", 2)):
        await a_hook(store, name)
        await delivered(store, *[name.encode()] * number, token=name)
    claimed = await store.inbox.claim(20, SOON, LEASE)
    assert [sum(delivery.body == name for delivery in claimed) for name in (b"a", b"b", b"c")] == [1, 17, 2]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sends=st.lists(st.integers(0, 4), min_size=1, max_size=30), size=st.integers(1, 9))
async def test_every_delivery_has_its_turn_in_the_order_of_its_hook(
    store: SqlStore, sends: list[int], size: int
) -> None:
    for number in range(5):
        if number >= len(await store.hooks.all()):
            await a_hook(store, f"t{number}")
    await store.intake.keep([(f"t{hook}", str(place).encode()) for place, hook in enumerate(sends)], NOW)
    came: dict[str, list[int]] = {}
    while batch := await store.inbox.claim(size, SOON, LEASE):
        assert [delivery.id for delivery in batch] == sorted(delivery.id for delivery in batch)
        async with store.inbox.ledger() as ledger:
            await ledger.done([delivery.id for delivery in batch])
        for delivery in batch:
            came.setdefault(delivery.hook.id, []).append(int(delivery.body))
    assert all(places == sorted(places) for places in came.values())
    assert sorted(place for places in came.values() for place in places) == list(range(len(sends)))


async def test_an_exception_undoes_everything_in_the_ledger(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"x")
    (delivery,) = await store.inbox.claim(1, NOW, LEASE)

    async def work_and_fail() -> None:
        async with store.inbox.ledger() as ledger:
            (card,) = await ledger.open_cards([Opened("build", "{}", message("k"))], NOW)
            assert card is not None
            await ledger.name_cards([("build:1", "C1", card.id)])
            await ledger.say(message("other"), NOW)
            await ledger.done([delivery.id])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work_and_fail()
    assert await store.inbox.waiting() == 1
    assert await store.outbox.waiting() == 0
    assert await cards(store) == ()


async def test_a_worker_that_is_cancelled_in_the_ledger_leaves_nothing_behind(store: SqlStore) -> None:
    reached = asyncio.Event()

    async def work() -> None:
        async with store.inbox.ledger() as ledger:
            await ledger.say(message("half"), NOW)
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.outbox.waiting() == 0


KILLED = """
import asyncio, sys
from bot.adapters.store import open_store
from tests.plugins.databases import ONLY_POSTGRES, PostgresServer
from tests.plugins.rows import NOW, message

async def main():
    async with open_store(sys.argv[1], None).inbox.ledger() as ledger:
        await ledger.say(message("half"), NOW)
        await ledger.done([1])
        print("in the middle", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_process_that_is_killed_in_the_ledger_leaves_nothing_behind(store: SqlStore, database_url: str) -> None:
    await a_hook(store)
    await delivered(store, b"x")
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, database_url, cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"in the middle\n"
    process.kill()
    await process.wait()
    assert await store.outbox.waiting() == 0
    assert [delivery.body for delivery in await store.inbox.claim(1, NOW, LEASE)] == [b"x"]


@ONLY_POSTGRES
async def test_a_connection_that_drops_in_the_ledger_is_a_reason_to_try_later(
    store: SqlStore, postgres_server: PostgresServer
) -> None:
    async def work() -> None:
        async with store.inbox.ledger() as ledger:
            await ledger.say(message("half"), NOW)
            postgres_server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")
            await ledger.say(message("other half"), NOW)

    with pytest.raises(TryLater):
        await work()
    assert await store.outbox.waiting() == 0


async def settle(store: SqlStore, delivery: Delivery, says: str) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(message(says), NOW)
        await ledger.done([delivery.id])


async def test_a_slow_worker_cannot_settle_what_another_one_has_settled(store: SqlStore, replica: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"x")
    (slow,) = await store.inbox.claim(1, NOW, LEASE)
    (quick,) = await replica.inbox.claim(1, LATER, LEASE)
    await settle(replica, quick, "counted once")
    with pytest.raises(TryLater):
        await settle(store, slow, "counted twice")
    async with store.inbox.ledger() as ledger:
        await ledger.set_aside(slow.id, "too late to be set aside")
    assert await store.dead.all() == ()
    assert [row.key for row in await unsaid(store)] == ["counted once"]
