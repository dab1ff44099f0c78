"""Attempts to link: each step is won once, by the right browser and the right person, in its time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.people import Account, Person, Way
from bot.ports import LinkAttempt, LinkStage
from tests.plugins.databases import ONLY_POSTGRES, SECRET
from tests.plugins.rows import NOW, after

LIFE = timedelta(minutes=10)
LATE = NOW + LIFE
ANN, BOB = Person("T1", "U1"), Person("T1", "U2")
SCOPES = frozenset({"repo:read", "user:read"})
ACCOUNT = Account(ANN, "ann", NOW, "ann's clear token", Way.CODE, SCOPES)
TRIES = 5


async def started(store: SqlStore, person: Person = ANN, ticket: str = "ticket") -> LinkAttempt:
    await store.links.start(person, ticket, SCOPES, "origin", NOW, LIFE)
    attempt = await store.links.by_ticket(ticket, NOW)
    assert attempt is not None
    return attempt


async def away(store: SqlStore, way: Way = Way.CODE) -> LinkAttempt:
    attempt = await started(store)
    assert await store.links.leave(attempt.id, "cookie", "state", way, NOW)
    return attempt


async def offered(store: SqlStore, account: Account = ACCOUNT) -> LinkAttempt:
    attempt = await away(store)
    assert await store.links.arrive("state", "cookie", NOW) is not None
    assert await store.links.offer(attempt.id, account, "code", NOW)
    return attempt


def won(outcomes: Sequence[object]) -> int:
    return sum(bool(outcome) for outcome in outcomes)


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


async def test_a_state_is_good_for_one_return(store: SqlStore, replica: SqlStore) -> None:
    await away(store)
    returns = await asyncio.gather(*[one.links.arrive("state", "cookie", NOW) for one in (store, replica) * 4])
    assert won(returns) == 1
    assert await store.links.arrive("state", "cookie", NOW) is None


async def test_a_state_in_another_browser_is_used_up_and_opens_nothing(store: SqlStore) -> None:
    await away(store)
    assert await store.links.arrive("state", "another cookie", NOW) is None
    assert await store.links.arrive("state", "cookie", NOW) is None


@pytest.mark.parametrize("cookie", ["", "cooki", "cookie2", "Cookie"])
async def test_only_the_very_cookie_counts(store: SqlStore, cookie: str) -> None:
    await away(store)
    assert await store.links.by_cookie(cookie, NOW) is None
    assert await store.links.arrive("state", cookie, NOW) is None


async def test_an_unknown_state_opens_nothing_and_uses_nothing_up(store: SqlStore) -> None:
    await away(store)
    assert await store.links.arrive("states", "cookie", NOW) is None
    assert await store.links.arrive("", "cookie", NOW) is None
    assert await store.links.arrive("state", "cookie", NOW) is not None


async def test_until_quay_has_answered_the_browser_may_go_again_and_only_the_last_state_counts(store: SqlStore) -> None:
    attempt = await away(store)
    assert await store.links.leave(attempt.id, "cookie", "state2", Way.ASSIGNED, NOW)
    assert await store.links.arrive("state", "cookie", NOW) is None
    back = await store.links.arrive("state2", "cookie", NOW)
    assert back is not None
    assert back.way is Way.ASSIGNED
    assert await store.links.leave(attempt.id, "cookie", "state3", Way.CODE, NOW)  # Quay said no, and it tries again


async def test_who_has_a_token_already_does_not_go_again(store: SqlStore) -> None:
    attempt = await offered(store)
    for cookie in ("cookie", "another"):
        assert not await store.links.leave(attempt.id, cookie, "state2", Way.CODE, NOW)
    assert not await store.links.offer(attempt.id, replace(ACCOUNT, username="eve"), "code2", NOW)
    assert await store.links.confirm(ANN, "code2", NOW, TRIES) is None
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is not None


async def test_a_browser_that_takes_over_never_sees_what_the_other_one_brings(store: SqlStore) -> None:
    attempt = await away(store)
    assert await store.links.arrive("state", "cookie", NOW) is not None
    assert await store.links.leave(attempt.id, "another", "state2", Way.CODE, NOW)
    assert not await store.links.offer(attempt.id, ACCOUNT, "code", NOW)
    assert await store.links.by_cookie("cookie", NOW) is None
    back = await store.links.arrive("state2", "another", NOW)
    assert back is not None
    assert (back.person, back.origin) == (ANN, "origin")
    assert await store.links.offer(back.id, ACCOUNT, "code2", NOW)
    assert await store.links.by_ticket("ticket", NOW) is not None


async def test_a_browser_has_one_attempt_at_a_time(store: SqlStore, replica: SqlStore) -> None:
    first, second = await away(store), await started(store, BOB, "bob's")
    assert await store.links.leave(second.id, "cookie", "state2", Way.CODE, NOW)
    found = await store.links.by_cookie("cookie", NOW)
    assert found is not None
    assert found.person == BOB
    assert await store.links.arrive("state", "cookie", NOW) is None
    again = [
        store.links.leave(first.id, "shared", "state3", Way.CODE, NOW),
        replica.links.leave(second.id, "shared", "state4", Way.CODE, NOW),
    ]
    assert await asyncio.gather(*again) == [True, True]
    assert won([await store.links.arrive(state, "shared", NOW) for state in ("state3", "state4")]) == 1


async def test_a_refused_leave_takes_no_cookie_away(store: SqlStore) -> None:
    await away(store)
    assert not await store.links.leave(999, "cookie", "state2", Way.CODE, NOW)
    assert await store.links.arrive("state", "cookie", NOW) is not None


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


async def test_whoever_was_forgotten_has_no_code_any_more(store: SqlStore) -> None:
    await offered(store)
    await store.accounts.forget_all_of(ANN)
    assert await store.links.confirm(ANN, "code", NOW, TRIES) is None
    assert await store.accounts.of(ANN) is None


def between_delete_and_insert(monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Holds the takeover of an attempt there: (it is there, let it go on)."""
    there, go_on = asyncio.Event(), asyncio.Event()
    execute = AsyncConnection.execute

    async def slowly(self: AsyncConnection, what: Any, *more: Any, **options: Any) -> Any:
        if getattr(what, "is_insert", False) and not there.is_set():
            there.set()
            await go_on.wait()
        return await execute(self, what, *more, **options)

    monkeypatch.setattr(AsyncConnection, "execute", slowly)
    return there, go_on


