"""What is long over is forgotten, and nothing else."""

import asyncio

import pytest
from sqlalchemy import Engine, event, update
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore, retention
from bot.adapters.store.tables import outbox, spent
from bot.domain.trail import Entry, Verdict
from bot.ports import StoredCard
from tests.plugins.rows import LEASE, NOW, SOON, a_card, a_hook, after, cards, delivered, message, said, turned
from tests.plugins.slackless import all_said, messages, trail, unsaid
from tests.plugins.wishes import gap, lookup, sought, subscribed, wish

BEFORE = after(100)


async def shown(store: SqlStore, at: float = 0) -> None:
    """Everything that waits is sent."""
    await all_said(store, after(at))


async def told(store: SqlStore, card: StoredCard | None, item: str = "", at: float = 0) -> None:
    """An event became what its verdict says."""
    verdict = Verdict.FOLDED if card else Verdict.FILTERED
    entry = Entry("C1", "acme/web", "repo_push", (), after(at), verdict, None, "", item, {} if item else None)
    async with store.inbox.ledger() as ledger:
        await ledger.record([(card.id if card else None, entry)], after(at))


async def queued_again(store: SqlStore, key: str) -> bool:
    """True if the message with that key was forgotten: then it can be queued anew."""
    before = await store.outbox.waiting()
    await said(store, message(key), at=BEFORE)
    return await store.outbox.waiting() > before


async def test_settled_deliveries_are_forgotten_and_those_that_wait_or_were_set_aside_are_kept(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"done", b"new", b"aside")
    await store.intake.keep([("t1", b"young")], BEFORE)
    async with store.inbox.ledger() as ledger:
        await ledger.done([1, 4])
        await ledger.set_aside(3, "odd")
    assert await store.inbox.sweep(BEFORE) == 1
    assert await store.inbox.sweep(BEFORE) == 0
    assert [delivery.body for delivery in await store.inbox.claim(9, BEFORE, LEASE)] == [b"new"]
    assert [letter.reason for letter in await store.dead.all()] == ["odd"]
    assert await store.inbox.sweep(after(101)) == 1


async def test_a_card_and_its_message_are_forgotten_together(store: SqlStore) -> None:
    await a_card(store)
    await shown(store)
    assert await store.inbox.sweep(NOW) == 0
    assert await store.inbox.sweep(SOON) == 3  # the name, the card, the message
    assert await cards(store) == ()
    assert await messages(store) == []


async def test_the_trail_is_forgotten_with_its_card_and_what_was_filtered_by_its_age(store: SqlStore) -> None:
    old, young = await a_card(store), await a_card(store, "build:2")
    await turned(store, young, "newer", at=BEFORE)
    await shown(store)
    for card in (old, young, None):
        await told(store, card, at=1)
    await told(store, None, at=101)
    await told(store, young, "item", at=2)
    assert await store.inbox.sweep(BEFORE) == 5  # two entries, the old card with its name and its message
    assert [(row.card, row.at) for row in await trail(store)] == [
        (young.id, after(1)),
        (None, after(101)),
        (young.id, after(2)),
    ]
    assert await cards(store, "build:2") != ()


async def test_a_card_of_which_a_copy_came_lately_stays_without_its_names(store: SqlStore) -> None:
    card = await a_card(store)
    await shown(store)
    await told(store, card, at=101)
    assert await store.inbox.sweep(BEFORE) == 1
    assert [row.card for row in await trail(store)] == [card.id]
    assert await store.inbox.sweep(after(102)) == 3


async def test_calls_that_were_counted_long_ago_are_forgotten(store: SqlStore) -> None:
    async with store._database.writing() as connection:
        rows = [{"method": "chat.update", "at": after(at)} for at in (1, 2, 101)]
        await connection.execute(spent.insert(), rows)
    assert await store.inbox.sweep(BEFORE) == 2


async def test_a_card_that_was_touched_keeps_its_message(store: SqlStore) -> None:
    card = await a_card(store)
    await shown(store)
    await turned(store, card, "newer", at=BEFORE)
    await shown(store)
    assert await store.inbox.sweep(BEFORE) == 0
    await turned(store, card, "newest", at=BEFORE)
    (row,) = await unsaid(store)
    assert (row.id, row.ts) == (card.outbox, card.key)


