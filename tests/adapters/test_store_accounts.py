"""Linked accounts: one for each person, the token sealed."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.urls import normal_url
from bot.domain.errors import GiveUp, Locked, UserError
from bot.domain.people import Account, Person, Way
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import NOW, after

ANN = Account(Person("T1", "U1"), "ann", NOW, "ann's clear token")
BOB = Account(Person("T1", "U2"), "bob", NOW, "bob's clear token")


async def test_an_account_comes_back_with_its_token(store: SqlStore) -> None:
    await store.accounts.link(ANN)
    await store.accounts.link(BOB)
    assert await store.accounts.of(ANN.person) == ANN
    assert await store.accounts.of(BOB.person) == BOB


async def test_linking_again_replaces_the_account(store: SqlStore) -> None:
    await store.accounts.link(ANN)
    newer = replace(ANN, username="ann2", linked_at=after(1), token="another")
    await store.accounts.link(newer)
    assert await store.accounts.of(ANN.person) == newer


@pytest.mark.parametrize("scopes", [None, frozenset(), frozenset({"repo:read", "user:read"})])
@pytest.mark.parametrize("way", Way)
async def test_how_it_was_linked_and_what_it_may_comes_back(
    store: SqlStore, way: Way, scopes: frozenset[str] | None
) -> None:
    account = replace(ANN, way=way, scopes=scopes)
    await store.accounts.link(BOB)
    await store.accounts.link(ANN)
    await store.accounts.link(account)
    assert await store.accounts.of(ANN.person) == account


async def test_everybody_is_found_and_by_their_quay_account(store: SqlStore) -> None:
    cleo = replace(ANN, person=Person("T2", "U9"))
    for account in (BOB, cleo, ANN):
        await store.accounts.link(account)
    assert await store.accounts.everybody() == (ANN.person, BOB.person, cleo.person)
    assert await store.accounts.of_username("ann") == (ANN.person, cleo.person)
    assert await store.accounts.of_username("an") == ()


async def test_people_of_two_workspaces_are_two_people(store: SqlStore) -> None:
    await store.accounts.link(ANN)
    assert await store.accounts.of(Person("T2", "U1")) is None


async def test_a_forgotten_account_is_gone(store: SqlStore) -> None:
    await store.accounts.link(ANN)
    assert await store.accounts.forget(ANN.person)
    assert await store.accounts.of(ANN.person) is None
    assert not await store.accounts.forget(ANN.person)


async def test_without_secret_keys_nobody_can_link(database_url: str) -> None:
    store = open_store(database_url, None)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await store.accounts.link(ANN)
    assert await store.accounts.of(ANN.person) is None
    await store.close()


async def test_an_account_whose_keys_were_taken_away_says_so(store: SqlStore, database_url: str) -> None:
    await store.accounts.link(ANN)
    keyless = open_store(database_url, None)
    with pytest.raises(Locked, match="started without SECRET_KEYS"):
        await keyless.accounts.of(ANN.person)
    assert await keyless.accounts.forget(ANN.person)
    await keyless.close()


async def test_without_the_key_the_vault_stays_shut(store: SqlStore, database_url: str) -> None:
    await store.accounts.link(ANN)
    other = open_store(database_url, Sealer(["quite another secret key"]))
    with pytest.raises(GiveUp, match="vault cannot be opened"):
        await other.accounts.of(ANN.person)
    await other.close()


async def test_a_token_that_was_moved_to_another_person_does_not_open(store: SqlStore, database_url: str) -> None:
    await store.accounts.link(ANN)
    await store.accounts.link(BOB)
    engine = create_async_engine(normal_url(database_url))
    async with engine.begin() as connection:
        theft = "UPDATE accounts SET token = (SELECT token FROM accounts WHERE member = 'U1') WHERE member = 'U2'"
        await connection.execute(text(theft))
    await engine.dispose()
    with pytest.raises(GiveUp, match="vault cannot be opened"):
        await store.accounts.of(BOB.person)


@ONLY_SQLITE
async def test_the_file_never_holds_a_clear_token(store: SqlStore, tmp_path: Path) -> None:
    await store.accounts.link(ANN)
    written = b"".join((tmp_path / f"quaybot.db{end}").read_bytes() for end in ("", "-wal"))
    assert b"ann" in written
    assert ANN.token.encode() not in written
