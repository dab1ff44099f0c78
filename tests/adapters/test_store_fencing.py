"""Who comes back after his lease ran out changes nothing of what somebody else does now."""

from collections.abc import Awaitable, Callable

import pytest

from bot.adapters.store import SqlStore
from bot.ports import Due, Outbox, Rest
from bot.rules.pacing import PACE
from tests.plugins.rows import LATER, LEASE, NOW, SOON, a_card, after, message, said, turned

PROBE = after(900)
REST = Rest("C1", after(600))
LATE_WORD: dict[str, Callable[[Outbox, Due], Awaitable[object]]] = {
    "attempting": lambda outbox, row: outbox.attempting(row, after(61)),
    "found": lambda outbox, row: outbox.found(row, "9.9"),
    "later": lambda outbox, row: outbox.later(row, after(600), "away", posted=False, rest=REST),
    "later without a time": lambda outbox, row: outbox.later(row, None, "slower", posted=False, rest=REST),
    "park": lambda outbox, row: outbox.park(row, "invalid_blocks", after(61), REST),
    "park_lane": lambda outbox, row: outbox.park_lane(row, "archived", after(61), PROBE),
    "needless": lambda outbox, row: outbox.needless(row, after(61)),
}


async def taken_over(mine: SqlStore, theirs: SqlStore) -> tuple[Due, Due]:
    """A row that I try to post, and that somebody else has after I was silent for too long."""
    await said(mine, message("a"))
    (old,) = await mine.outbox.claim(9, NOW, LEASE)
    assert await mine.outbox.attempting(old, SOON)
    (new,) = await theirs.outbox.claim(9, LATER, LEASE)
    return old, new


@pytest.mark.parametrize("word", LATE_WORD)
async def test_late_word_changes_neither_the_row_nor_its_channel(store: SqlStore, replica: SqlStore, word: str) -> None:
    old, new = await taken_over(store, replica)
    assert not await LATE_WORD[word](store.outbox, old)
    assert (await store.outbox.claim(9, after(62), LEASE)).rows == ()  # it is still theirs
    (again,) = await store.outbox.claim(9, LATER + LEASE, LEASE)
    assert (again.attempted_at, again.attempts, again.ts, again.tried_at) == (SOON, 0, None, SOON)
    assert (again.id, again.parked) == (new.id, False)
    assert await store.dead.lanes() == ()


async def test_who_has_it_now_is_not_disturbed(store: SqlStore, replica: SqlStore) -> None:
    old, new = await taken_over(store, replica)
    for word in LATE_WORD.values():
        await word(store.outbox, old)
    assert await replica.outbox.attempting(new, after(62))
    await replica.outbox.sent(new, "1.1", after(63))
    assert await store.outbox.waiting() == 0


async def test_what_slack_shows_is_noted_however_late_the_word_comes(store: SqlStore, replica: SqlStore) -> None:
    old, new = await taken_over(store, replica)
    await store.outbox.sent(old, "1.1", after(61), REST)
    assert await store.outbox.waiting() == 0
    assert not await replica.outbox.attempting(new, after(62))  # so they do not post it as well


async def test_late_word_of_a_post_leaves_the_lease_to_whoever_has_it(store: SqlStore, replica: SqlStore) -> None:
    card = await a_card(store)
    (old,) = await store.outbox.claim(9, NOW, LEASE)
    await store.outbox.attempting(old, SOON)
    await turned(store, card, "newer", SOON)
    (new,) = await replica.outbox.claim(9, LATER, LEASE)
    await store.outbox.sent(old, "1.1", after(61))
    assert (await store.outbox.claim(9, after(62), LEASE)).rows == ()
    await replica.outbox.sent(new, "1.1", after(63))
    assert await store.outbox.waiting() == 0


async def test_of_the_tries_of_unknown_fate_the_first_and_the_last_are_known(store: SqlStore) -> None:
    await said(store, message("a"))
    for moment in (0, 10, 20):
        (due,) = await store.outbox.claim(9, after(moment), LEASE)
        await store.outbox.attempting(due, after(moment + 1))
        await store.outbox.later(due, after(moment + 2), "away", posted=None)
    (due,) = await store.outbox.claim(9, after(30), LEASE)
    assert (due.attempted_at, due.tried_at) == (after(1), after(21))
    await store.outbox.later(due, after(31), "refused", posted=False)
    (due,) = await store.outbox.claim(9, after(31), LEASE)
    assert (due.attempted_at, due.tried_at) == (None, None)


async def test_what_has_to_be_patient_keeps_its_place_and_its_age(store: SqlStore) -> None:
    await said(store, message("a1", "A"))
    await said(store, message("b1", "B"), at=SOON)
    (due,) = await store.outbox.claim(1, after(9), LEASE)
    await store.outbox.later(due, None, "slower", posted=False, failed=False, rest=Rest("A", after(9) + PACE))
    assert [due.key for due in await store.outbox.claim(1, after(20), LEASE)] == ["a1"]
