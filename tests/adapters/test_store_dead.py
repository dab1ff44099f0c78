"""Dead letters are kept with their reason until somebody decides."""

import json

import pytest
from sqlalchemy import select, update

from bot.adapters.store import SqlStore
from bot.adapters.store.dead import DROPPED
from bot.adapters.store.tables import deliveries, lanes, outbox
from tests.plugins.rows import (
    LATER,
    LEASE,
    NOW,
    SOON,
    a_card,
    a_hook,
    after,
    delivered,
    message,
    said,
    taken_up,
    turned,
)

REASON = "the body is not JSON"


async def an_unreadable_body(store: SqlStore, body: bytes = b"{") -> None:
    await a_hook(store, "t1", "C1", "C2")
    await delivered(store, body)
    async with store.inbox.ledger() as ledger:
        await ledger.set_aside(1, REASON)


async def a_refused_message(store: SqlStore, key: str = "m", row: int = 1, channel: str = "C1") -> None:
    await said(store, message(key, channel, {"text": f"{key} in words"}))
    due = await taken_up(store, row)
    await store.outbox.attempting(due, NOW)
    await store.outbox.park(due, "invalid_blocks", SOON)


async def row(store: SqlStore, number: int = 1):
    async with store._database.reading() as connection:
        return (await connection.execute(select(outbox).where(outbox.c.id == number))).one()


async def test_without_trouble_there_is_nothing(store: SqlStore) -> None:
    assert await store.dead.all() == ()
    assert await store.dead.counts() == {"deliveries": 0, "messages": 0}
    assert await store.dead.lanes() == ()


async def test_a_body_that_nobody_could_read_is_kept_as_it_came(store: SqlStore) -> None:
    body = b'{"h\xe4\0lich'
    await an_unreadable_body(store, body)

    (letter,) = await store.dead.all()

    assert (letter.id, letter.at, letter.reason) == ("d1", NOW, REASON)
    assert (letter.about, letter.place, letter.size) == ("hook 1, repo_push of acme/api", "C1,C2", len(body))
    assert letter.body == b""
    whole = await store.dead.one("d1")
    assert whole is not None
    assert whole.body == body


async def test_a_message_that_slack_does_not_take_is_kept_with_its_words(store: SqlStore) -> None:
    await a_refused_message(store)

    (letter,) = await store.dead.all()

    assert (letter.id, letter.at, letter.reason) == ("m1", SOON, "invalid_blocks")
    assert (letter.about, letter.place) == ("m in words", "C1")
    whole = await store.dead.one("m1")
    assert whole is not None
    assert json.loads(whole.body) == {"text": "m in words"}
    assert len(whole.body) == letter.size


async def test_the_newest_come_first_and_only_so_many(store: SqlStore) -> None:
    await an_unreadable_body(store)
    for number in (1, 2):
        await a_refused_message(store, f"m{number}", number, f"C{number}")

    assert [letter.id for letter in await store.dead.all()] == ["m2", "m1", "d1"]
    assert [letter.id for letter in await store.dead.all(1)] == ["m2"]
    assert await store.dead.counts() == {"deliveries": 1, "messages": 2}


NONE = ["", "d", "1", "d2", "m2", "x1", "d01x", "d-1", "D1", "d1 ", "d²", f"d{'9' * 30}", "d0", "m0"]


@pytest.mark.parametrize("letter", NONE)
async def test_an_id_that_is_none_is_told_apart(store: SqlStore, letter: str) -> None:
    await an_unreadable_body(store)
    await a_refused_message(store)

    assert await store.dead.one(letter) is None
    assert await store.dead.retry(letter, LATER) == 0
    assert await store.dead.drop(letter, LATER) == 0
    assert len(await store.dead.all()) == 2