async def test_a_card_is_forgotten_but_what_it_still_has_to_say_is_said(store: SqlStore) -> None:
    card = await a_card(store)
    assert await store.inbox.sweep(BEFORE) == 2
    (row,) = await unsaid(store)
    assert row.id == card.outbox


async def test_sent_and_parked_messages_are_forgotten_and_those_that_wait_are_kept(store: SqlStore) -> None:
    await said(store, message("sent"))
    await shown(store)
    await said(store, message("parked"), message("waits"))
    async with store._database.writing() as connection:
        await connection.execute(update(outbox).where(outbox.c.key == "parked").values(parked_at=NOW))
    assert await store.inbox.sweep(NOW) == 0
    assert await store.inbox.sweep(BEFORE) == 2
    assert [await queued_again(store, key) for key in ("sent", "parked", "waits")] == [True, True, False]


async def test_a_message_that_was_sent_lately_is_remembered_however_long_it_had_waited(store: SqlStore) -> None:
    await said(store, message("slow"))
    await shown(store, at=100)
    assert await store.inbox.sweep(BEFORE) == 0
    assert not await queued_again(store, "slow")


async def test_much_is_forgotten_in_small_transactions(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 3)
    await a_hook(store)
    await delivered(store, *[b"x"] * 8)
    async with store.inbox.ledger() as ledger:
        await ledger.done(range(1, 9))
    commits: list[object] = []

    def committed(connection: object) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", committed)
    assert await store.inbox.sweep(BEFORE) == 8
    event.remove(Engine, "commit", committed)
    assert len(commits) == 3 + 14  # three for the deliveries, one each for what there is none of


@pytest.mark.parametrize(("number", "size"), [(4, 1000), (1000, 12)], ids=["number", "bytes"])
async def test_of_what_was_set_aside_the_newest_is_kept(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, number: int, size: int
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    monkeypatch.setattr(retention, "KEPT_ASIDE", number)
    monkeypatch.setattr(retention, "KEPT_BYTES", size)
    await a_hook(store)
    await delivered(store, *[b"%03d" % one for one in range(10)])
    async with store.inbox.ledger() as ledger:
        for one in range(1, 10):
            await ledger.set_aside(one, "odd")
    with capture_logs() as logs:
        assert await store.inbox.sweep(NOW) == 5
        assert await store.inbox.sweep(NOW) == 0
    assert [letter.id for letter in await store.dead.all()] == ["d9", "d8", "d7", "d6"]
    assert await store.inbox.waiting() == 1
    assert [(line["event"], line["count"]) for line in logs] == [("dead_letters_dropped", 5)]


async def test_two_replicas_may_sweep_at_once(store: SqlStore, replica: SqlStore) -> None:
    names = [f"build:{number}" for number in range(9)]
    for name in names:
        await told(store, await a_card(store, name))
    await shown(store)
    await asyncio.gather(store.inbox.sweep(BEFORE), replica.inbox.sweep(BEFORE))
    await store.inbox.sweep(BEFORE)  # each may have passed over what the other held
    assert [await cards(store, name) for name in names] == [()] * 9
    assert (await messages(store), await trail(store)) == ([], [])


async def test_what_was_told_afterwards_is_remembered_for_a_while(store: SqlStore) -> None:
    async def first(key: str, at: float) -> frozenset[str]:
        async with store.inbox.ledger() as ledger:
            return await ledger.first_time("C1", [key], after(at))

    await first("old", 99)
    await first("new", 100)
    assert await store.inbox.sweep(BEFORE) == 1
    assert [await first(key, 200) for key in ("old", "new")] == [{"old"}, frozenset()]


async def test_what_belongs_to_a_forgotten_subscription_is_forgotten_after_a_while(store: SqlStore) -> None:
    await subscribed(store, wish("SHERE"))
    for name in ("SHERE", "SGONE"):
        await store.gaps.open(gap(name=name, due=50))
        await sought(store, lookup(1, name=name, due=50))
        await store.subscriptions.set_baseline(name, "acme/api", {}, after(50))
    assert await store.inbox.sweep(after(50)) == 0
    assert await store.inbox.sweep(BEFORE) == 3
    assert [one.subscription for one in await store.gaps.claim(9, BEFORE, LEASE)] == ["SHERE"]
    assert [one.subscription for one in await store.lookups.claim(9, BEFORE, LEASE)] == ["SHERE"]
    assert await store.subscriptions.baseline("SHERE", "acme/api") == {}
    assert await store.subscriptions.baseline("SGONE", "acme/api") is None
