"""What is long over is forgotten, and nothing else."""

import pytest
from sqlalchemy import Engine, event

from bot.adapters.store import SqlStore, retention
from bot.ports.store import StoredCard
from tests.plugins.rows import LEASE, NOW, SOON, a_card, a_hook, after, cards, delivered, message, said, turned

BEFORE = after(100)


async def shown(store: SqlStore, at: float = 0) -> None:
    """Everything that is due is sent."""
    while dues := await store.outbox.claim(50, after(at), LEASE):
        for due in dues:
            await store.outbox.sent(due.id, due.revision, f"{due.id}.1", after(at))


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
    assert await store.inbox.aside_body(3) == b"aside"
    assert await store.inbox.sweep(after(101)) == 1


async def test_a_card_and_its_message_are_forgotten_together(store: SqlStore) -> None:
    await a_card(store)
    await shown(store)
    assert await store.inbox.sweep(NOW) == 0
    assert await store.inbox.sweep(SOON) == 2
    assert await cards(store) == ()


async def test_a_card_that_was_touched_keeps_its_message(store: SqlStore) -> None:
    card = await a_card(store)
    await shown(store)
    await turned(store, card, "newer", at=BEFORE)
    await store.outbox.sent(card.outbox, 2, "1.1", NOW)
    assert await store.inbox.sweep(BEFORE) == 0
    await turned(store, card, "newest", at=BEFORE)
    (due,) = await store.outbox.claim(9, BEFORE, LEASE)
    assert (due.id, due.ts) == (card.outbox, "1.1")


async def test_a_card_is_forgotten_but_what_it_still_has_to_say_is_said(store: SqlStore) -> None:
    card = await a_card(store)
    assert await store.inbox.sweep(BEFORE) == 1
    (due,) = await store.outbox.claim(9, BEFORE, LEASE)
    assert due.id == card.outbox


async def test_sent_and_parked_messages_are_forgotten_and_those_that_wait_are_kept(store: SqlStore) -> None:
    await said(store, message("sent", "A"), message("parked", "B"))
    sent, parked = await store.outbox.claim(9, NOW, LEASE)
    await store.outbox.sent(sent.id, 1, "1.1", NOW)
    await store.outbox.park(parked.id, "gone", NOW)
    await said(store, message("waits"))
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
    assert len(commits) == 3 + 3  # three for the deliveries, one each for what there is none of


async def test_two_replicas_may_sweep_at_once(store: SqlStore, replica: SqlStore) -> None:
    opened: list[StoredCard] = [await a_card(store, f"build:{number}") for number in range(9)]
    await shown(store)
    await store.inbox.sweep(BEFORE)
    await replica.inbox.sweep(BEFORE)
    assert [await cards(store, card.key) for card in opened] == [()] * 9
