"""Cards and their messages change together."""

import asyncio
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import SqlStore
from tests.plugins.rows import LATER, LEASE, NOW, SOON, a_card, after, cards, message, said, turned


async def test_a_new_card_queues_its_message(store: SqlStore) -> None:
    card = await a_card(store, "build:1", "C1")
    assert (card.channel, card.key, card.family, card.state, card.touched_at) == ("C1", "build:1", "build", "{}", NOW)
    (due,) = await store.outbox.claim(9, NOW, LEASE)
    assert due.id == card.outbox
    assert (due.revision, due.ts, due.attempted_at, due.attempts) == (1, None, None, 0)


async def test_a_second_card_with_the_same_message_key_is_ignored(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.open_card("build:1", "build", "1", message("key", "C1"), NOW)
        await ledger.open_card("build:1", "build", "2", message("key", "C1"), NOW)
    assert [card.state for card in await cards(store)] == ["1"]
    assert await store.outbox.waiting() == 1


async def test_a_second_message_with_the_same_key_is_ignored(store: SqlStore) -> None:
    await said(store, message("key", payload={"text": "first"}), message("key", payload={"text": "again"}))
    await said(store, message("key", "C2", {"text": "elsewhere"}))
    (due,) = await store.outbox.claim(9, SOON, LEASE)
    assert (due.channel, due.payload) == ("C1", {"text": "first"})


async def test_the_newest_card_of_each_channel_is_found(store: SqlStore) -> None:
    await a_card(store, channel="C1")
    await a_card(store, channel="C2")
    newest = await a_card(store, channel="C1", at=after(5))
    await a_card(store, "build:2", "C1", at=after(9))
    found = await cards(store)
    assert [(card.channel, card.touched_at) for card in found] == [("C2", NOW), ("C1", after(5))]
    assert newest in found


async def test_cards_that_were_not_touched_for_long_are_not_found(store: SqlStore) -> None:
    await a_card(store)
    assert len(await cards(store, since=NOW)) == 1
    assert await cards(store, since=after(0.000001)) == ()


async def test_turning_a_card_changes_the_first_post_while_that_still_waits(store: SqlStore) -> None:
    card = await a_card(store)
    await turned(store, card, "new words", at=after(3))
    (due,) = await store.outbox.claim(9, NOW, LEASE)  # it kept its place in the line
    assert (due.payload, due.revision, due.ts) == ({"text": "new words"}, 2, None)
    (again,) = await cards(store)
    assert (again.state, again.touched_at) == ('{"turned": true}', after(3))


async def test_turning_a_card_that_was_posted_queues_an_edit(store: SqlStore) -> None:
    card = await a_card(store)
    await store.outbox.claim(9, NOW, LEASE)
    await store.outbox.sent(card.outbox, 1, "1.1", NOW)
    assert await store.outbox.claim(9, LATER, LEASE) == ()
    await turned(store, card, "edited", at=LATER)
    (due,) = await store.outbox.claim(9, LATER, LEASE)
    assert (due.payload, due.revision, due.ts) == ({"text": "edited"}, 2, "1.1")


async def test_turning_a_card_does_not_shorten_a_wait_that_slack_asked_for(store: SqlStore) -> None:
    card = await a_card(store)
    await store.outbox.claim(9, NOW, LEASE)
    await store.outbox.later(card.outbox, after(30), "slow down", posted=False)
    await turned(store, card, "edited", at=after(1))
    assert await store.outbox.claim(9, after(29), LEASE) == ()
    assert len(await store.outbox.claim(9, after(30), LEASE)) == 1


async def test_turning_a_parked_card_gives_it_another_try(store: SqlStore) -> None:
    card = await a_card(store)
    await store.outbox.attempting(card.outbox, NOW)
    await store.outbox.park(card.outbox, "too long", NOW)
    await turned(store, card, "shorter", at=after(1))
    (due,) = await store.outbox.claim(9, after(1), LEASE)
    assert (due.payload, due.attempts) == ({"text": "shorter"}, 0)


async def test_two_replicas_that_find_no_card_do_not_both_start_one(store: SqlStore, replica: SqlStore) -> None:
    async def tell(place: SqlStore, name: str) -> None:
        async with place.inbox.ledger() as ledger:
            if not await ledger.cards("build:1"):
                await asyncio.sleep(0)
                await ledger.open_card("build:1", "build", name, message(f"{name}:C1"), NOW)

    # One connection each, so that both wait on the database and not on each other's pool.
    await asyncio.gather(tell(store, "one"), tell(replica, "two"))
    async with store.inbox.ledger() as ledger:
        assert len(await ledger.cards("build:1")) == 1
    assert await store.outbox.waiting() == 1


async def test_two_replicas_that_turn_one_card_take_turns(store: SqlStore, replica: SqlStore) -> None:
    await a_card(store)

    async def count_up(place: SqlStore) -> None:
        async with place.inbox.ledger() as ledger:
            (card,) = await ledger.cards("build:1")
            number = int(card.state.strip("{}") or 0) + 1
            await ledger.turn_card(card, str(number), {"text": str(number)}, NOW)

    await asyncio.gather(*[count_up(place) for _ in range(5) for place in (store, replica)])
    assert [card.state for card in await cards(store)] == ["10"]
    (due,) = await store.outbox.claim(9, SOON, LEASE)
    assert (due.revision, due.payload) == (11, {"text": "10"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.dictionaries(st.text(), JSON, max_size=4))
async def test_any_payload_comes_out_as_it_went_in(store: SqlStore, payload: dict[str, object]) -> None:
    await said(store, message(uuid4().hex, payload=payload))
    (due,) = await store.outbox.claim(9, SOON, LEASE)
    assert due.payload == payload
    await store.outbox.sent(due.id, 1, str(due.id), NOW)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(alphabet=st.characters(), min_size=1))
async def test_foreign_text_is_kept_but_for_what_postgresql_cannot_hold(store: SqlStore, words: str) -> None:
    shown = words.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert await store.once.first(f"text {words}", NOW) is not await store.once.first(f"text {shown}", NOW)
    await store.once.sweep(LATER)


async def test_nul_and_lone_surrogates_are_replaced_in_text_on_both_engines(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.open_card("k\0\ud800", "build", "s\0\udfff", message("m\0"), NOW)
        (card,) = await ledger.cards("k\0\ud800")
    assert (card.key, card.state) == ("k\N{REPLACEMENT CHARACTER}?", "s\N{REPLACEMENT CHARACTER}?")
