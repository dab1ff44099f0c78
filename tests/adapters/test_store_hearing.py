"""When webhook URLs were last heard of, and test calls that are awaited: noted with the batch, and cheaply."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore
from bot.adapters.store.parts import OFTEN
from tests.plugins.rows import NOW, a_hook, after
from tests.plugins.wishes import hook_of, subscribed, the_part, wish, with_part


async def heard(store: SqlStore, hook: str, seconds: float, *beats: str) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.heard({hook: after(seconds)}, beats)


async def test_when_a_url_was_heard_is_noted_every_ten_seconds(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)

    async def at() -> object:
        return (await the_part(store, made.hook)).heard_at

    for seconds, noted in ((0, 0), (10, 0), (10.5, 10.5), (3, 10.5), (20, 10.5), (21, 21)):
        await heard(store, made.hook, seconds)
        assert await at() == after(noted)
    await store.subscriptions.keep_part(made)
    assert await at() == after(21)


async def test_many_urls_are_heard_at_once_each_at_its_time(store: SqlStore) -> None:
    await subscribed(store)
    made = [await with_part(store, f"t{number}") for number in range(40)]
    hook = await a_hook(store, "operators")
    async with store.inbox.ledger() as ledger:
        times = {one.hook: after(number) for number, one in enumerate(made[:-1])}
        await ledger.heard(times | {hook.id: NOW, "no number": NOW}, [made[-1].hook])
        await ledger.heard({}, [])
        await ledger.heard({"no number": NOW}, ["no number"])
    found = await store.subscriptions.parts()
    assert [one.heard_at for one in found] == [*(after(number) for number in range(39)), None]


async def test_a_test_call_that_arrives_is_awaited_no_longer(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    await heard(store, made.hook, 0)
    await store.subscriptions.keep_part(replace(await the_part(store, made.hook), beaten=2))
    await store.subscriptions.beat(made.hook, after(1))
    assert (await hook_of(store, made)).beat_at == after(1)
    await heard(store, made.hook, 2)
    found = await the_part(store, made.hook)
    assert (found.beat_at, found.beaten, found.heard_at) == (after(1), 2, NOW)
    await heard(store, made.hook, 3, made.hook)
    found = await the_part(store, made.hook)
    assert (found.beat_at, found.beaten, found.heard_at) == (None, 0, after(3))
    assert (await hook_of(store, made)).beat_at is None


async def test_whoever_read_the_part_before_the_call_arrived_does_not_bring_the_wait_back(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    await store.subscriptions.beat(made.hook, NOW)
    stale = await the_part(store, made.hook)
    await heard(store, made.hook, 1, made.hook)
    await store.subscriptions.keep_part(replace(stale, uuid="u", beaten=1))
    assert await the_part(store, made.hook) == replace(made, uuid="u", heard_at=after(1))


async def test_two_replicas_that_hear_of_the_same_urls_do_not_wait_for_each_other_in_a_circle(
    store: SqlStore, replica: SqlStore
) -> None:
    await subscribed(store)
    hooks = [(await with_part(store, f"t{number}")).hook for number in range(20)]

    async def hear(place: SqlStore, order: list[str], seconds: float) -> None:
        async with place.inbox.ledger() as ledger:
            await ledger.heard(dict.fromkeys(order, after(seconds)), [])

    for second in range(0, 200, 20):
        await asyncio.gather(hear(store, hooks, second), hear(replica, hooks[::-1], second + 5))


async def test_a_transaction_that_breaks_off_has_heard_nothing(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    with suppress(RuntimeError):
        async with store.inbox.ledger() as ledger:
            await ledger.heard({made.hook: NOW}, [])
            raise RuntimeError
    assert (await the_part(store, made.hook)) == made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12))
async def test_in_whatever_order_it_is_heard_the_last_time_is_known_to_ten_seconds(
    store: SqlStore, times: list[tuple[int, bool]]
) -> None:
    name = f"S{len(await store.subscriptions.parts())}"
    await subscribed(store, wish(name))
    made = await with_part(store, name, name=name)
    for seconds, answers in times:
        await heard(store, made.hook, seconds, *[made.hook] * answers)
        found = (await the_part(store, made.hook)).heard_at
        assert found is not None
        assert found >= after(seconds) - OFTEN
    found = (await the_part(store, made.hook)).heard_at
    last = max((after(seconds) for seconds, _ in times), default=None)
    assert (found is None and last is None) or (found and last and last - OFTEN <= found <= last)


async def test_a_test_call_is_news_however_soon_it_follows_something_else(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    await heard(store, made.hook, 0)
    await store.subscriptions.keep_part(replace(await the_part(store, made.hook), beaten=2))
    await store.subscriptions.beat(made.hook, after(1))
    async with store.inbox.ledger() as ledger:
        await ledger.heard({made.hook: after(3)}, (), {made.hook, "no number"})
    found = await the_part(store, made.hook)
    assert (found.heard_at, found.beat_at, found.beaten) == (after(3), after(1), 0)


async def test_a_test_call_that_is_awaited_no_longer_is_taken_back(store: SqlStore) -> None:
    await subscribed(store)
    made = await with_part(store)
    await store.subscriptions.beat(made.hook, NOW)
    await store.subscriptions.beat(made.hook, None)
    assert (await hook_of(store, made)).beat_at is None
