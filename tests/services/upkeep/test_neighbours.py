"""Several subscriptions of a channel that cover the same repository: one counts, and nothing is lost in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import Forbidden, UserError
from bot.domain.subscriptions import State
from bot.services import subscribing
from tests.services.upkeep.keeper import Keeper

ALL, WEB = "S1", "S2"


@pytest.fixture
def keeper(store: SqlStore) -> Keeper:
    keeper = Keeper(store)
    keeper.quay.names = ["acme/api", "acme/app-x", "acme/web"]
    return keeper


def told_by(keeper: Keeper, target: str) -> list[tuple[str, str]]:
    """Whose notifications Quay has there, and for what."""
    return sorted((one.title.split()[-1], one.event) for one in keeper.quay.bells.get(target, []))


async def is_due(keeper: Keeper) -> set[str]:
    due = await keeper.store.subscriptions.claim(9, keeper.clock.now(), timedelta(seconds=1))
    return {one.name for one in due}


async def settled(keeper: Keeper) -> None:
    """As many rounds as there is something in a hurry, and at most a few."""
    for _ in range(5):
        keeper.clock.pass_by(5)
        due = await is_due(keeper)
        for name in sorted(due):
            await keeper.looks(name)
        if not due:
            return


async def test_a_pattern_leaves_out_what_has_a_subscription_of_its_own(keeper: Keeper):
    await keeper.subscribes("acme/web", "vulns", name=WEB)
    await keeper.looks(WEB)
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await keeper.looks(ALL)
    assert told_by(keeper, "acme/api") == [(ALL, "repo_push")]
    assert told_by(keeper, "acme/web") == [(WEB, "vulnerability_found")]


async def test_another_channel_takes_nothing(keeper: Keeper):
    await keeper.subscribes("acme/web", "pushes", name=WEB, channel="C2")
    await keeper.looks(WEB)
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await keeper.looks(ALL)
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push"), (WEB, "repo_push")]


async def test_the_longer_pattern_counts(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await keeper.subscribes("acme/app-*", "pushes", name=WEB)
    await settled(keeper)
    assert told_by(keeper, "acme/app-x") == [(WEB, "repo_push")]
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push")]


async def test_whoever_comes_later_takes_over_within_seconds_and_the_new_one_is_made_first(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await settled(keeper)
    assert await is_due(keeper) == set()
    await keeper.subscribes("acme/web", "pushes", name=WEB)
    await keeper.looks(ALL)
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push")]  # until the other one is there
    await keeper.looks(WEB)
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push"), (WEB, "repo_push")]
    assert ALL in await is_due(keeper)
    await keeper.looks(ALL)
    assert told_by(keeper, "acme/web") == [(WEB, "repo_push")]
    await settled(keeper)
    assert told_by(keeper, "acme/api") == [(ALL, "repo_push")]
    assert await keeper.gaps() == ()
    assert ("create", "acme/web") not in keeper.quay.changes()[-1:]


async def test_what_cannot_be_set_up_takes_nothing_away(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await settled(keeper)
    await keeper.subscribes("acme/web", "pushes", name=WEB)
    keeper.quay.errors["create acme/web"] = Forbidden("You are no admin.")
    await settled(keeper)
    assert (await keeper.now(WEB)).state is State.ORPHANED
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push")]


async def test_what_quay_refuses_to_the_new_one_the_old_one_goes_on_telling(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await settled(keeper)
    await keeper.subscribes("acme/web", "pushes", name=WEB)
    keeper.quay.errors["create acme/web"] = UserError("Quay does not take this one.")
    await settled(keeper)
    keeper.quay.bells["acme/web"].clear()  # and mends it
    del keeper.quay.errors["create acme/web"]
    await keeper.looks(ALL)
    assert told_by(keeper, "acme/web") == [(ALL, "repo_push")]


async def test_when_it_ends_the_pattern_goes_on_and_looks_for_what_came_in_between(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes builds:failure", name=ALL)
    await keeper.subscribes("acme/web", "pushes vulns", name=WEB)
    await settled(keeper)
    assert {name for name, _ in told_by(keeper, "acme/web")} == {WEB}
    keeper.clock.pass_by(300)
    await settled(keeper)
    whole = max(part.whole_at for part in await keeper.parts(WEB) if part.whole_at)
    await keeper.gaps()
    keeper.clock.pass_by(30)
    await subscribing.end(await keeper.now(WEB), keeper.store.subscriptions, keeper.clock.now())
    await keeper.looks(WEB)
    assert ALL in await is_due(keeper)
    await keeper.looks(ALL)
    assert {name for name, _ in told_by(keeper, "acme/web")} == {ALL}
    gap = next(one for one in await keeper.gaps() if (one.subscription, one.target) == (ALL, "acme/web"))
    assert "repo_push" in gap.events
    assert gap.since <= whole
    assert gap.until == keeper.clock.now() + timedelta(seconds=60)


async def test_the_next_more_exact_one_goes_on(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await keeper.subscribes("acme/app-*", "pushes", name="S3")
    await keeper.subscribes("acme/app-x", "pushes", name=WEB)
    await settled(keeper)
    assert told_by(keeper, "acme/app-x") == [(WEB, "repo_push")]
    await subscribing.end(await keeper.now(WEB), keeper.store.subscriptions, keeper.clock.now())
    await settled(keeper)
    assert told_by(keeper, "acme/app-x") == [("S3", "repo_push")]
    assert {gap.subscription for gap in await keeper.gaps()} == {"S3"}


async def test_a_paused_one_is_a_wish_as_well(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    one = await keeper.subscribes("acme/web", "pushes", name=WEB)
    paused = replace(one, paused_until=keeper.clock.now() + timedelta(hours=4))
    assert await keeper.store.subscriptions.change(one, paused, keeper.clock.now(), check=False)
    await settled(keeper)
    assert told_by(keeper, "acme/web") == [(WEB, "repo_push")]


async def test_what_was_lost_may_be_taken_over_by_a_subscription_of_its_own(keeper: Keeper):
    await keeper.subscribes("acme/*", "pushes", name=ALL)
    await settled(keeper)
    keeper.quay.errors["all acme/web"] = Forbidden("You are no admin.")
    await keeper.looks(ALL)
    assert "acme/web" in (await keeper.now(ALL)).reason
    await keeper.subscribes("acme/web", "pushes", name=WEB)
    del keeper.quay.errors["all acme/web"]  # whoever looks after that one may
    await keeper.looks(WEB)
    keeper.quay.errors["all acme/web"] = Forbidden("You are no admin.")
    await keeper.looks(ALL)
    found = await keeper.now(ALL)
    assert (found.state, found.reason) == (State.ACTIVE, "")
    assert "acme/web" not in {part.target for part in await keeper.parts(ALL)}
