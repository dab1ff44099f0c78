"""Replies in threads, and what became of events: written with the cards that they belong to."""

import pytest
from sqlalchemy import update

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import outbox
from bot.domain.trail import Entry, Verdict
from bot.ports import Reply
from tests.plugins.rows import LATER, NOW, SOON, a_card, message
from tests.plugins.slackless import trail, unsaid


def entry(item: str = "", *, data: bool = False, verdict: Verdict = Verdict.FOLDED) -> Entry:
    counts = {"name": item} if data else None
    return Entry("C1", "acme/web", "repo_push", ("latest", '"'), NOW, verdict, 7, "tag:v*", item, counts)


async def set_row(store: SqlStore, row: int, **values: object) -> None:
    async with store._database.writing() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(**values))


async def test_a_reply_hangs_below_its_card(store: SqlStore) -> None:
    card = await a_card(store)
    async with store.inbox.ledger() as ledger:
        assert await ledger.waiting_replies([card.outbox]) == {}
        await ledger.reply([Reply(card.outbox, message("r1"))], SOON)
        await ledger.reply([], SOON)
    row = (await unsaid(store))[-1]
    assert (row.key, row.parent, row.due_at, row.channel) == ("r1", card.outbox, SOON, "C1")


async def test_a_reply_that_still_waits_takes_up_the_new_words(store: SqlStore) -> None:
    card, other = await a_card(store), await a_card(store, "build:2")
    async with store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, message("r1")), Reply(other.outbox, message("r2"))], NOW)
    async with store.inbox.ledger() as ledger:
        waiting = (await ledger.waiting_replies([card.outbox]))[card.outbox]
        assert waiting.payload == {"text": "r1"}
        await ledger.reply([Reply(card.outbox, message("r3", payload={"text": "both"}), waiting.row)], SOON)
    replies = [row for row in await unsaid(store) if row.parent]
    assert [(row.key, row.text, row.revision, row.due_at, row.changed_at) for row in replies] == [
        ("r1", "both", 2, NOW, SOON),
        ("r2", "r2", 1, NOW, NOW),
    ]


@pytest.mark.parametrize(
    "begun",
    [{"attempted_at": NOW}, {"lease_until": LATER}, {"ts": "1.1"}, {"sent_revision": 1}, {"parked_at": NOW}],
    ids=lambda begun: next(iter(begun)),
)
async def test_a_reply_that_somebody_has_begun_to_post_stays_as_it_is(
    store: SqlStore, begun: dict[str, object]
) -> None:
    card = await a_card(store)
    async with store.inbox.ledger() as ledger:
        await ledger.reply([Reply(card.outbox, message("r1"))], NOW)
    await set_row(store, (await unsaid(store))[-1].id, **begun)
    async with store.inbox.ledger() as ledger:
        assert await ledger.waiting_replies([card.outbox]) == {}


async def test_what_became_of_events_is_written_down(store: SqlStore) -> None:
    card = await a_card(store)
    async with store.inbox.ledger() as ledger:
        await ledger.record([(card.id, entry("i1", data=True)), (None, entry(verdict=Verdict.FILTERED))], NOW)
        await ledger.record([], NOW)
    first, second = await trail(store)
    assert (first.card, first.item, first.data, first.verdict) == (card.id, "i1", '{"name": "i1"}', "folded")
    assert (first.channel, first.subject, first.kind, first.tags) == (
        "C1",
        "acme/web",
        "repo_push",
        '["latest", "\\""]',
    )
    assert (first.at, first.delivery, first.rule) == (NOW, 7, "tag:v*")
    assert (second.card, second.item, second.data, second.verdict) == (None, None, None, "filtered")


async def test_an_item_counts_once_on_each_card(store: SqlStore) -> None:
    one, two = await a_card(store), await a_card(store, "build:2")
    async with store.inbox.ledger() as ledger:
        items = [(one.id, entry("i1", data=True)), (one.id, entry("i2")), (two.id, entry("i1", data=True))]
        await ledger.record(items, NOW)
    async with store.inbox.ledger() as ledger:
        asked = {(card.id, item) for card in (one, two) for item in ("i1", "i2", "\0")}
        assert await ledger.known(asked) == {(one.id, "i1"), (two.id, "i1")}
        assert await ledger.known(set()) == set()
        await ledger.record([(one.id, entry("i1", data=True)), (one.id, entry("i3", data=True))], NOW)
    assert [row.item for row in await trail(store) if row.data] == ["i1", "i1", "i3"]
