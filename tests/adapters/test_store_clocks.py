"""A clock that was a day ahead for a while: once it is mended, everything goes on."""

from datetime import datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.people import Person
from bot.ports import Claim, Rest
from bot.rules.pacing import AHEAD, EDIT, SEARCH
from tests.plugins.rows import LEASE, NOW, SOON, a_card, a_hook, after, cards, delivered, message, said, turned

DAY = timedelta(days=1)
WRONG = NOW + DAY
PERSON = Person("T1", "U1")


async def claim(store: SqlStore, now: datetime, edits: int = 50) -> Claim:
    return await store.outbox.claim(9, now, LEASE, edits=edits)


async def shown(store: SqlStore, now: datetime, name: str = "build:1", channel: str = "C1") -> None:
    await a_card(store, name, channel, now)
    (due,) = await claim(store, now)
    await store.outbox.sent(due, f"{due.id}.1", now, Rest(channel, now))


async def test_a_channel_rests_no_longer(store: SqlStore) -> None:
    await said(store, message("a1"), message("a2"))
    (due,) = await claim(store, WRONG)
    await store.outbox.sent(due, "1.1", WRONG, Rest("C1", WRONG + timedelta(seconds=1)))
    assert [due.key for due in await claim(store, SOON)] == ["a2"]


async def test_what_was_put_off_is_due(store: SqlStore) -> None:
    await said(store, message("a1"))
    (due,) = await claim(store, WRONG)
    await store.outbox.later(
        due, WRONG + timedelta(seconds=60), "away", posted=False, rest=Rest("C1", WRONG, away=True)
    )
    assert [due.key for due in await claim(store, SOON)] == ["a1"]


async def test_an_hour_that_slack_asks_for_is_waited_for(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("b1", "B"))
    a1, b1 = await claim(store, NOW)
    await store.outbox.later(a1, NOW + AHEAD, "slow", posted=False)
    await store.outbox.later(b1, None, "slow", posted=False, rest=Rest("B", NOW + AHEAD))
    nothing = await claim(store, SOON)
    assert (nothing.rows, nothing.again) == ((), NOW + AHEAD)


async def test_who_claimed_it_with_the_wrong_clock_has_it_no_more(store: SqlStore) -> None:
    await said(store, message("a1"))
    assert len(await claim(store, WRONG)) == 1
    assert len(await claim(store, SOON)) == 1
    assert (await claim(store, SOON)).rows == ()


async def test_a_parked_channel_is_tried_again(store: SqlStore) -> None:
    await shown(store, NOW, channel="C2")
    await said(store, message("a1"))
    (card,) = await cards(store)
    await turned(store, card, "newer", SOON)
    for due in await claim(store, WRONG):
        await store.outbox.park_lane(due, "archived", WRONG, WRONG + timedelta(minutes=5))
    again = await claim(store, after(2))
    assert [(due.channel, due.parked) for due in again] == [("C1", True), ("C2", True)]
    for due in again:
        await store.outbox.park_lane(due, "archived", after(2), after(300))
    nothing = await claim(store, after(3))
    assert (nothing.rows, nothing.again) == ((), after(300))


@pytest.mark.parametrize("edits", [50, 1], ids=["plenty", "scarce"])
async def test_a_card_that_changed_in_the_future_is_edited(store: SqlStore, edits: int) -> None:
    await shown(store, WRONG)
    (card,) = await cards(store)
    await turned(store, card, "newer", WRONG)
    (due,) = await claim(store, SOON, edits)
    assert due.ts is not None


async def test_a_card_that_was_shown_in_the_future_is_edited_at_once(store: SqlStore) -> None:
    await shown(store, WRONG)
    (card,) = await cards(store)
    for number in range(2):
        await turned(store, card, f"newer {number}", SOON)
        (due,) = await claim(store, SOON)
        assert due.ts is not None
        await store.outbox.sent(due, due.ts, WRONG if number == 0 else SOON)


async def test_calls_that_are_yet_to_come_are_not_counted_and_forgotten(store: SqlStore) -> None:
    for number in range(4):
        await shown(store, NOW, f"card:{number}", f"C{number}")
    for moment in (WRONG, SOON):
        for number in range(4):
            (card,) = await cards(store, f"card:{number}")
            await turned(store, card, f"at {moment}", moment)
        batch = await claim(store, moment + timedelta(seconds=10), edits=2)
        assert len(batch) == 2
        for due in batch:
            await store.outbox.sent(due, due.ts or "", moment)


@pytest.mark.parametrize("method", [EDIT, SEARCH])
async def test_a_method_that_was_blocked_in_the_future_is_open(store: SqlStore, method: str) -> None:
    await said(store, message("doubtful"))
    await shown_elsewhere(store)
    await store.outbox.slow_down(method, WRONG, 30)
    assert len(await claim(store, after(62))) == 2
    await store.outbox.slow_down(method, after(62), 300)
    assert len(await claim(store, after(200))) == 1  # both leases have run out, and one of the two methods is blocked


async def shown_elsewhere(store: SqlStore) -> None:
    """A card that waits to be edited, and a message that has to be looked for."""
    (due,) = await claim(store, NOW)
    await store.outbox.attempting(due, NOW)
    await shown(store, NOW, channel="C2")
    (card,) = await cards(store)
    await turned(store, card, "newer", SOON)


async def test_deliveries_and_builds_are_looked_at(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"{}")
    await store.watches.add("acme/api", "b1", PERSON, NOW)
    for now in (WRONG, SOON):
        assert len(await store.inbox.claim(9, now, LEASE)) == 1
        assert len(await store.watches.claim(9, now, LEASE)) == 1
