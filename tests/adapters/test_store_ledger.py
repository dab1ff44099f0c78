"""Cards and their messages change together, many at a time, whoever else is at work."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.adapters.store import SqlStore
from bot.adapters.store.cards import CHUNK
from bot.adapters.store.rewording import EDIT_EVERY
from bot.adapters.store.tables import outbox
from bot.domain.messages import Outgoing
from bot.domain.trail import Entry, Verdict
from bot.ports import Channel, Opened, StoredCard, Turned
from tests.plugins.rows import NOW, SOON, a_card, after, cards, message, said, turned
from tests.plugins.slackless import Said, all_said, messages, unsaid


def opened(key: str, state: str = "{}", channel: str = "C1") -> Opened:
    return Opened("build", state, message(key, channel))


def entry(item: str = "", *, data: bool = False, verdict: Verdict = Verdict.FOLDED) -> Entry:
    counts = {"name": item} if data else None
    return Entry("C1", "acme/web", "repo_push", ("latest", '"'), NOW, verdict, 7, "tag:v*", item, counts)


async def the_row(store: SqlStore, row: int) -> Said:
    return next(one for one in await messages(store) if one.id == row)


async def set_row(store: SqlStore, row: int, **values: object) -> None:
    async with store._database.writing() as connection:
        await connection.execute(update(outbox).where(outbox.c.id == row).values(**values))


async def shown(store: SqlStore, card: StoredCard, revision: int, at: datetime) -> None:
    await set_row(store, card.outbox, sent_revision=revision, sent_at=at, ts="1.1")


async def test_a_new_card_queues_its_message(store: SqlStore) -> None:
    card = await a_card(store, "build:1", "C1")
    assert (card.channel, card.family, card.state) == ("C1", "build", "{}")
    assert (card.opened_at, card.touched_at) == (NOW, NOW)
    (row,) = await unsaid(store)
    assert (row.id, row.key, row.revision, row.due_at, row.changed_at) == (card.outbox, card.key, 1, NOW, NOW)
    assert await cards(store) == (card,)


async def test_many_cards_are_opened_in_their_order(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        new = await ledger.open_cards([opened(f"k{number}", str(number)) for number in range(40)], NOW)
    assert [card.key for card in new if card] == [f"k{number}" for number in range(40)]
    rows = await unsaid(store)
    assert [row.key for row in rows] == [card.key for card in new if card]
    assert [row.id for row in rows] == [card.outbox for card in new if card]
    assert [card.id for card in new if card] == sorted(card.id for card in new if card)


async def test_a_second_card_with_the_same_message_key_is_ignored(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        first = await ledger.open_cards([opened("key", "1"), opened("key", "2"), opened("other", "3")], NOW)
        again = await ledger.open_cards([opened("key", "4")], NOW)
        assert await ledger.open_cards([], NOW) == []
    assert [card.state if card else None for card in (*first, *again)] == ["1", None, "3", None]
    assert [row.key for row in await unsaid(store)] == ["key", "other"]


async def test_the_weight_of_a_message_is_kept(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        outgoing = Outgoing("key", "C1", {"text": "heavy"}, asker="U1", weight=9)
        (card,) = await ledger.open_cards([Opened("build", "{}", outgoing)], NOW)
    assert card is not None
    row = await the_row(store, card.outbox)
    assert (row.weight, row.asker) == (9, "U1")
    await turned(store, card, "lighter", at=SOON, weight=3)
    row = await the_row(store, card.outbox)
    assert (row.weight, row.changed_at) == (3, SOON)


async def test_a_second_message_with_the_same_key_is_ignored(store: SqlStore) -> None:
    await said(store, message("key", payload={"text": "first"}), message("key", payload={"text": "again"}))
    await said(store, message("key", "C2", {"text": "elsewhere"}))
    (row,) = await unsaid(store)
    assert (row.channel, row.text) == ("C1", "first")


async def test_a_card_is_found_by_each_of_its_names_where_it_hangs(store: SqlStore) -> None:
    one, two = await a_card(store, "repo", "C1"), await a_card(store, "repo", "C2")
    async with store.inbox.ledger() as ledger:
        await ledger.name_cards([("cve", "C1", one.id)])
    async with store.inbox.ledger() as ledger:
        found = await ledger.cards([("repo", "C1"), ("cve", "C1"), ("cve", "C2"), ("repo", "C3")], ["repo"])
    assert dict(found) == {("repo", "C1"): one, ("cve", "C1"): one, ("repo", "C2"): two}


async def test_a_name_leads_to_the_card_that_got_it_last(store: SqlStore) -> None:
    await a_card(store, "repo", "C1")
    newest = await a_card(store, "repo", "C1", at=after(5))
    assert await cards(store, "repo") == (newest,)
    assert await cards(store, "other") == ()


async def test_more_names_than_fit_into_one_question_are_all_found(store: SqlStore) -> None:
    card = await a_card(store, "n0")
    many = [f"n{number}" for number in range(2 * CHUNK + 3)]
    async with store.inbox.ledger() as ledger:
        await ledger.name_cards([(name, "C1", card.id) for name in many])
    async with store.inbox.ledger() as ledger:
        assert len(await ledger.cards([(name, "C1") for name in many])) == len(many)
        await ledger.record([(card.id, entry(name, data=True)) for name in many], NOW)
        assert len(await ledger.known([(card.id, name) for name in many])) == len(many)


async def test_turning_a_card_changes_the_first_post_while_that_still_waits(store: SqlStore) -> None:
    card = await a_card(store)
    await turned(store, card, "new words", at=after(3))
    (row,) = await unsaid(store)
    assert (row.text, row.revision, row.ts, row.due_at) == ("new words", 2, None, NOW)  # it kept its place in the line
    (again,) = await cards(store)
    assert (again.state, again.touched_at, again.opened_at) == ('{"turned": true}', after(3), NOW)


async def test_the_first_edit_of_a_card_is_due_at_once(store: SqlStore) -> None:
    card = await a_card(store)
    await shown(store, card, 1, SOON)
    await turned(store, card, "edited", at=SOON)
    (row,) = await unsaid(store)
    assert (row.text, row.revision, row.ts, row.due_at) == ("edited", 2, "1.1", SOON)


@pytest.mark.parametrize(
    ("sent_at", "urgent", "due_at"),
    [
        (after(10), False, after(10) + EDIT_EVERY),
        (after(10), True, after(11)),
        (after(11) - EDIT_EVERY, False, after(11)),
        (NOW, False, after(11)),
    ],
    ids=["soon after the last", "urgent", "just in time", "long after the last"],
)
async def test_later_edits_of_a_card_keep_their_distance(
    store: SqlStore, sent_at: datetime, urgent: bool, due_at: datetime
) -> None:
    card = await a_card(store)
    await turned(store, card, "second")
    await shown(store, card, 2, sent_at)
    await turned(store, card, "third", at=after(11), urgent=urgent)
    (row,) = await unsaid(store)
    assert (row.text, row.revision, row.due_at) == ("third", 3, due_at)


async def test_an_urgent_edit_does_not_wait_for_the_distance_that_an_earlier_one_keeps(store: SqlStore) -> None:
    card = await a_card(store)
    await turned(store, card, "second")
    await shown(store, card, 2, NOW)
    await turned(store, card, "third", at=SOON)
    await turned(store, card, "last", at=after(2), urgent=True)
    (row,) = await unsaid(store)
    assert row.due_at == after(2)


@pytest.mark.parametrize("urgent", [False, True])
async def test_turning_a_card_does_not_shorten_a_wait_that_slack_asked_for(store: SqlStore, urgent: bool) -> None:
    card = await a_card(store)
    await set_row(store, card.outbox, due_at=after(30), reason="slow down")
    await turned(store, card, "edited", at=after(1), urgent=urgent)
    assert (await the_row(store, card.outbox)).due_at == after(30)


async def test_turning_a_parked_card_gives_it_another_try(store: SqlStore) -> None:
    card = await a_card(store)
    await set_row(store, card.outbox, parked_at=NOW, reason="too long", attempts=3)
    await turned(store, card, "shorter", at=after(1))
    (row,) = await unsaid(store)
    assert (row.text, row.attempts, row.due_at) == ("shorter", 0, after(1))


async def test_a_card_that_another_message_told_is_told_by_itself_when_it_has_more_to_say(store: SqlStore) -> None:
    card = await a_card(store)
    await said(store, message("while away"))
    await set_row(store, card.outbox, gathered=99, sent_revision=1, sent_at=NOW)
    await turned(store, card, "more", at=after(1))
    row = await the_row(store, card.outbox)
    assert (row.gathered, row.ts, row.revision, row.sent_revision, row.due_at) == (None, None, 2, 1, after(1))


async def test_many_cards_are_turned_each_in_its_own_way(store: SqlStore) -> None:
    hung = [await a_card(store, f"build:{number}") for number in range(6)]
    await all_said(store, NOW)
    changes = [Turned(card, str(card.id), {"text": card.key}, card.id % 10, urgent=card.id % 2 == 0) for card in hung]
    async with store.inbox.ledger() as ledger:
        await ledger.turn_cards(changes, SOON)
        await ledger.turn_cards([], SOON)
    rows = {row.id: row for row in await unsaid(store)}
    assert [(rows[card.outbox].text, rows[card.outbox].weight) for card in hung] == [
        (card.key, card.id % 10) for card in hung
    ]
    assert [(await cards(store, f"build:{number}"))[0].state for number in range(6)] == [str(card.id) for card in hung]


async def test_only_channels_with_a_layout_of_their_own_are_told_apart(store: SqlStore) -> None:
    for channel, layout in (("C1", "thread"), ("C2", "card"), ("C3", "compact")):
        await store.channels.keep(Channel(channel, layout, "U1"))
    async with store.inbox.ledger() as ledger:
        assert await ledger.layouts({"C1", "C2", "C4"}) == {"C1": "thread"}
        assert await ledger.layouts(set()) == {}


async def test_two_replicas_that_find_no_card_do_not_both_start_one(store: SqlStore, replica: SqlStore) -> None:
    async def tell(place: SqlStore, name: str) -> None:
        async with place.inbox.ledger() as ledger:
            if not await ledger.cards([("build:1", "C1")]):
                await asyncio.sleep(0)
                (card,) = await ledger.open_cards([opened(f"{name}:C1", name)], NOW)
                assert card is not None
                await ledger.name_cards([("build:1", "C1", card.id)])

    # One connection each, so that both wait on the database and not on each other's pool.
    await asyncio.gather(tell(store, "one"), tell(replica, "two"))
    assert len(await cards(store)) == 1
    assert len(await unsaid(store)) == 1


async def test_two_replicas_that_turn_one_card_by_different_names_take_turns(
    store: SqlStore, replica: SqlStore
) -> None:
    hung = await a_card(store, "n0")
    async with store.inbox.ledger() as ledger:
        await ledger.name_cards([("n1", "C1", hung.id)])

    async def count_up(place: SqlStore, name: str) -> None:
        async with place.inbox.ledger() as ledger:
            (card,) = (await ledger.cards([(name, "C1")])).values()
            number = int(card.state.strip("{}") or 0) + 1
            await ledger.turn_cards([Turned(card, str(number), {"text": str(number)})], NOW)

    await asyncio.gather(*[count_up(place, f"n{turn % 2}") for turn in range(5) for place in (store, replica)])
    assert [card.state for card in await cards(store, "n0")] == ["10"]
    (row,) = await unsaid(store)
    assert (row.revision, row.text) == (11, "10")


async def test_replicas_that_want_the_same_names_in_any_order_never_wait_in_a_circle(
    store: SqlStore, replica: SqlStore
) -> None:
    names = [f"n{number}" for number in range(40)]

    async def take(place: SqlStore, wanted: list[str]) -> None:
        async with place.inbox.ledger() as ledger:
            found = await ledger.cards([(name, "C1") for name in wanted], wanted[:3])
            await asyncio.sleep(0)
            missing = [name for name in wanted if (name, "C1") not in found]
            new = await ledger.open_cards([opened(f"{name}:{uuid4().hex}") for name in missing], NOW)
            rows = [(name, "C1", card.id) for name, card in zip(missing, new, strict=True) if card]
            await ledger.name_cards(rows)

    orders = [names, names[::-1], names[20:] + names[:20], names[::2] + names[1::2]]
    await asyncio.gather(*[take(place, order) for order in orders for place in (store, replica)])
    assert len(await unsaid(store)) == len(names)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.dictionaries(st.text(), JSON, max_size=4))
async def test_any_payload_comes_out_as_it_went_in(store: SqlStore, payload: dict[str, object]) -> None:
    await said(store, message(uuid4().hex, payload=payload))
    assert (await all_said(store, NOW))[-1].payload == payload


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(alphabet=st.characters(), min_size=1))
async def test_foreign_text_is_kept_but_for_what_postgresql_cannot_hold(store: SqlStore, words: str) -> None:
    shown = words.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert await store.once.first(f"text {words}", NOW) is not await store.once.first(f"text {shown}", NOW)
    await store.once.sweep(NOW + timedelta(days=1))


async def test_foreign_text_in_names_and_items_leads_back_to_who_asked(store: SqlStore) -> None:
    odd = "k\0\ud800"
    async with store.inbox.ledger() as ledger:
        (card,) = await ledger.open_cards([opened("m\0", "s\0\udfff")], NOW)
        assert card is not None
        await ledger.name_cards([(odd, "C1", card.id)])
        await ledger.record(
            [(card.id, entry(odd, data=True)), (card.id, entry("k\N{REPLACEMENT CHARACTER}?", data=True))], NOW
        )
    async with store.inbox.ledger() as ledger:
        found = await ledger.cards([(odd, "C1")], [odd])
        assert await ledger.known([(card.id, odd)]) == {(card.id, odd)}
    assert [(place, one.state) for place, one in found.items()] == [((odd, "C1"), "s\N{REPLACEMENT CHARACTER}?")]
