"""Lanes and budgets are shared by all processes, and outlive them."""

import asyncio

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import spent
from bot.ports import Claim, Rest
from bot.rules.pacing import EDIT, PACE, SEARCH, WINDOW
from tests.plugins.rows import LEASE, NOW, a_card, after, cards, message, said, turned

PROBE = after(300)


async def claim(store: SqlStore, seconds: float = 0, limit: int = 99, edits: int = 50) -> Claim:
    return await store.outbox.claim(limit, after(seconds), LEASE, edits=edits)


async def keys(store: SqlStore, seconds: float = 0, edits: int = 50) -> list[str]:
    return [due.key for due in await claim(store, seconds, edits=edits)]


async def shown(store: SqlStore, number: int) -> None:
    """So many cards that Slack shows, in a channel each."""
    for place in range(number):
        await a_card(store, f"card:{place}", f"C{place:02}")
    for due in await claim(store):
        await store.outbox.sent(due, f"{due.id}.1", NOW)


async def changed(store: SqlStore, number: int, at: float, weight: int = 0) -> None:
    for place in range(number):
        (card,) = await cards(store, f"card:{place}")
        await turned(store, card, f"at {at}", after(at), weight=weight or place)


async def edited(store: SqlStore, claimed: Claim, at: float) -> None:
    for due in claimed:
        assert due.ts is not None
        await store.outbox.sent(due, due.ts, after(at))


