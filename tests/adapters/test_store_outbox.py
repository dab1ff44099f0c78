"""What Slack should show: in order, one at a time for each channel, and never forgotten."""

import asyncio
from dataclasses import replace

from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.ports import Due, Reply, StoredCard
from tests.plugins.rows import LATER, LEASE, NOW, SOON, a_card, after, message, said, turned


async def claimed(store: SqlStore, seconds: float = 0, limit: int = 9) -> list[str]:
    return [due.key for due in await store.outbox.claim(limit, after(seconds), LEASE)]


async def the_one(store: SqlStore, seconds: float = 0) -> Due:
    (due,) = await store.outbox.claim(9, after(seconds), LEASE)
    return due


async def replied(store: SqlStore, card: StoredCard, key: str) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, message(key))], NOW)


async def the_one_of(store: SqlStore, channel: str) -> Due:
    (due,) = await store.outbox.claim(9, NOW, LEASE, skip={"A", "B"} - {channel})
    return due


async def test_a_channel_gets_its_messages_one_after_the_other(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"), message("b1", "B"))
    first, other = await store.outbox.claim(9, NOW, LEASE)
    assert (first.key, other.key) == ("a1", "b1")
    assert await claimed(store) == []
    await store.outbox.sent(first, "1.1", NOW)
    assert await claimed(store) == ["a2"]


async def test_the_oldest_is_claimed_first_and_no_more_than_asked(store: SqlStore) -> None:
    for number, channel in enumerate(["C", "A", "B"]):
        await said(store, message(channel, channel), at=after(number))
    assert await claimed(store, 5, limit=2) == ["C", "A"]


async def test_a_channel_to_be_skipped_is_skipped_whole(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"), message("b1", "B"))
    assert [due.key for due in await store.outbox.claim(1, SOON, LEASE, skip={"A"})] == ["b1"]


async def test_what_is_not_due_yet_waits(store: SqlStore) -> None:
    await said(store, message("a"), at=after(10))
    assert await claimed(store, 9.999999) == []
    assert await claimed(store, 10) == ["a"]


async def test_a_lease_that_ran_out_hands_the_row_over(store: SqlStore, replica: SqlStore) -> None:
    await said(store, message("a1"), message("a2"))
    mine = await the_one(store)
    assert await claimed(replica, 59) == []
    (theirs,) = await replica.outbox.claim(9, LATER, LEASE)
    assert theirs == replace(mine, lease=LATER + LEASE)


async def test_at_the_start_of_the_only_process_the_leases_of_a_dead_one_are_void(
    store: SqlStore, replica: SqlStore, engine: str
) -> None:
    await said(store, message("a1"), message("a2"))
    await the_one(store)
    await replica.begin(after(1))
    again = await replica.outbox.claim(9, after(1), LEASE)
    assert [due.key for due in again] == ([] if engine == "postgres" else ["a1"])  # there, its owner may be alive


async def test_a_post_that_a_dead_process_had_begun_gets_time_to_arrive_before_it_is_looked_for(
    store: SqlStore, replica: SqlStore, engine: str
) -> None:
    await said(store, message("a1"), message("b1", "B"))
    for due in await store.outbox.claim(9, NOW, LEASE):
        if due.key == "a1":
            await store.outbox.attempting(due, NOW)
    await replica.begin(after(1))
    claims = [[due.key for due in await replica.outbox.claim(9, after(at), LEASE)] for at in (1, 12.9, 13)]
    assert claims == ([[], [], []] if engine == "postgres" else [["b1"], [], ["a1"]])


async def test_a_card_that_changes_all_the_time_does_not_hold_up_news(store: SqlStore) -> None:
    card = await a_card(store)
    first = await the_one(store)
    await store.outbox.sent(first, "1.1", NOW)
    await said(store, message("news"), at=after(1))
    await turned(store, card, "changed", at=NOW)
    assert (await the_one(store, 2)).key == "news"


async def test_two_replicas_never_speak_to_one_channel_at_once(store: SqlStore, replica: SqlStore) -> None:
    await said(store, *[message(f"{channel}{n}", channel) for n in range(5) for channel in "ABCDEFGH"])
    claims = [place.outbox.claim(3, SOON, LEASE) for _ in range(3) for place in (store, replica)]
    channels = [due.channel for batch in await asyncio.gather(*claims) for due in batch]
    assert sorted(channels) == list("ABCDEFGH")


async def test_an_attempt_is_remembered_if_its_process_dies(store: SqlStore, replica: SqlStore) -> None:
    await said(store, message("a"))
    due = await the_one(store)
    await store.outbox.attempting(due, after(1))
    (orphan,) = await replica.outbox.claim(9, LATER, LEASE)
    assert (orphan.attempted_at, orphan.attempts, orphan.ts) == (after(1), 0, None)


async def test_a_sent_message_is_not_sent_again(store: SqlStore) -> None:
    await said(store, message("a"))
    due = await the_one(store)
    await store.outbox.attempting(due, NOW)
    await store.outbox.sent(due, "1.1", NOW)
    assert await claimed(store, 1000) == []
    assert await store.outbox.waiting() == 0


async def test_a_newer_revision_stays_due_and_knows_the_message(store: SqlStore) -> None:
    card = await a_card(store)
    due = await the_one(store)
    await store.outbox.attempting(due, NOW)
    await turned(store, card, "newer", at=after(1))
    await store.outbox.sent(due, "1.1", after(2))
    newer = await the_one(store, 2)
    assert (newer.revision, newer.payload, newer.ts) == (2, {"text": "newer"}, "1.1")
    assert (newer.attempted_at, newer.attempts) == (None, 0)


async def test_late_word_of_an_older_revision_changes_nothing(store: SqlStore) -> None:
    card = await a_card(store)
    old = await the_one(store)
    await turned(store, card, "newer")
    new = await the_one(store, LEASE.total_seconds())
    await store.outbox.sent(new, "1.1", LATER)
    await store.outbox.sent(old, "9.9", LATER)
    assert await claimed(store, 70) == []
    await turned(store, card, "newest", at=after(71))
    assert (await the_one(store, 71)).ts == "1.1"


async def test_a_message_for_later_lets_the_next_one_pass_and_comes_back(store: SqlStore) -> None:
    await said(store, message("a1"), message("a2"))
    due = await the_one(store)
    await store.outbox.later(due, after(30), "slow down", posted=False)
    second = await the_one(store, 1)
    assert await claimed(store, 30) == []  # the second one is still being said
    await store.outbox.sent(second, "1.1", after(30))
    assert second.key == "a2"
    assert await claimed(store, 29) == []
    assert await claimed(store, 30) == ["a1"]


async def test_a_channel_catches_up_in_the_order_in_which_its_messages_were_queued(store: SqlStore) -> None:
    await said(store, *[message(f"a{number}") for number in (1, 2, 3)])
    for seconds in (50, 40):  # the first one fails again and again: it is put off longer than the others
        due = await the_one(store)
        await store.outbox.later(due, after(seconds), "away", posted=False)
    for key in ("a1", "a2", "a3"):
        due = await the_one(store, 50)
        assert due.key == key
        await store.outbox.sent(due, "1.1", after(50))


async def test_the_channel_that_has_waited_longest_comes_first_whatever_was_put_off_in_it(store: SqlStore) -> None:
    await said(store, message("a1", "A"))
    await said(store, message("b1", "B"), at=after(2))
    await said(store, message("a2", "A"), at=after(1))
    due = await the_one_of(store, "A")
    await store.outbox.later(due, after(30), "away", posted=False)
    assert await claimed(store, 30, limit=1) == ["a1"]  # for a2 has waited longer than b1
    assert await claimed(store, 30) == ["b1"]


async def test_what_waits_only_for_slack_is_due_as_soon_as_slack_answers(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"), message("b1", "B"), message("c1", "C"))
    for due in await store.outbox.claim(9, NOW, LEASE):
        await store.outbox.later(due, after(300), "away", posted=False, resumable=due.channel != "B")
    assert await store.outbox.resume(after(1)) == 2
    assert await store.outbox.resume(after(1)) == 0
    assert await claimed(store, 1) == ["a1", "c1"]
    assert await claimed(store, 299) == ["a1", "c1"]  # their leases ran out; b1 still waits as it was told
    assert await claimed(store, 300) == ["b1"]


async def test_a_wait_that_slack_asks_for_is_not_cut_short_by_an_earlier_outage(store: SqlStore) -> None:
    await said(store, message("a"))
    for resumable, seconds in ((True, 0), (False, 30)):
        due = await the_one(store)
        await store.outbox.later(due, after(seconds), "later", posted=False, resumable=resumable)
    assert await store.outbox.resume(after(1)) == 0
    assert await claimed(store, 29) == []


async def test_what_is_being_said_or_parked_is_not_resumed(store: SqlStore) -> None:
    await said(store, message("a", "A"), message("b", "B"))
    for due in await store.outbox.claim(9, NOW, LEASE):
        await store.outbox.later(due, after(10), "away", posted=False, resumable=True)
    said_now, parked = await store.outbox.claim(9, after(10), LEASE)
    await store.outbox.park(parked, "gone", after(10))
    assert await store.outbox.resume(after(11)) == 0
    assert await claimed(store, 12) == []
    assert said_now.key == "a"


async def test_only_a_post_that_surely_failed_needs_no_search(store: SqlStore) -> None:
    await said(store, message("a", "A"), message("b", "B"))
    for due in await store.outbox.claim(9, NOW, LEASE):
        await store.outbox.attempting(due, NOW)
        await store.outbox.later(due, SOON, "again", posted=False if due.channel == "A" else None)
    again = await store.outbox.claim(9, SOON, LEASE)
    assert [(due.channel, due.attempted_at, due.attempts) for due in again] == [("A", None, 1), ("B", NOW, 1)]


async def test_being_asked_for_patience_is_no_failure(store: SqlStore) -> None:
    await said(store, message("a"))
    for failed, attempts in ((True, 0), (False, 1), (True, 1), (True, 2)):
        due = await the_one(store)
        assert due.attempts == attempts
        await store.outbox.later(due, NOW, "again", posted=False, failed=failed)


async def test_a_post_that_was_found_is_edited_and_no_more_in_doubt(store: SqlStore) -> None:
    await said(store, message("a"))
    due = await the_one(store)
    await store.outbox.attempting(due, NOW)
    await store.outbox.found(due, "1.1")
    again = await the_one(store)
    assert (again.ts, again.attempted_at, again.revision) == ("1.1", None, 1)


async def test_a_reply_waits_for_the_message_that_it_belongs_to(store: SqlStore) -> None:
    card = await a_card(store)
    await replied(store, card, "reply")
    parent = await the_one(store)
    assert parent.id == card.outbox
    await store.outbox.later(parent, after(30), "away", posted=False)
    assert await claimed(store, 29) == []
    parent = await the_one(store, 30)
    await store.outbox.sent(parent, "1.1", after(30))
    reply = await the_one(store, 31)
    assert (reply.key, reply.thread) == ("reply", "1.1")


async def test_a_reply_to_a_message_that_was_given_up_stands_on_its_own(store: SqlStore) -> None:
    card = await a_card(store)
    await replied(store, card, "reply")
    parent = await the_one(store)
    await store.outbox.park(parent, "the form", NOW)
    reply = await the_one(store, 1)
    assert (reply.key, reply.thread) == ("reply", "")


async def test_the_lag_of_a_channel_is_the_age_of_its_oldest_unsaid_message(store: SqlStore) -> None:
    await said(store, message("a1", "A"), message("a2", "A"))
    await said(store, message("b1", "B"), at=after(5))
    card = await a_card(store, channel="C")
    (due,) = await store.outbox.claim(9, NOW, LEASE, skip={"A"})
    await store.outbox.sent(due, "1.1", NOW)
    assert await store.outbox.lag(after(10)) == {"A": 10.0, "B": 5.0}
    await turned(store, card, "newer", at=after(8))
    assert await store.outbox.lag(after(10)) == {"A": 10.0, "B": 5.0, "C": 2.0}
    assert await store.outbox.lag(NOW) == {"A": 0.0, "B": 0.0, "C": 0.0}


async def test_a_parked_message_is_left_alone_and_frees_its_channel(store: SqlStore) -> None:
    await said(store, message("a1"), message("a2"))
    due = await the_one(store)
    await store.outbox.park(due, "channel_is_archived", NOW)
    assert await store.outbox.waiting() == 1
    assert await claimed(store) == ["a2"]
    assert await claimed(store, 1000) == ["a2"]


async def test_who_asked_is_remembered(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("a", "C1", {"text": "a"}, asker="U1"), NOW)
    assert (await the_one(store)).asker == "U1"
