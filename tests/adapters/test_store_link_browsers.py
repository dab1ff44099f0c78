"""Attempts to link in the store: states and cookies, and the one browser that an attempt belongs to."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import SqlStore
from bot.domain.people import Way
from tests.adapters.link_attempts import ACCOUNT, ANN, BOB, LATE, LIFE, SCOPES, TRIES, away, offered, started, won
from tests.plugins.databases import ONLY_POSTGRES
from tests.plugins.rows import NOW


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