async def test_what_is_not_dead_is_no_letter(store: SqlStore) -> None:
    await a_hook(store)
    await delivered(store, b"{}")
    await said(store, message("m"))

    for letter in ("d1", "m1"):
        assert await store.dead.one(letter) is None
        assert await store.dead.retry(letter, LATER) == 0
        assert await store.dead.drop(letter, LATER) == 0
    assert await store.inbox.waiting() == 1
    assert await store.outbox.waiting() == 1


async def test_a_body_is_read_once_more(store: SqlStore) -> None:
    await an_unreadable_body(store)

    assert await store.dead.retry("d1", LATER) == 1

    assert await store.dead.all() == ()
    (delivery,) = await store.inbox.claim(9, LATER, LEASE)
    assert (delivery.id, delivery.body) == (1, b"{")


async def test_a_message_is_sent_once_more_at_once(store: SqlStore) -> None:
    await a_refused_message(store)

    assert await store.dead.retry("m1", LATER) == 1

    assert await store.dead.all() == ()
    again = await row(store)
    assert (again.parked_at, again.due_at, again.attempts, again.lease_until) == (None, LATER, 0, None)
    assert again.attempted_at == NOW  # it may be there all the same: it is looked for first
    assert await store.outbox.waiting() == 1


async def test_a_dropped_body_is_settled(store: SqlStore) -> None:
    await an_unreadable_body(store)

    assert await store.dead.drop("d1", LATER) == 1

    assert await store.dead.all() == ()
    assert await store.inbox.waiting() == 0
    async with store._database.reading() as connection:
        settled = (await connection.execute(select(deliveries.c.state, deliveries.c.reason))).one()
    assert tuple(settled) == ("done", DROPPED)


async def test_a_dropped_message_is_settled_and_forgotten_like_the_others(store: SqlStore) -> None:
    await a_refused_message(store)

    assert await store.dead.drop("m1", LATER) == 1

    assert await store.dead.all() == ()
    assert await store.outbox.waiting() == 0
    settled = await row(store)
    assert (settled.sent_revision, settled.parked_at, settled.reason, settled.ts) == (1, None, DROPPED, None)
    await store.inbox.sweep(after(61))
    async with store._database.reading() as connection:
        assert (await connection.execute(select(outbox.c.id))).all() == []


async def test_what_folds_into_a_dropped_card_later_is_told(store: SqlStore) -> None:
    card = await a_card(store)
    await store.outbox.park(await taken_up(store, card.outbox, SOON), "invalid_blocks", SOON)
    await store.dead.drop(f"m{card.outbox}", SOON)

    await turned(store, card, "news", LATER)

    assert await store.outbox.waiting() == 1


@pytest.mark.parametrize("decide", ["retry", "drop"])
async def test_all_means_every_letter_of_both_kinds(store: SqlStore, decide: str) -> None:
    await an_unreadable_body(store)
    for number in (1, 2):
        await a_refused_message(store, f"m{number}", number)

    assert await getattr(store.dead, decide)("all", LATER) == 3
    assert await store.dead.all() == ()
    assert await getattr(store.dead, decide)("all", LATER) == 0
    assert await store.dead.one("all") is None


async def test_parked_channels_are_listed_with_what_waits_for_them(store: SqlStore) -> None:
    await said(store, message("a"), message("b"), message("c", "C2"), message("d", "C3"))
    parked = {"C1": (SOON, "is_archived"), "C2": (NOW, None), "C3": (None, "once")}
    async with store._database.writing() as connection:
        for channel, (at, reason) in parked.items():
            values = {"channel": channel, "free_at": NOW, "parked_at": at, "reason": reason}
            await connection.execute(lanes.insert().values(**values, pace=1050, away=False))
        await connection.execute(update(outbox).where(outbox.c.key == "b").values(sent_revision=1))

    assert [(lane.channel, lane.parked_at, lane.reason, lane.waiting) for lane in await store.dead.lanes()] == [
        ("C2", NOW, "", 1),
        ("C1", SOON, "is_archived", 1),
    ]
