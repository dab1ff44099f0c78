"""Late messages become one: all of them or none, whoever dies or works on the same at that moment."""

import asyncio
from dataclasses import replace

from bot.adapters.store import SqlStore
from bot.domain.late import Pile
from bot.domain.messages import Outgoing
from bot.ports import Due, Reply
from tests.plugins.rows import LEASE, NOW, a_card, after, message, said, turned

LATE = after(60)


async def head(store: SqlStore, seconds: float = 60) -> Due:
    (due,) = await store.outbox.claim(9, after(seconds), LEASE)
    return due


async def piled(store: SqlStore, due: Due, seconds: float = 60) -> Pile:
    return await store.outbox.late(due, after(seconds - 15), after(seconds))


def away(key: str = "away:C1:1:1", text: str = "away") -> Outgoing:
    return Outgoing(key, "C1", {"text": text})


async def test_what_waits_for_long_is_late_the_oldest_first(store: SqlStore) -> None:
    await said(store, message("a"), message("other", "C2"))
    await a_card(store)
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("heavy", "C1", {"text": "heavy"}, weight=7), after(30))
    await said(store, message("too new"), at=after(50))
    due = (await store.outbox.claim(9, LATE, LEASE)).rows[0]
    pile = await piled(store, due)
    assert [one.text for one in pile.late] == ["a", "build:1:C1:2026-03-04 05:06:07.890123+00:00", "heavy"]
    assert [(one.family, one.weight, one.since) for one in pile.late] == [
        ("", 0, NOW),
        ("build", 0, NOW),
        ("", 7, after(30)),
    ]
    assert (pile.told, pile.into) == ((), None)