async def somebody_waits(store: SqlStore) -> None:
    """Until a transaction waits until another one is not alone any more."""
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    waits = text(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND database = {here}")
    async with asyncio.timeout(20):
        while True:
            async with store.links._database.reading() as connection:
                if (await connection.execute(waits)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def forgotten(store: SqlStore) -> None:
    await store.accounts.forget_all_of(ANN)


async def team_forgotten(store: SqlStore) -> None:
    await store.accounts.forget_team("T1")


async def cancelled(store: SqlStore) -> None:
    assert await store.links.cancel(ANN)


async def begun_anew(store: SqlStore) -> None:
    await store.links.start(ANN, "another ticket", SCOPES, "origin", NOW, LIFE)


@ONLY_POSTGRES
@pytest.mark.parametrize("ends", [forgotten, team_forgotten, cancelled, begun_anew])
async def test_an_attempt_that_another_browser_takes_over_can_still_be_voided(
    store: SqlStore, replica: SqlStore, monkeypatch: pytest.MonkeyPatch, ends: Any
) -> None:
    attempt = await away(store)
    there, go_on = between_delete_and_insert(monkeypatch)
    leaving = asyncio.create_task(store.links.leave(attempt.id, "other cookie", "other state", Way.CODE, NOW))
    await there.wait()
    ending = asyncio.create_task(ends(replica))
    await somebody_waits(store)
    go_on.set()
    await leaving
    await ending
    assert await store.links.by_ticket("ticket", NOW) is None


async def test_whose_a_state_is_can_be_looked_up_without_using_it_up(store: SqlStore) -> None:
    attempt = await away(store)
    found = await store.links.by_state("state", NOW)
    assert found is not None
    assert found.id == attempt.id
    assert await store.links.by_state("states", NOW) is None
    assert await store.links.by_state("state", LATE) is None
    assert await store.links.arrive("state", "cookie", NOW) is not None
    assert await store.links.by_state("state", NOW) is None


async def test_a_confirmed_attempt_is_told_from_one_that_is_void(store: SqlStore) -> None:
    attempt = await offered(store)
    assert not await store.links.confirmed(attempt.id)
    await store.links.confirm(ANN, "code", NOW, TRIES)
    assert await store.links.confirmed(attempt.id)
    await store.links.sweep(LATE)
    assert not await store.links.confirmed(attempt.id)