async def test_a_channel_rests_after_a_call_in_every_process(store: SqlStore, replica: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"), message("b1", "B"))
    a1, b1 = await claim(store)
    await store.outbox.sent(a1, "1.1", NOW, Rest("A", NOW + PACE))
    await store.outbox.later(b1, NOW, "slower", posted=False, rest=Rest("B", after(7), 2 * PACE))
    nothing = await claim(replica, 1)
    assert (nothing.rows, nothing.again) == ((), NOW + PACE)
    (a2,) = await claim(replica, 1.05)
    assert (a2.key, a2.pace) == ("a2", PACE)
    (again,) = await claim(replica, 7)
    assert (again.key, again.pace) == ("b1", 2 * PACE)


async def test_an_edit_rests_with_its_channel_too(store: SqlStore) -> None:
    await shown(store, 1)
    (card,) = await cards(store, "card:0")
    await turned(store, card, "newer", NOW)
    (due,) = await claim(store)
    await store.outbox.later(due, NOW, "slower", posted=False, rest=Rest(due.channel, after(3)))
    nothing = await claim(store, 2)
    assert (nothing.rows, nothing.again) == ((), after(3))
    assert len(await claim(store, 3)) == 1


async def test_it_is_known_when_to_look_again(store: SqlStore) -> None:
    assert (await claim(store)).again is None
    await said(store, message("a", "A"), at=after(30))
    await said(store, message("b", "B"), at=after(20))
    assert (await claim(store)).again == after(20)


async def test_when_slack_is_back_channels_that_rest_only_for_that_go_on_soon(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("b1", "B"), message("c1", "C"))
    for due in await claim(store):
        rest = Rest(due.channel, after(60 if due.channel != "C" else 0.5), away=due.channel != "B")
        away = due.channel != "B"
        await store.outbox.later(due, after(60), "away", posted=False, resumable=away, rest=rest)
    assert await store.outbox.resume(after(1)) == 2
    assert await keys(store, 1) == ["c1"]
    assert await keys(store, 1 + PACE.total_seconds()) == ["a1"]
    assert "b1" in await keys(store, 60)


async def test_a_parked_channel_waits_whole_and_one_row_tries_now_and_then(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"), message("b1", "B"))
    a1, _ = await claim(store)
    assert await store.outbox.park_lane(a1, "archived", NOW, PROBE) == NOW
    assert await keys(store, 299) == ["b1"]
    (probe,) = (due for due in await claim(store, 300) if due.channel == "A")
    assert (probe.key, probe.parked) == ("a1", True)
    assert await store.outbox.park_lane(probe, "archived", PROBE, after(600)) == NOW
    (parked,) = await store.dead.lanes()
    assert (parked.channel, parked.parked_at, parked.reason, parked.waiting) == ("A", NOW, "archived", 2)
    assert "a1" not in await keys(store, 599)
    probe = next(due for due in await claim(store, 660) if due.channel == "A")
    await store.outbox.sent(probe, "1.1", after(660), Rest("A", after(661)))
    assert await store.dead.lanes() == ()
    (a2,) = (due for due in await claim(store, 661) if due.channel == "A")
    assert (a2.key, a2.parked) == ("a2", False)


async def test_a_try_that_fails_otherwise_leaves_the_channel_parked(store: SqlStore) -> None:
    await said(store, message("a1", "A"))
    (due,) = await claim(store)
    await store.outbox.park_lane(due, "archived", NOW, PROBE)
    (due,) = await claim(store, 300)
    await store.outbox.later(due, after(301), "away", posted=False, rest=Rest("A", after(301), away=True))
    assert len(await store.dead.lanes()) == 1


async def test_somebody_can_have_a_parked_channel_tried_at_once(store: SqlStore, replica: SqlStore) -> None:
    await said(store, message("a1", "A"))
    (due,) = await claim(store)
    await store.outbox.park_lane(due, "archived", NOW, PROBE)
    assert await replica.outbox.open_lane("A") is True
    assert await replica.outbox.open_lane("A") is False
    assert await replica.outbox.open_lane("nowhere") is False
    assert await keys(store, 1) == ["a1"]


async def test_parking_remembers_a_post_of_unknown_fate(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("b1", "B"))
    for due in await claim(store):
        await store.outbox.attempting(due, NOW)
        await store.outbox.park_lane(due, "archived", NOW, PROBE, posted=None if due.channel == "A" else False)
    assert {due.key: due.attempted_at for due in await claim(store, 300)} == {"a1": NOW, "b1": None}


async def test_parked_channels_make_edits_elsewhere_no_scarcer(store: SqlStore) -> None:
    await shown(store, 10)
    await changed(store, 10, 1)
    for due in await claim(store, 1):
        if due.channel != "C00":
            await store.outbox.park_lane(due, "archived", after(1), after(900))
        else:
            await edited(store, Claim((due,)), 1)
    (card,) = await cards(store, "card:0")
    await turned(store, card, "newer", after(2), urgent=True)
    assert [due.channel for due in await claim(store, 2, edits=14)] == ["C00"]  # 4 are left: plenty for one


async def test_edits_share_a_budget_over_all_processes(store: SqlStore, replica: SqlStore) -> None:
    await shown(store, 9)
    await changed(store, 9, 1)
    batches = await asyncio.gather(*[claim(each, 10, edits=6) for each in (store, replica, store, replica)])
    assert sorted(due.channel for batch in batches for due in batch) == [f"C{place:02}" for place in range(3, 9)]
    nothing = await claim(replica, 11, edits=6)
    assert (nothing.rows, nothing.again) == ((), after(10) + WINDOW)
    assert len(await claim(replica, 71, edits=6)) == 6  # the leases of the first ones have run out, too


async def test_a_first_post_costs_nothing_of_it(store: SqlStore) -> None:
    await said(store, *[message(f"m{number}", f"C{number}") for number in range(9)])
    assert len(await claim(store, edits=1)) == 9
    async with store._database.reading() as connection:
        assert (await connection.execute(spent.select())).all() == []


async def test_a_channel_gets_its_news_before_its_edits(store: SqlStore) -> None:
    await shown(store, 1)
    await changed(store, 1, 1)
    await said(store, message("news", "C00"), at=after(2))
    (due,) = await claim(store, 3)
    assert due.key == "news"


async def test_scarce_edits_go_to_quiet_cards_the_heaviest_first(store: SqlStore) -> None:
    await shown(store, 4)
    await changed(store, 4, 1)
    nothing = await claim(store, 3, edits=2)
    assert (nothing.rows, nothing.again) == ((), after(3.5))
    assert [due.channel for due in await claim(store, 3.5, edits=2)] == ["C03", "C02"]


async def test_a_refused_edit_blocks_edits_everywhere_and_lowers_the_budget(store: SqlStore, replica: SqlStore) -> None:
    await shown(store, 40)
    await changed(store, 40, 1)
    await store.outbox.slow_down(EDIT, after(1), 30)
    await replica.outbox.slow_down(EDIT, after(1), 20)  # refused together: lowered once, blocked for the longer time
    nothing = await claim(store, 30.9)
    assert (nothing.rows, nothing.again) == ((), after(31))
    assert len(await claim(replica, 31)) == 37


async def test_old_calls_are_forgotten(store: SqlStore) -> None:
    await shown(store, 1)
    for minute in range(1, 4):
        await changed(store, 1, minute * 100)
        await edited(store, await claim(store, minute * 100), minute * 100)
    async with store._database.reading() as connection:
        assert len((await connection.execute(spent.select())).all()) == 1


async def test_looking_for_lost_posts_has_a_budget_of_its_own(store: SqlStore) -> None:
    await said(store, *[message(f"m{number:02}", f"C{number:02}") for number in range(60)])
    for due in await claim(store):
        await store.outbox.attempting(due, NOW)
        await store.outbox.later(due, after(1), "away", posted=None)
    await said(store, message("new", "new"), at=after(2))
    batch = await claim(store, 2)
    assert len([due for due in batch if due.attempted_at]) == 50
    assert "new" in [due.key for due in batch]
    rest = await claim(store, 3)
    assert (rest.rows, rest.again) == ((), after(2) + WINDOW)
    await store.outbox.slow_down(SEARCH, after(3), 100)
    assert await keys(store, 2 + LEASE.total_seconds() + 1) == ["new"]  # its lease ran out, and it needs no search


async def test_what_a_dead_process_spent_is_remembered(store: SqlStore, replica: SqlStore) -> None:
    await shown(store, 4)
    await changed(store, 4, 1)
    assert len(await claim(store, 5, edits=2)) == 2
    await replica.begin(after(6))
    assert (await claim(replica, 7, edits=2)).rows == ()
