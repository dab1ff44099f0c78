"""Nobody waits for ever behind what is more urgent: edits behind posts, news behind searches, all behind a hot card."""

import asyncio
from collections import Counter
from itertools import pairwise

from bot.adapters.store import SqlStore
from bot.domain.messages import Outgoing
from bot.ports import Due, Reply, Rest, Turned
from bot.rules.pacing import PACE, PATIENCE
from tests.plugins.databases import ONLY_POSTGRES
from tests.plugins.rows import LEASE, NOW, a_card, after, cards, message, said, turned


async def answered(store: SqlStore, due: Due, at: float) -> None:
    """Slack took it, and its channel rests."""
    await store.outbox.sent(due, due.ts or f"{due.id}.1", after(at), Rest(due.channel, after(at) + PACE))


async def step(store: SqlStore, at: float) -> list[Due]:
    """Everything that may be said at that moment, which takes no time."""
    batch = list(await store.outbox.claim(20, after(at), LEASE))
    for due in batch:
        await answered(store, due, at)
    return batch


async def shown(store: SqlStore, name: str = "build:1", channel: str = "C1") -> None:
    await a_card(store, name, channel)
    assert len(await step(store, 0)) == 1


async def test_in_a_busy_thread_the_head_is_edited_and_replies_still_come(store: SqlStore) -> None:
    await shown(store)
    (card,) = await cards(store)
    edits: list[float] = []
    replies: list[float] = []
    for number in range(120):  # two events a second
        at = 2 + number / 2
        async with store.inbox.ledger() as ledger:
            waiting = (await ledger.waiting_replies([card.outbox])).get(card.outbox)
            await ledger.reply([Reply(card.outbox, message(f"r{number}"), waiting and waiting.row)], after(at))
            await ledger.turn_cards([Turned(card, "{}", {"text": str(number)})], after(at))
        for due in await step(store, at):
            (edits if due.ts else replies).append(at)
    moments = [2, *edits, 62]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= 10
    assert len(replies) > len(edits)


async def test_news_wait_for_one_edit_at_most_however_many_wait(store: SqlStore) -> None:
    for number in range(12):
        await a_card(store, f"card:{number}")
        assert len(await step(store, 2 * number)) == 1
    for number in range(12):
        (card,) = await cards(store, f"card:{number}")
        await turned(store, card, "newer", after(30))
    begun = 30 + PATIENCE.total_seconds()
    kinds: list[str] = []
    for second in range(40):
        if second in {3, 9}:
            await said(store, message(f"news {second}"), at=after(begun + 1.1 * second))
        kinds += ["edit" if due.ts else due.key for due in await step(store, begun + 1.1 * second)]
    assert kinds == [*["edit"] * 3, "news 3", *["edit"] * 5, "news 9", *["edit"] * 4]


async def test_an_edit_that_has_waited_for_long_goes_between_two_posts(store: SqlStore) -> None:
    await shown(store)
    (card,) = await cards(store)
    await turned(store, card, "newer", after(2))
    await said(store, *[message(f"m{number}") for number in range(9)], at=after(2))
    kinds = [bool(due.ts) for second in range(10) for due in await step(store, 2 + 1.1 * second)]
    assert kinds == [False] * 5 + [True] + [False] * 4  # after 5.5 s


async def test_without_budget_for_the_edit_the_post_goes(store: SqlStore) -> None:
    await shown(store)
    (card,) = await cards(store)
    await turned(store, card, "newer", after(2))
    await said(store, message("news"), at=after(2))
    (due,) = await store.outbox.claim(20, after(30), LEASE, edits=0)
    assert due.key == "news"


async def test_what_may_be_in_slack_already_does_not_silence_its_channel(store: SqlStore, replica: SqlStore) -> None:
    """A process with messages of sixty channels died: there are fifty searches a minute."""
    await said(store, *[message(f"lost {number}", f"X{number}") for number in range(60)])
    for due in await store.outbox.claim(99, NOW, LEASE):
        await store.outbox.attempting(due, NOW)
    await said(store, *[message(f"new {number}", f"X{number}") for number in range(60)], at=after(30))
    kinds = Counter(due.key.split()[0] for due in await replica.outbox.claim(99, after(61), LEASE))
    assert kinds == {"lost": 50, "new": 10}


async def test_a_card_that_changes_while_it_is_edited_is_edited_no_more_often_than_others(store: SqlStore) -> None:
    await shown(store)
    (card,) = await cards(store)
    await turned(store, card, "newer", after(5))
    edits = []
    for tick in range(300):  # half a minute
        at = 5 + tick / 10
        for due in await store.outbox.claim(9, after(at), LEASE):
            await turned(store, card, f"at {at}", after(at))
            await answered(store, due, at)
            edits.append(at)
    assert len(edits) == 10  # every three seconds


async def test_its_last_state_is_shown_as_soon_as_it_may_be_if_it_is_final(store: SqlStore) -> None:
    await shown(store)
    (card,) = await cards(store)
    await turned(store, card, "newer", after(5))
    (due,) = await store.outbox.claim(9, after(5), LEASE)
    await turned(store, card, "final", after(5), urgent=True)
    await answered(store, due, 5.2)
    assert (await store.outbox.claim(9, after(6.1), LEASE)).again == after(5.2) + PACE
    assert len(await step(store, 6.3)) == 1


async def test_the_first_edit_of_a_card_that_changes_while_it_is_posted_does_not_wait(store: SqlStore) -> None:
    card = await a_card(store)
    (due,) = await store.outbox.claim(9, NOW, LEASE)
    await turned(store, card, "newer", NOW)
    await answered(store, due, 0)
    assert len(await step(store, 1.1)) == 1


@ONLY_POSTGRES
async def test_who_gathers_does_not_wait_for_those_who_change_one_of_the_messages(
    store: SqlStore, replica: SqlStore
) -> None:
    """If both waited, they might wait for each other."""
    await said(store, message("first"))
    card = await a_card(store)
    (due,) = await store.outbox.claim(9, after(60), LEASE)
    pile = await store.outbox.late(due, after(60), after(60))
    async with replica.inbox.ledger() as ledger, asyncio.timeout(5):
        await ledger.turn_cards([Turned(card, "{}", {"text": "newer"})], after(60))
        assert not await store.outbox.gather(due, Outgoing("away:1", "C1", {"text": "away"}), pile, after(60))
    assert await store.outbox.waiting() == 2
