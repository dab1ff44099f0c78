"""The heartbeat: silence raises an alert once, and the alert says when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater, UserError
from bot.domain.subscriptions import State
from bot.services.upkeep.beating import AT_ONCE, Beating
from tests.plugins.wishes import becomes
from tests.services.upkeep.keeper import HERE, Keeper

MINUTES = 60.0


@pytest.fixture
async def keeper(store: SqlStore) -> Keeper:
    keeper = Keeper(store)
    await keeper.subscribes()
    await keeper.looks()
    keeper.clock.pass_by(61 * MINUTES)
    return keeper


def calls(keeper: Keeper) -> int:
    return sum(call == "test" for call, _ in keeper.quay.calls)


async def goes_on(keeper: Keeper, minutes: float) -> None:
    """So much time passes, with a round every half minute."""
    for _ in range(int(minutes * 2)):
        await keeper.beating.run()
        keeper.clock.pass_by(30)


async def test_a_silent_way_is_tried_with_the_account_of_whoever_looks_after_it(keeper: Keeper):
    await keeper.beating.run()
    assert (keeper.quay.calls[-1], keeper.quay.by[-1]) == (("test", "acme/web"), "token-alice")
    assert (await keeper.parts())[0].beat_at == keeper.clock.now()
    assert keeper.deeds()[2:] == []  # it changes nothing, so the audit stays quiet


async def test_what_arrives_in_time_is_no_news(keeper: Keeper):
    await keeper.beating.run()
    keeper.clock.pass_by(20)
    await keeper.hears(keeper.clock.now())
    await goes_on(keeper, 59)
    assert (calls(keeper), keeper.notices.said) == (1, {})
    await goes_on(keeper, 2)
    assert calls(keeper) == 2


async def test_silence_is_told_once_and_then_that_it_is_over(keeper: Keeper):
    await goes_on(keeper, 30)
    ((key, said),) = keeper.notices.said.items()
    assert (key, said.channel) == ("silent:S1:0", "C1")
    assert "I asked Quay for 2 test calls in a row" in said.payload["text"]
    assert 3 <= calls(keeper) <= 5
    await keeper.hears(keeper.clock.now())
    await goes_on(keeper, 1)
    assert len(keeper.notices.said) == 1
    assert "works again since" in keeper.said()[0]


async def test_another_silence_is_another_message(keeper: Keeper):
    for _ in range(2):
        await goes_on(keeper, 10)
        await keeper.hears(keeper.clock.now())
        await goes_on(keeper, 62)
    assert sorted(keeper.notices.said) == ["silent:S1:0", "silent:S1:1"]


async def test_after_a_restart_the_same_silence_is_not_told_again(keeper: Keeper):
    await goes_on(keeper, 10)
    keeper.notices.said.clear()
    old = keeper.beating
    keeper.beating = Beating(old.subscriptions, old.gate, old.notices, old.clock, old.every)
    await goes_on(keeper, 30)
    assert keeper.notices.said == {}
    await keeper.hears(keeper.clock.now())
    await goes_on(keeper, 1)
    assert "works again" in keeper.said()[0]


async def test_silence_makes_the_subscription_looked_at_now(keeper: Keeper):
    await keeper.store.subscriptions.checked("S1", keeper.clock.now(), keeper.clock.now() + timedelta(days=1))
    await goes_on(keeper, 5)
    assert [one.name for one in await keeper.store.subscriptions.claim(1, keeper.clock.now(), timedelta(1))] == ["S1"]


@pytest.mark.parametrize("error", [TryLater("Quay is away."), UserError("You may not.")])
async def test_what_could_not_be_asked_for_did_not_get_lost(keeper: Keeper, error: Exception):
    keeper.quay.errors["test"] = error
    await goes_on(keeper, 10)
    assert keeper.notices.said == {}
    assert 3 <= calls(keeper) <= 6
    assert (await keeper.parts())[0].beat_at is None


async def test_what_is_paused_orphaned_or_ended_is_not_tried(keeper: Keeper):
    found, now = await keeper.now(), keeper.clock.now()
    for other in (
        replace(found, paused_until=now + timedelta(hours=4)),
        replace(found, state=State.ORPHANED),
        replace(found, state=State.ENDED),
    ):
        await becomes(keeper.store, other, now)
        await keeper.beating.run()
    assert calls(keeper) == 0


async def test_they_are_spread_over_time(keeper: Keeper):
    for number in range(2, 9):
        await keeper.subscribes(f"acme/app{number}", name=f"S{number}")
        await keeper.looks(f"S{number}")
    keeper.clock.pass_by(61 * MINUTES)
    await keeper.beating.run()
    assert calls(keeper) == AT_ONCE
    await keeper.beating.run()
    assert calls(keeper) == 8


async def test_without_a_heartbeat_nothing_is_tried(keeper: Keeper):
    keeper.beating = replace(keeper.beating, every=None)
    await goes_on(keeper, 5)
    assert (calls(keeper), HERE in str(keeper.quay.urls)) == (0, True)


async def test_one_look_meanwhile_does_not_forget_that_a_call_is_awaited(keeper: Keeper):
    await keeper.beating.run()
    (before,) = await keeper.parts()
    keeper.quay.fails("acme/web", 1)
    await keeper.looks()
    assert (await keeper.parts())[0].beat_at == before.beat_at


async def test_a_part_that_may_not_be_tried_leaves_the_turn_to_another_one(keeper: Keeper):
    keeper.quay.names = ["acme/api", "acme/db"]
    await keeper.subscribes("acme/*", name="S2", channel="C2")
    await keeper.looks("S2")
    keeper.clock.pass_by(61 * MINUTES)
    keeper.quay.errors["test acme/api"] = UserError("You may not.")
    keeper.quay.calls.clear()
    await goes_on(keeper, 1)
    assert [target for call, target in keeper.quay.calls if target != "acme/web"] == ["acme/api", "acme/db"]
    flying = {part.target for part in await keeper.parts("S2") if part.beat_at}
    assert flying == {"acme/db"}
