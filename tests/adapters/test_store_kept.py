"""What was asked for too early: kept once for each person, sealed, taken out once."""

import asyncio

from structlog.testing import capture_logs

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.people import Person
from tests.plugins.rows import NOW, after

ANN, BOB = Person("T1", "U1"), Person("T1", "U2")


async def test_what_was_kept_is_taken_out_once(store: SqlStore) -> None:
    await store.kept.keep(ANN, "build acme/web", NOW)
    assert await store.kept.take(BOB, NOW) is None
    assert await store.kept.take(ANN, NOW) == "build acme/web"
    assert await store.kept.take(ANN, NOW) is None


async def test_the_last_words_count(store: SqlStore) -> None:
    for number in range(3):
        await store.kept.keep(ANN, f"build acme/web{number}", after(number))
    assert await store.kept.take(ANN, after(2)) == "build acme/web2"


async def test_what_is_too_old_is_not_given_out_and_does_not_wait_for_another_day(store: SqlStore) -> None:
    await store.kept.keep(ANN, "build acme/web", NOW)
    assert await store.kept.take(ANN, after(0.000001)) is None
    assert await store.kept.take(ANN, NOW) is None


async def test_of_many_who_take_it_at_once_one_gets_it(store: SqlStore, replica: SqlStore) -> None:
    await store.kept.keep(ANN, "build acme/web", NOW)
    taken = await asyncio.gather(*[one.kept.take(ANN, NOW) for one in (store, replica) * 4])
    assert sorted(taken, key=str) == [*[None] * 7, "build acme/web"]


async def test_words_that_no_database_can_hold_are_kept_nearly_so(store: SqlStore) -> None:
    await store.kept.keep(ANN, "a\0b\ud83d", NOW)
    assert await store.kept.take(ANN, NOW) == "a\N{REPLACEMENT CHARACTER}b?"


async def test_what_is_older_is_swept_away(store: SqlStore) -> None:
    await store.kept.keep(ANN, "old", NOW)
    await store.kept.keep(BOB, "new", after(1))
    await store.kept.sweep(after(1))
    assert await store.kept.take(ANN, NOW) is None
    assert await store.kept.take(BOB, NOW) == "new"


async def test_what_nobody_swept_is_forgotten_with_everything_old(store: SqlStore) -> None:
    await store.kept.keep(ANN, "old", NOW)
    await store.kept.keep(BOB, "new", after(1))
    assert await store.inbox.sweep(after(1)) == 1
    assert await store.kept.take(BOB, NOW) == "new"


async def test_without_a_key_nothing_is_kept_or_given_out(store: SqlStore, database_url: str) -> None:
    keyless = open_store(database_url, None)
    await keyless.kept.keep(ANN, "build acme/web", NOW)
    assert await store.kept.take(ANN, NOW) is None
    await store.kept.keep(ANN, "build acme/web", NOW)
    assert await keyless.kept.take(ANN, NOW) is None
    await keyless.close()


async def test_what_no_key_opens_is_as_good_as_never_said_and_the_log_knows(store: SqlStore, database_url: str) -> None:
    await store.kept.keep(ANN, "build acme/web", NOW)
    other = open_store(database_url, Sealer(["quite another secret key"]))
    with capture_logs() as logs:
        assert await other.kept.take(ANN, NOW) is None
    assert [line["event"] for line in logs] == ["kept_words_lost"]
    await other.close()
