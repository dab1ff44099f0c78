"""What is told afterwards or told better: found by its webhook, told for the first time, in the right layout."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.domain.people import Person
from bot.domain.trail import Entry, Verdict
from bot.ports import Channel, Opened, StoredCard, Turned, Watch
from tests.plugins.rows import LEASE, NOW, SOON, a_card, after, cards, message
from tests.plugins.wishes import ANN, BOB


def entry(delivery: int | None, verdict: Verdict = Verdict.FOLDED, channel: str = "C1") -> Entry:
    return Entry(channel, "acme/api", "repo_push", ("v1",), NOW, verdict, delivery)


async def recorded(store: SqlStore, card: StoredCard | None, *entries: Entry) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.record([(card.id if card else None, one) for one in entries], NOW)


async def telling(store: SqlStore, delivery: int, channel: str = "C1") -> StoredCard | None:
    async with store.inbox.ledger() as ledger:
        return await ledger.telling(delivery, channel)


async def test_a_card_is_found_by_a_delivery_that_it_tells(store: SqlStore) -> None:
    one, other = await a_card(store), await a_card(store, "build:1", "C2")
    await recorded(store, one, entry(7), entry(8, Verdict.REPEATED))
    await recorded(store, other, entry(7, channel="C2"))
    await recorded(store, None, entry(9, Verdict.FILTERED))
    assert await telling(store, 7) == await telling(store, 8) == one
    assert await telling(store, 7, "C2") == other
    assert await telling(store, 9) is await telling(store, 10) is await telling(store, 8, "C2") is None


async def test_of_two_cards_that_tell_it_the_newer_one_is_meant(store: SqlStore) -> None:
    one, other = await a_card(store), await a_card(store, "build:2")
    await recorded(store, one, entry(7))
    await recorded(store, other, entry(7))
    assert await telling(store, 7) == other


async def test_whoever_holds_the_card_is_waited_for(store: SqlStore, replica: SqlStore) -> None:
    card = await a_card(store)
    await recorded(store, card, entry(7))
    states: list[str] = []

    async def add(place: SqlStore) -> None:
        async with place.inbox.ledger() as ledger:
            found = await ledger.telling(7, "C1")
            assert found is not None
            states.append(found.state)
            await ledger.turn_cards([Turned(found, found.state + "+", {})], SOON)

    await asyncio.gather(*(add(place) for place in (store, replica) * 3))
    assert states == ["{}" + "+" * number for number in range(6)]


async def test_a_card_keeps_the_layout_with_which_it_was_opened(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        opened = [Opened("push", "{}", message(look), layout=look) for look in ("thread", "", "compact")]
        started = await ledger.open_cards(opened, NOW)
        assert [card.layout for card in started if card] == ["thread", "", "compact"]
        await ledger.name_cards([("push:1", "C1", card.id) for card in started[:1] if card])
    assert [card.layout for card in await cards(store, "push:1")] == ["thread"]


async def test_only_channels_with_times_of_their_own_have_a_rhythm(store: SqlStore) -> None:
    quiet = Rhythm("Europe/Berlin", "22:00-07:00", "", SOON)
    daily = Rhythm("Asia/Tokyo", "", "daily 09:00")
    for channel in (
        Channel("C1", "thread", "U1", quiet),
        Channel("C2", rhythm=daily),
        Channel("C3", "compact", rhythm=Rhythm("Asia/Tokyo")),
    ):
        await store.channels.keep(channel)
        await store.channels.set_rhythm(channel.id, Rhythm(), channel.rhythm)
    async with store.inbox.ledger() as ledger:
        assert await ledger.rhythms(["C1", "C2", "C3", "C4"]) == {"C1": quiet, "C2": daily}
        assert await ledger.rhythms([]) == {}


async def first_time(store: SqlStore, *keys: str, channel: str = "C1") -> frozenset[str]:
    async with store.inbox.ledger() as ledger:
        return await ledger.first_time(channel, keys, NOW)


async def test_what_was_missed_is_told_for_the_first_time_once_in_each_channel(store: SqlStore) -> None:
    assert await first_time(store, "a", "b\0", "b\0") == {"a", "b\0"}
    assert await first_time(store, "c", "a", "b\0") == {"c"}
    assert await first_time(store, "a", channel="C2") == {"a"}
    assert await first_time(store) == frozenset()


async def test_what_was_recovered_of_late_is_found_by_its_channel(store: SqlStore) -> None:
    await first_time(store, "a", "b")
    await first_time(store, "c", channel="C2")
    await first_time(store, "d", channel="C3")
    async with store.inbox.ledger() as ledger:
        assert await ledger.recovered(["C1", "C2", "C9"], NOW) == {"C1": {"a": NOW, "b": NOW}, "C2": {"c": NOW}}
        assert await ledger.recovered(["C1"], NOW + timedelta(seconds=1)) == {}
        assert await ledger.recovered([], NOW) == {}


async def test_what_could_not_be_told_is_told_the_next_time(store: SqlStore) -> None:
    with suppress(RuntimeError):
        async with store.inbox.ledger() as ledger:
            await ledger.first_time("C1", ["a"], NOW)
            raise RuntimeError
    assert await first_time(store, "a") == {"a"}


async def test_of_many_who_find_the_same_one_tells_it(store: SqlStore, replica: SqlStore) -> None:
    keys = [f"k{number}" for number in range(30)]
    orders = [keys[place:] + keys[:place] for place in range(8)]
    places = (store, replica) * 4
    told = await asyncio.gather(*(first_time(place, *order) for place, order in zip(places, orders, strict=True)))
    assert sorted(key for some in told for key in some) == sorted(keys)


async def test_many_that_were_missed_are_asked_about_at_once(store: SqlStore) -> None:
    keys = [f"k{number}" for number in range(2_500)]
    assert await first_time(store, *keys) == set(keys)
    assert await first_time(store, *keys) == frozenset()


async def test_builds_that_are_heard_of_are_followed_with_the_owners_account(store: SqlStore) -> None:
    await store.watches.add("acme/api", "b1", ANN, NOW)
    someone = Person("T1", "U9")
    async with store.inbox.ledger() as ledger:
        await ledger.watch({("acme/api", "b2", BOB), ("acme/api", "b1", BOB)}, SOON)
        await ledger.watch([("acme/api", "b2", someone)], after(2))
        await ledger.watch([], NOW)
    assert await store.watches.claim(9, after(2), LEASE) == (
        Watch("acme/api", "b1", ANN, NOW, 0),
        Watch("acme/api", "b2", BOB, SOON, 0),
    )
