"""Acts behind buttons: stored exactly, taken by one, forgotten in time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.columns import clean
from bot.adapters.store.tables import offers
from bot.domain.acts import Act
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Person
from tests.plugins.databases import ONLY_SQLITE, SECRET
from tests.plugins.rows import NOW, after

ANN = Person("T1", "U1")
OFFER = Offer(
    name="name-that-nobody-guesses",
    purpose=Purpose.UNDO,
    person=ANN,
    act=Act("restore", "acme/web:latest", {"digest": "sha256:1", "was": "none"}, {"address": "a secret address"}),
    pin="latest=sha256:2",
    channel="C1",
    reference="KDWF-4071",
    created_at=NOW,
    expires_at=after(600),
    said="<@U1> restored it.",
    card="act:KDWF-4071",
)


async def test_an_offer_comes_back_as_it_was_made(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    assert await store.offers.get(OFFER.name) == OFFER
    assert await store.offers.get("another") is None


async def test_it_survives_the_end_of_the_process(store: SqlStore, database_url: str) -> None:
    await store.offers.make(OFFER)
    await store.close()
    again = open_store(database_url, Sealer([SECRET]))
    try:
        assert await again.offers.get(OFFER.name) == OFFER
        assert await again.offers.take(OFFER.name, NOW)
    finally:
        await again.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    name=st.text(min_size=1, max_size=30),
    words=st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=4),
    said=st.text(max_size=60),
    seconds=st.integers(0, 10**8),
)
async def test_any_words_come_back(store: SqlStore, name: str, words: dict[str, str], said: str, seconds: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    act = Act("restore", "acme/web:latest", words, words)
    offer = replace(OFFER, name=f"{name} {seconds}", act=act, said=said, expires_at=at)
    try:
        await store.offers.make(offer)
    except TryLater:  # two names that are the same once they are clean
        return
    found = await store.offers.get(clean(offer.name))
    assert found is not None
    cleaned = {clean(key): clean(value) for key, value in words.items()}
    assert dict(found.act.parameters) in (words, cleaned)
    assert found.said == clean(said)
    assert found.expires_at == at


async def test_the_name_of_one_is_never_that_of_another(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    with pytest.raises(TryLater):
        await store.offers.make(replace(OFFER, pin="other"))
    found = await store.offers.get(OFFER.name)
    assert found is not None
    assert found.pin == OFFER.pin


async def test_one_of_many_takes_it(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    taken = await asyncio.gather(*(store.offers.take(OFFER.name, after(1)) for _ in range(10)))
    assert sum(taken) == 1
    assert await store.offers.get(OFFER.name) is None


async def test_what_was_given_back_can_be_taken_again_once(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    assert await store.offers.take(OFFER.name, NOW)
    await store.offers.give_back(OFFER.name)
    assert await store.offers.get(OFFER.name) == OFFER
    taken = await asyncio.gather(*(store.offers.take(OFFER.name, after(1)) for _ in range(5)))
    assert sum(taken) == 1


async def test_after_its_time_nobody_takes_it_but_it_can_still_be_explained(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    assert not await store.offers.take(OFFER.name, OFFER.expires_at)
    assert await store.offers.get(OFFER.name) == OFFER
    assert await store.offers.take(OFFER.name, OFFER.expires_at - timedelta(microseconds=1))


async def test_an_unknown_one_is_nobodys(store: SqlStore) -> None:
    assert not await store.offers.take("nothing", NOW)
    await store.offers.give_back("nothing")


async def test_the_sweep_forgets_what_is_over_and_nothing_else(store: SqlStore) -> None:
    late = replace(OFFER, name="late", expires_at=after(10))
    for offer in (OFFER, late):
        await store.offers.make(offer)
    await store.offers.sweep(after(11))
    assert await store.offers.get("late") is None
    assert await store.offers.get(OFFER.name) == OFFER


async def test_what_belongs_to_somebody_else_does_not_open(store: SqlStore) -> None:
    await store.offers.make(OFFER)
    async with store._database.writing() as connection:
        await connection.execute(update(offers).values(member="U2"))
    with pytest.raises(GiveUp):
        await store.offers.get(OFFER.name)


async def test_without_keys_only_what_hides_nothing_is_stored(store: SqlStore, database_url: str) -> None:
    bare = open_store(database_url, None)
    try:
        with pytest.raises(UserError, match="SECRET_KEYS"):
            await bare.offers.make(OFFER)
        open_one = replace(OFFER, act=replace(OFFER.act, hidden={}))
        await bare.offers.make(open_one)
        assert await bare.offers.get(OFFER.name) == open_one
    finally:
        await bare.close()


async def test_another_key_does_not_open_it_and_takes_nothing(store: SqlStore, database_url: str) -> None:
    await store.offers.make(OFFER)
    other = open_store(database_url, Sealer(["another secret that is long enough"]))
    try:
        with pytest.raises(GiveUp):
            await other.offers.get(OFFER.name)
    finally:
        await other.close()
    assert await store.offers.take(OFFER.name, NOW)


async def test_who_is_forgotten_leaves_no_offers(store: SqlStore) -> None:
    theirs = replace(OFFER, name="theirs", person=Person("T1", "U2"))
    for offer in (OFFER, theirs):
        await store.offers.make(offer)
    await store.accounts.forget_all_of(ANN)
    assert await store.offers.get(OFFER.name) is None
    assert await store.offers.get("theirs") == theirs


@ONLY_SQLITE
async def test_the_file_never_holds_what_is_hidden(store: SqlStore, tmp_path: Path) -> None:
    await store.offers.make(OFFER)
    written = b"".join((tmp_path / f"quaybot.db{end}").read_bytes() for end in ("", "-wal"))
    assert OFFER.name.encode() in written
    assert b"a secret address" not in written


def undo(name: str, at: float = 0, **more: Any) -> Offer:
    return replace(OFFER, name=name, created_at=after(at), **more)


async def test_the_ways_back_of_a_person_are_listed_newest_first(store: SqlStore) -> None:
    mine = [undo("b", 1), undo("c", 2), undo("a", 1)]
    others = (
        undo("late", expires_at=NOW),
        undo("taken"),
        undo("not done yet", purpose=Purpose.CONFIRM),
        undo("somebody else's", person=Person("T1", "U2")),
    )
    for offer in (*mine, *others):
        await store.offers.make(offer)
    await store.offers.take("taken", NOW)
    assert await store.offers.undoable(ANN, NOW) == (mine[1], mine[2], mine[0])
    await store.offers.give_back("taken")
    assert [offer.name for offer in await store.offers.undoable(ANN, NOW)] == ["c", "a", "b", "taken"]


async def test_of_many_ways_back_the_newest_twenty_are_listed(store: SqlStore) -> None:
    for number in range(25):
        await store.offers.make(undo(f"n{number:02}", number))
    assert [offer.name for offer in await store.offers.undoable(ANN, NOW)] == [f"n{24 - n:02}" for n in range(20)]


async def test_a_way_back_whose_secret_cannot_be_opened_is_none(store: SqlStore, database_url: str) -> None:
    await store.offers.make(undo("sealed"))
    await store.offers.make(replace(undo("open"), act=Act("restore", "acme/web:latest", {})))
    for vault in (Sealer(["another secret that is long enough"]), None):
        other = open_store(database_url, vault)
        assert [offer.name for offer in await other.offers.undoable(ANN, NOW)] == ["open"]
        await other.close()