async def test_only_the_heaviest_come_with_their_words(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        for number in range(20):
            await ledger.say(Outgoing(f"m{number}", "C1", {"text": f"m{number}"}, weight=number), NOW)
    pile = await piled(store, await head(store))
    assert [one.text for one in pile.late] == [""] * 5 + [f"m{number}" for number in range(5, 20)]


async def test_what_was_gathered_is_said_by_one_message(store: SqlStore) -> None:
    await said(store, *[message(f"m{number}") for number in range(3)])
    due = await head(store)
    assert await store.outbox.gather(due, away(), await piled(store, due), LATE)
    assert await store.outbox.waiting() == 1
    (one,) = await store.outbox.claim(9, LATE, LEASE)
    assert (one.key, one.payload, one.ts) == ("away:C1:1:1", {"text": "away"}, None)
    assert [late.text for late in await store.outbox.told(one.id)] == ["m0", "m1", "m2"]
    page = await store.trail.items(one.key)
    assert page is not None
    assert (page.family, page.total) == ("gathered", 3)
    await store.outbox.sent(one, "1.1", LATE)
    assert (await store.outbox.claim(9, after(600), LEASE)).rows == ()


async def test_a_message_that_changed_meanwhile_undoes_the_gathering(store: SqlStore) -> None:
    card = await a_card(store)
    await said(store, message("m1"), message("m2"))
    due = await head(store)
    pile = await piled(store, due)
    await turned(store, card, "newer", after(59))
    assert not await store.outbox.gather(due, away(), pile, LATE)
    assert await store.outbox.waiting() == 3
    pile = await piled(store, due)
    assert await store.outbox.gather(due, away(), pile, LATE)
    assert await store.outbox.waiting() == 1


async def test_whoever_lost_the_row_to_another_process_gathers_nothing(store: SqlStore, replica: SqlStore) -> None:
    await said(store, *[message(f"m{number}") for number in range(3)])
    mine = await head(store)
    pile = await piled(store, mine)
    theirs = await head(replica, 60 + LEASE.total_seconds())
    assert theirs == replace(mine, lease=theirs.lease)
    assert not await store.outbox.gather(mine, away(), pile, after(121))
    assert await replica.outbox.gather(theirs, away("away:C1:1:2"), pile, after(121))
    assert await store.outbox.waiting() == 1


async def test_two_who_gather_at_once_make_one_message(store: SqlStore, replica: SqlStore) -> None:
    await said(store, *[message(f"m{number}") for number in range(4)])
    due = await head(store)
    pile = await piled(store, due)
    both = [place.outbox.gather(due, away(), pile, LATE) for place in (store, replica)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    assert await store.outbox.waiting() == 1


async def test_later_ones_join_the_message_that_still_waits(store: SqlStore) -> None:
    await said(store, *[message(f"m{number}") for number in range(3)])
    due = await head(store)
    assert await store.outbox.gather(due, away(), await piled(store, due), LATE)
    await said(store, message("m3"), at=after(70))
    due = await head(store, 100)
    await store.outbox.attempting(due, after(100))
    await store.outbox.later(due, after(101), "away", posted=None)
    due = await head(store, 101)  # it was tried, looked for, and is not there
    pile = await piled(store, due, 101)
    assert ([one.text for one in pile.late], len(pile.told)) == (["m3"], 3)
    assert pile.into is not None
    assert pile.into.key == "away:C1:1:1"
    assert await store.outbox.gather(due, away(text="four"), pile, after(101))
    due = await head(store, 102)
    assert (due.payload, due.revision, due.attempted_at) == ({"text": "four"}, 2, None)
    assert [one.text for one in await store.outbox.told(due.id)] == ["m0", "m1", "m2", "m3"]


async def test_a_late_row_of_unknown_fate_joins_once_it_was_looked_for(store: SqlStore) -> None:
    await said(store, *[message(f"m{number}") for number in range(3)])
    due = await head(store, 0)
    await store.outbox.attempting(due, NOW)
    await store.outbox.later(due, after(70), "away", posted=None)
    other = await head(store)
    assert [one.text for one in (await piled(store, other)).late] == ["m1", "m2"]
    await store.outbox.later(other, LATE, "away", posted=False)
    doubtful = await head(store, 70)
    pile = await piled(store, doubtful, 70)
    assert [(one.text, one.tried) for one in pile.late] == [("m0", True), ("m1", True), ("m2", False)]
    assert await store.outbox.gather(doubtful, away(), pile, after(70))
    assert await store.outbox.waiting() == 1


async def test_a_card_that_was_gathered_and_changes_is_said_by_itself_again(store: SqlStore) -> None:
    card = await a_card(store)
    await said(store, message("m1"), message("m2"))
    due = await head(store)
    assert await store.outbox.gather(due, away(), await piled(store, due), LATE)
    gathering = await head(store, 61)
    await store.outbox.sent(gathering, "1.1", after(61))
    await turned(store, card, "newer", after(90))
    again = await head(store, 90)
    assert (again.id, again.payload, again.ts, again.since) == (card.outbox, {"text": "newer"}, None, after(90))
    assert [one.text for one in await store.outbox.told(gathering.id)] == ["m1", "m2"]


async def test_a_reply_to_a_card_that_was_gathered_hangs_below_what_told_it(store: SqlStore) -> None:
    card = await a_card(store)
    await said(store, message("m1"), message("m2"))
    due = await head(store)
    assert await store.outbox.gather(due, away(), await piled(store, due), LATE)
    gathering = await head(store, 61)
    await store.outbox.sent(gathering, "1.1", after(61))
    async with store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, message("reply"))], after(62))
    assert (await head(store, 62)).thread == "1.1"


async def test_a_second_gathering_of_the_same_message_has_a_key_of_its_own_or_does_nothing(store: SqlStore) -> None:
    await said(store, message("away:C1:1:1"), *[message(f"m{number}", "C2") for number in range(3)])
    first, due = await store.outbox.claim(9, LATE, LEASE)
    await store.outbox.sent(first, "1.1", LATE)
    assert not await store.outbox.gather(due, away(), await piled(store, due), LATE)
    assert await store.outbox.waiting() == 3


async def test_replies_are_no_alerts_and_wait_for_their_threads(store: SqlStore) -> None:
    card = await a_card(store)
    await said(store, message("a"))
    async with store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, Outgoing("r", "C1", {"text": "r"}))], NOW)
    pile = await piled(store, await head(store))
    assert len(pile.late) == 2
    assert "r" not in [one.text for one in pile.late]
