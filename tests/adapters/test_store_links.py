"""Attempts to link in the store: how each one is found, goes all the way, and ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore, open_store
from bot.domain.errors import UserError
from bot.domain.people import Person, Way
from bot.ports import LinkAttempt, LinkStage
from tests.adapters.link_attempts import ACCOUNT, ANN, BOB, LATE, LIFE, SCOPES, TRIES, away, offered, started, won
from tests.plugins.rows import NOW, after


async def test_an_attempt_is_found_by_its_ticket_and_its_person(store: SqlStore) -> None:
    attempt = await started(store)
    assert attempt == LinkAttempt(attempt.id, ANN, LinkStage.OPEN, Way.CODE, SCOPES, "origin", LATE)
    assert await store.links.of(ANN, NOW) == attempt
    assert await store.links.of(BOB, NOW) is None
    assert await store.links.of(Person("T2", "U1"), NOW) is None
    assert await store.links.by_ticket("tickets", NOW) is None


async def test_all_the_way_to_the_account(store: SqlStore) -> None:
    attempt = await started(store)
    assert await store.links.leave(attempt.id, "cookie", "state", Way.ASSIGNED, NOW)
    left = await store.links.by_cookie("cookie", NOW)
    assert left == replace(attempt, stage=LinkStage.AWAY, way=Way.ASSIGNED)
    assert await store.links.arrive("state", "cookie", NOW) == left
    assigned = replace(ACCOUNT, way=Way.ASSIGNED, scopes=frozenset({"repo:read"}))
    assert await store.links.offer(attempt.id, assigned, "code", NOW)
    waiting = replace(left, stage=LinkStage.CONFIRM, username="ann")
    assert await store.links.by_cookie("cookie", NOW) == waiting == await store.links.of(ANN, NOW)
    assert await store.links.confirm(ANN, "code", after(9), TRIES) == replace(assigned, linked_at=after(9))
    assert await store.links.of(ANN, after(9)) is None


async def test_after_the_right_code_only_the_browser_still_finds_the_attempt(
    store: SqlStore, replica: SqlStore
) -> None:
    attempt = await started(store)
    await store.links.leave(attempt.id, "cookie", "state", Way.CODE, NOW)
    await store.links.offer(attempt.id, ACCOUNT, "code", NOW)
    await store.links.confirm(ANN, "code", NOW, TRIES)
    left = await replica.links.by_cookie("cookie", NOW)
    assert left is not None
    assert (left.stage, left.username) == (LinkStage.DONE, "ann")
    assert await store.links.by_ticket("ticket", NOW) is None
    assert not await store.links.leave(attempt.id, "cookie", "state", Way.CODE, NOW)
    assert not await store.links.offer(attempt.id, ACCOUNT, "code", NOW)
    assert not await store.links.cancel(ANN)
    assert await store.links.by_cookie("cookie", left.expires_at) is None


@pytest.mark.parametrize("scopes", [None, frozenset(), SCOPES])
async def test_the_scopes_that_quay_granted_come_with_the_account(
    store: SqlStore, scopes: frozenset[str] | None
) -> None:
    await offered(store, replace(ACCOUNT, scopes=scopes))
    account = await store.links.confirm(ANN, "code", NOW, TRIES)
    assert account is not None
    assert account.scopes == scopes


async def test_a_new_attempt_voids_the_one_before(store: SqlStore) -> None:
    first = await away(store)
    second = await started(store, ticket="another")
    assert second.id != first.id
    assert await store.links.by_ticket("ticket", NOW) is None
    assert await store.links.by_cookie("cookie", NOW) is None
    assert await store.links.arrive("state", "cookie", NOW) is None
    assert not await store.links.leave(first.id, "cookie", "state2", Way.CODE, NOW)
    assert not await store.links.offer(first.id, ACCOUNT, "code", NOW)
    assert await store.links.of(ANN, NOW) == second


async def test_of_many_new_attempts_at_once_one_is_left(store: SqlStore, replica: SqlStore) -> None:
    stores = [store, replica] * 4
    await asyncio.gather(
        *[one.links.start(ANN, f"t{number}", SCOPES, "o", NOW, LIFE) for number, one in enumerate(stores)]
    )
    assert won([await store.links.by_ticket(f"t{number}", NOW) for number in range(8)]) == 1


async def test_at_its_end_an_attempt_is_over_whatever_its_stage(store: SqlStore) -> None:
    attempt = await started(store)
    assert await store.links.by_ticket("ticket", LATE - timedelta(microseconds=1)) is not None
    assert await store.links.by_ticket("ticket", LATE) is None
    assert await store.links.of(ANN, LATE) is None
    assert not await store.links.leave(attempt.id, "cookie", "state", Way.CODE, LATE)
    assert await store.links.leave(attempt.id, "cookie", "state", Way.CODE, NOW)
    assert await store.links.by_cookie("cookie", LATE) is None
    assert not await store.links.offer(attempt.id, ACCOUNT, "code", LATE)
    assert await store.links.arrive("state", "cookie", LATE) is None
    assert await store.links.arrive("state", "cookie", NOW) is None  # it was used up all the same
    assert await store.links.offer(attempt.id, ACCOUNT, "code", NOW)
    assert await store.links.confirm(ANN, "code", LATE, TRIES) is None


async def test_a_cancelled_attempt_is_over(store: SqlStore) -> None:
    await offered(store)
    assert not await store.links.cancel(BOB)
    assert await store.links.cancel(ANN)
    assert not await store.links.cancel(ANN)
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None


async def test_what_is_too_old_is_swept_away_and_nothing_else(store: SqlStore) -> None:
    await started(store)
    await store.links.start(BOB, "bob's", SCOPES, "origin", after(1), LIFE)
    await store.links.sweep(LATE)
    assert await store.links.by_ticket("ticket", NOW) is None
    assert await store.links.by_ticket("bob's", NOW) is not None
    await store.inbox.sweep(LATE + timedelta(days=1))
    assert await store.links.by_ticket("bob's", NOW) is None


async def test_without_secret_keys_nobody_can_begin_or_go_on(store: SqlStore, database_url: str) -> None:
    keyless = open_store(database_url, None)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await keyless.links.start(ANN, "ticket", SCOPES, "origin", NOW, LIFE)
    attempt = await away(store)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await keyless.links.offer(attempt.id, ACCOUNT, "code", NOW)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await keyless.links.by_ticket("ticket", NOW)
    await keyless.close()


async def test_whoever_was_forgotten_has_no_code_any_more(store: SqlStore) -> None:
    await offered(store)
    await store.accounts.forget_all_of(ANN)
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None
    assert await store.accounts.of(ANN) is None


async def test_a_confirmed_attempt_is_told_from_one_that_is_void(store: SqlStore) -> None:
    attempt = await offered(store)
    assert not await store.links.confirmed(attempt.id)
    await store.links.confirm(ANN, "code", NOW, TRIES)
    assert await store.links.confirmed(attempt.id)
    await store.links.sweep(LATE)
    assert not await store.links.confirmed(attempt.id)
