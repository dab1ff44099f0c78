"""Trouble keeps what was missed for later, and what nobody waits for is nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.people import Account
from bot.domain.subscriptions import State
from bot.services.upkeep import recovering
from tests.plugins.wishes import becomes
from tests.services.upkeep.chasm import ALICE, WEB, Chasm, chasm


@pytest.fixture
async def here(store: SqlStore) -> AsyncIterator[Chasm]:
    async with chasm(store) as here:
        yield here


async def test_what_came_for_another_channel_or_after_the_end_is_nothing(here: Chasm) -> None:
    wanted = await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await becomes(here.store, replace(wanted, state=State.ENDED), here.clock.now())
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([], [])
    await here.lose("repo_push", name="NOSUCH")
    await here.recovers()
    assert await here.waiting() == []


async def test_while_quay_is_away_the_gap_is_kept_and_the_pause_grows(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    here.quay.down = True
    waits = []
    for _ in range(3):
        await here.recovers()
        (gap,) = await here.waiting()
        waits.append((gap.due_at - here.clock.now()).total_seconds())
        here.clock.pass_by(waits[-1] + 2)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= 3_600
    here.quay.down = False
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_whoever_takes_an_orphan_over_is_told_what_was_missed(here: Chasm) -> None:
    wanted = await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await becomes(here.store, replace(wanted, state=State.ORPHANED), here.clock.now())
    before = len(here.quay.requests)
    await here.recovers()
    assert len(here.quay.requests) == before
    assert len(await here.waiting()) == 1
    await becomes(here.store, wanted, here.clock.now())
    here.clock.pass_by(1_300)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


@pytest.mark.parametrize("loss", ["no account", "dead token", "no rights"])
async def test_without_an_account_that_may_look_the_gap_is_kept(here: Chasm, loss: str) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    kept = dict(here.accounts.kept)
    if loss == "no account":
        here.accounts.kept.clear()
    elif loss == "dead token":
        here.accounts.kept[ALICE] = Account(ALICE, "alice", here.clock.now(), "x" * 40)
    else:
        here.quay.ungrant("alice", "acme")
    await here.recovers()
    (gap,) = await here.waiting()
    assert gap.due_at - here.clock.now() >= timedelta(minutes=9)
    here.accounts.kept |= kept
    here.quay.grant("alice", WEB, "admin")
    here.clock.pass_by(1_300)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_after_a_week_it_is_old_news(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    here.clock.pass_by(timedelta(days=7, minutes=5).total_seconds())
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([], [])


async def test_trouble_with_one_gap_does_not_touch_the_others(here: Chasm) -> None:
    await here.subscribes("pushes", target="acme/*")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push", target="acme/nosuch")
    await here.store.gaps.open(replace((await here.waiting())[0], target=WEB, id=0))
    here.clock.pass_by(5)
    await here.recovers()
    assert [row[1:] for row in await here.told()] == [("opened", ("v1",))]
    await here.recovers_the_rest()
    assert [gap.target for gap in await here.waiting()] == ["acme/nosuch"]


async def test_a_look_that_takes_too_long_is_broken_off(here: Chasm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "PATIENCE", timedelta(0))
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told(), [gap.tries for gap in await here.waiting()]) == ([], [1])
