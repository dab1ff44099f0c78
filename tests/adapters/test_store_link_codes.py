"""Attempts to link in the store: the token that is offered once, and the code that makes it an account."""

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.errors import GiveUp, TryLater
from bot.domain.people import Person
from tests.adapters.link_attempts import ACCOUNT, ANN, BOB, TRIES, away, offered, started, won
from tests.plugins.databases import SECRET
from tests.plugins.rows import NOW, after


async def test_a_token_is_offered_once(store: SqlStore, replica: SqlStore) -> None:
    attempt = await away(store)
    offers = [one.links.offer(attempt.id, ACCOUNT, f"c{number}", NOW) for number, one in enumerate((store, replica))]
    assert won(await asyncio.gather(*offers)) == 1


async def test_a_token_that_nobody_went_for_is_not_taken(store: SqlStore) -> None:
    attempt = await started(store)
    assert not await store.links.offer(attempt.id, ACCOUNT, "code", NOW)


async def test_a_token_is_not_taken_for_somebody_else(store: SqlStore) -> None:
    attempt = await away(store)
    assert not await store.links.offer(attempt.id, replace(ACCOUNT, person=BOB), "code", NOW)


async def test_of_two_confirmations_at_once_one_gets_the_account(store: SqlStore, replica: SqlStore) -> None:
    await offered(store)
    confirmations = [one.links.confirm(ANN, "code", NOW, TRIES) for one in (store, replica) * 4]
    assert won(await asyncio.gather(*confirmations)) == 1
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None


async def test_nobody_confirms_for_somebody_else(store: SqlStore) -> None:
    await offered(store)
    for other in (BOB, Person("T2", "U1"), Person("T1", "")):
        assert await store.links.confirm(other, "code", NOW, TRIES) is None
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is not None


async def test_before_quay_has_answered_there_is_nothing_to_confirm(store: SqlStore) -> None:
    await away(store)
    for code in ("", "code"):
        assert await store.links.confirm(ANN, code, NOW, TRIES) is None
    attempt = await store.links.of(ANN, NOW)
    assert attempt is not None
    assert attempt.tries == 0


async def test_wrong_codes_are_counted_and_the_last_one_voids_the_attempt(store: SqlStore) -> None:
    await offered(store)
    for tries in range(1, TRIES):
        assert await store.links.confirm(ANN, "wrong", NOW, TRIES) is None
        attempt = await store.links.of(ANN, NOW)
        assert attempt is not None
        assert attempt.tries == tries
    assert await store.links.confirm(ANN, "", NOW, TRIES) is None
    assert await store.links.of(ANN, NOW) is None
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None


async def test_the_right_code_counts_at_the_last_try(store: SqlStore) -> None:
    await offered(store)
    for _ in range(TRIES - 1):
        assert await store.links.confirm(ANN, "wrong", NOW, TRIES) is None
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is not None


async def test_wrong_codes_at_once_are_all_counted(store: SqlStore, replica: SqlStore) -> None:
    await offered(store)
    await asyncio.gather(
        *[(store, replica)[number % 2].links.confirm(ANN, f"w{number}", NOW, TRIES) for number in range(TRIES)]
    )
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None


async def test_without_the_key_the_offer_stays_shut_and_is_still_there_when_it_is_back(
    store: SqlStore, database_url: str
) -> None:
    await offered(store)
    other = open_store(database_url, Sealer(["quite another secret key"]))
    with pytest.raises(GiveUp, match="vault cannot be opened"):
        await other.links.confirm(ANN, "code", NOW, TRIES)
    await other.close()
    rotated = open_store(database_url, Sealer(["quite another secret key", SECRET]))
    assert await rotated.links.confirm(ANN, "code", NOW, TRIES) == ACCOUNT
    await rotated.close()


async def test_the_account_is_stored_with_the_step_that_uses_up_the_code(store: SqlStore) -> None:
    await offered(store)
    account = await store.links.confirm(ANN, "code", after(60), TRIES)
    assert account == await store.accounts.of(ANN)
    assert account == replace(ACCOUNT, linked_at=after(60))


async def test_if_the_account_cannot_be_stored_the_code_is_still_good(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away_(*_: object) -> None:
        raise TryLater("The database is away.")

    await offered(store)
    with monkeypatch.context() as broken:
        broken.setattr("bot.adapters.store.links.put", away_)
        with pytest.raises(TryLater):
            await store.links.confirm(ANN, "code", NOW, TRIES)
    assert await store.accounts.of(ANN) is None
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is not None
