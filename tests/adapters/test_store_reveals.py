"""Secrets that are shown once: sealed, bound to their person, gone after the first look, on both engines."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.tables import reveals
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.people import Person
from bot.ports import Reveal, Veiled
from tests.plugins.rows import NOW, after

ANN, BOB = Person("T1", "U1"), Person("T1", "U2")
END = NOW + timedelta(minutes=10)
SECRET = "R0B0T-T0KEN" * 6


def a_reveal(person: Person = ANN, title: str = "The token of acme+ci", end: datetime = END) -> Reveal:
    return Reveal(person, title, (("Token", SECRET), ("Login", f"login {SECRET}")), end)


async def test_a_secret_is_shown_once_and_afterwards_it_is_known_when(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    assert await store.reveals.look("h1") == Veiled(ANN, "The token of acme+ci", END, None)
    assert await store.reveals.take("h1", after(5)) == a_reveal()
    assert await store.reveals.take("h1", after(6)) is None
    assert await store.reveals.look("h1") == Veiled(ANN, "The token of acme+ci", END, after(5))


async def test_looking_changes_nothing_however_often(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    seen = [await store.reveals.look("h1") for _ in range(20)]
    assert set(seen) == {Veiled(ANN, "The token of acme+ci", END, None)}
    assert await store.reveals.take("h1", NOW) == a_reveal()


async def test_of_many_who_take_it_at_once_one_gets_it(store: SqlStore, replica: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    taken = await asyncio.gather(*[one.reveals.take("h1", NOW) for one in (store, replica) * 4])
    assert [found for found in taken if found] == [a_reveal()]


async def test_somebody_else_takes_nothing_and_uses_nothing_up(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    assert await store.reveals.take("h1", NOW, person=BOB) is None
    assert await store.reveals.take("h1", NOW, person=Person("T2", "U1")) is None
    assert await store.reveals.take("h1", NOW, person=ANN) == a_reveal()


async def test_a_guess_finds_nothing(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    assert await store.reveals.look("h2") is None
    assert await store.reveals.take("h2", NOW) is None


async def test_when_its_time_is_over_it_is_not_shown(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    assert await store.reveals.take("h1", END) is None
    assert await store.reveals.take("h1", END - timedelta(microseconds=1)) == a_reveal()


async def test_what_nobody_saw_is_given_back_and_can_be_taken_again(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    taken = await store.reveals.take("h1", NOW)
    assert taken
    await store.reveals.give_back("h1", taken)
    assert await store.reveals.look("h1") == Veiled(ANN, "The token of acme+ci", END, None)
    assert await store.reveals.take("h1", NOW, person=ANN) == a_reveal()


async def test_nothing_is_given_back_that_was_not_taken_or_is_somebody_elses(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    await store.reveals.give_back("h1", Reveal(ANN, "x", (("Token", "another"),), END))
    assert await store.reveals.take("h1", NOW) == a_reveal()
    await store.reveals.give_back("h1", a_reveal(BOB))
    await store.reveals.give_back("h2", a_reveal())
    assert await store.reveals.take("h1", NOW) is None
    assert await store.reveals.look("h2") is None


async def test_the_sweep_takes_late_secrets_at_once_and_their_rows_an_hour_later(store: SqlStore) -> None:
    await store.reveals.keep("late", a_reveal())
    await store.reveals.keep("fresh", a_reveal(end=END + timedelta(hours=2)))
    await store.reveals.sweep(END)
    assert await _sealed(store) == {"late": False, "fresh": True}
    assert await store.reveals.look("late") == Veiled(ANN, "The token of acme+ci", END, None)
    await store.reveals.sweep(END + timedelta(hours=1))
    assert await _sealed(store) == {"fresh": True}
    assert await store.reveals.take("fresh", END) is not None


async def test_no_column_holds_the_secret_in_clear(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    async with store._database.reading() as connection:
        row = (await connection.execute(select(reveals))).one()
    assert SECRET[:11] not in repr(tuple(row))
    assert "shown_at" in row._mapping
    await store.reveals.take("h1", NOW)
    assert await _sealed(store) == {"h1": False}


async def test_a_sealed_secret_opens_in_no_other_row(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    await store.reveals.keep("h2", a_reveal(BOB))
    async with store._database.writing() as connection:
        sealed = (await connection.execute(select(reveals.c.what).where(reveals.c.ticket == "h1"))).scalar_one()
        await connection.execute(reveals.update().where(reveals.c.ticket == "h2").values(what=sealed))
    with pytest.raises(GiveUp):
        await store.reveals.take("h2", NOW, person=BOB)
    assert await store.reveals.look("h2") == Veiled(BOB, "The token of acme+ci", END, None)


async def test_the_same_ticket_is_not_given_twice(store: SqlStore) -> None:
    await store.reveals.keep("h1", a_reveal())
    with pytest.raises(TryLater):
        await store.reveals.keep("h1", a_reveal(BOB))
    assert await store.reveals.take("h1", NOW) == a_reveal()


async def test_without_a_key_nothing_is_kept(store: SqlStore, database_url: str) -> None:
    bare = open_store(database_url, None)
    try:
        with pytest.raises(UserError, match="SECRET_KEYS"):
            await bare.reveals.keep("h1", a_reveal())
        assert await store.reveals.look("h1") is None
    finally:
        await bare.close()


async def test_with_another_key_nothing_is_shown_and_nothing_is_lost(store: SqlStore, database_url: str) -> None:
    await store.reveals.keep("h1", a_reveal())
    other = open_store(database_url, Sealer(("quite another secret",)))
    try:
        with pytest.raises(GiveUp):
            await other.reveals.take("h1", NOW)
    finally:
        await other.close()
    assert await store.reveals.take("h1", NOW) == a_reveal()


async def _sealed(store: SqlStore) -> dict[str, bool]:
    """Which rows there are, and which of them still hold something."""
    async with store._database.reading() as connection:
        rows = await connection.execute(select(reveals.c.ticket, reveals.c.what))
        return {row.ticket: row.what is not None for row in rows}
