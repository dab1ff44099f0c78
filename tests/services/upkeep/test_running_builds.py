"""A build that runs when somebody subscribes is followed to its end; what has ended, or is looked at again, is not."""

from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import GiveUp, TryLater
from bot.domain.events import Phase
from bot.ports import Build, Watch
from tests.services.upkeep.keeper import ALICE, Keeper

WEB = "acme/web"


@pytest.fixture
def keeper(store: SqlStore) -> Keeper:
    return Keeper(store)


def build(name: str, phase: Phase, repository: str = WEB) -> Build:
    return Build(name, repository, phase)


async def followed(keeper: Keeper) -> list[Watch]:
    return list(await keeper.store.watches.claim(99, keeper.clock.now(), timedelta(seconds=1)))


async def test_builds_that_run_already_are_followed_with_the_account_of_whoever_subscribed(keeper: Keeper) -> None:
    keeper.quay.running = [build(f"b-{phase}", phase) for phase in Phase] + [build("other", Phase.WAITING, "acme/api")]
    await keeper.subscribes(words="build_success")
    await keeper.looks()
    found = await followed(keeper)
    going = {Phase.WAITING, Phase.SCHEDULED, Phase.UNPACKING, Phase.PULLING, Phase.BUILDING, Phase.PUSHING}
    assert {one.build for one in found} == {f"b-{phase}" for phase in going}
    assert {(one.repository, one.person) for one in found} == {(WEB, ALICE)}


async def test_who_does_not_ask_about_builds_follows_none(keeper: Keeper) -> None:
    keeper.quay.running = [build("b1", Phase.BUILDING)]
    await keeper.subscribes(words="repo_push")
    await keeper.looks()
    assert await followed(keeper) == []


async def test_what_is_made_anew_later_follows_nothing(keeper: Keeper) -> None:
    await keeper.subscribes(words="build_success")
    await keeper.looks()
    keeper.quay.running = [build("b1", Phase.BUILDING)]
    keeper.quay.bells[WEB].clear()
    keeper.clock.pass_by(60)
    assert (await keeper.looks()).made == 1
    assert await followed(keeper) == []


@pytest.mark.parametrize("error", [GiveUp("no builds here"), TryLater("away")])
async def test_trouble_with_the_list_of_builds_keeps_nobody_from_subscribing(keeper: Keeper, error: Exception) -> None:
    keeper.quay.errors["builds"] = error
    await keeper.subscribes(words="build_success")
    assert (await keeper.looks()).made == 1
    assert await followed(keeper) == []
