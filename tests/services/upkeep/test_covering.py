"""Patterns cover what is there now, what comes later, and no more than is bearable."""

from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import Lacking, TryLater, Unseen
from bot.domain.subscriptions import OFF, State
from bot.rules.policy import Decision, Effect
from bot.services.upkeep import tending
from bot.services.upkeep.covering import covered
from tests.services.upkeep.keeper import Keeper


def lacking(repository: str) -> Lacking:
    return Lacking("You need admin.", repository=repository, needs="admin", does="see its notifications")


@pytest.fixture
def keeper(store: SqlStore) -> Keeper:
    keeper = Keeper(store)
    keeper.quay.names = ["acme/app-web", "acme/tool", "acme/app-api"]
    return keeper


async def test_a_repository_and_a_namespace_cover_themselves(keeper: Keeper):
    assert await covered(keeper.quay, "acme/web") == ("acme/web",)
    assert await covered(keeper.quay, "acme") == ("acme",)
    assert keeper.quay.calls == []


async def test_a_pattern_covers_what_fits_on_all_pages(keeper: Keeper):
    keeper.quay.size = 1
    assert await covered(keeper.quay, "acme/app-*") == ("acme/app-api", "acme/app-web")
    assert len(await covered(keeper.quay, "acme/*", most=2)) == 2


async def test_what_comes_later_is_covered_as_well(keeper: Keeper):
    await keeper.subscribes("acme/app-*")
    assert (await keeper.looks()).made == 2
    assert await keeper.gaps() == ()
    keeper.quay.names.append("acme/app-new")
    assert (await keeper.looks()).made == 1
    assert {part.target for part in await keeper.parts()} == {"acme/app-web", "acme/app-api", "acme/app-new"}


async def test_the_push_that_makes_a_new_repository_is_looked_for(keeper: Keeper):
    wanted = await keeper.subscribes("acme/app-*")
    keeper.clock.pass_by(600)
    await keeper.looks()
    checked = keeper.clock.now()
    keeper.clock.pass_by(50)
    keeper.quay.names.append("acme/app-new")
    await keeper.looks()
    (gap,) = await keeper.gaps()
    assert (gap.target, gap.events) == ("acme/app-new", ("repo_push",))
    assert wanted.created_at < gap.since < checked < gap.until


async def test_a_new_repository_is_looked_through_an_hour_back_at_most(keeper: Keeper):
    await keeper.subscribes("acme/app-*")
    await keeper.looks()
    keeper.clock.pass_by(86_400)
    keeper.quay.names.append("acme/app-new")
    await keeper.looks()
    (gap,) = await keeper.gaps()
    assert keeper.clock.now() - gap.since == timedelta(hours=1)


async def test_each_new_repository_is_asked_about_in_the_policy(keeper: Keeper):
    keeper.rulings.by_target["acme/app-web"] = Decision(Effect.DENY, "secret")
    keeper.rulings.by_target["acme/app-api"] = Decision(Effect.APPROVE, "prod", needed=1)
    await keeper.subscribes("acme/*")
    done = await keeper.looks()
    assert {part.target for part in await keeper.parts()} == {"acme/tool"}
    assert done.missing == ("2 repositories are left out.",)
    found = await keeper.now()
    assert (found.state, found.reason) == (State.ACTIVE, "2 repositories are left out.")
    ((key, said),) = keeper.notices.said.items()
    assert (key, said.channel) == ("left:S1:0", "UALICE")  # names and reasons are for her alone
    assert "`acme/app-web`: The policy's rule “secret” does not allow" in str(said.payload)
    assert "acme/app-api is new. The policy wants approvals for it" in str(said.payload)
    keeper.clock.pass_by(600)
    await keeper.looks()
    assert len(keeper.notices.said) == 1
    assert ("subscribe", "acme/tool") in [(act.name, act.target) for act in keeper.rulings.asked]


async def test_a_repository_without_the_role_is_left_out_and_said(keeper: Keeper):
    keeper.quay.errors["all acme/tool"] = lacking("acme/tool")
    await keeper.subscribes("acme/*")
    assert (await keeper.looks()).made == 2
    found = await keeper.now()
    assert (found.state, found.reason) == (State.ACTIVE, "1 repository is left out.")
    ((key, said),) = keeper.notices.said.items()
    assert (key, said.channel, "acme/tool" in str(said.payload)) == ("left:S1:0", "UALICE", True)


async def test_whoever_may_look_after_none_of_it_does_not_look_after_it(keeper: Keeper):
    for name in keeper.quay.names:
        keeper.quay.errors[f"all {name}"] = lacking(name)
    await keeper.subscribes("acme/*")
    await keeper.looks()
    assert (await keeper.now()).state is State.ORPHANED


async def test_a_lost_role_in_one_of_them_is_a_loss_and_the_others_are_still_mended(keeper: Keeper):
    await keeper.subscribes("acme/*")
    await keeper.looks()
    keeper.quay.errors["all acme/tool"] = lacking("acme/tool")
    keeper.quay.fails("acme/app-web", OFF)
    assert (await keeper.looks()).reset == 1
    found = await keeper.now()
    assert (found.state, "acme/tool" in found.reason) == (State.ACTIVE, True)


async def test_a_repository_that_is_gone_is_forgotten_and_said(keeper: Keeper):
    await keeper.subscribes("acme/*")
    await keeper.looks()
    keeper.quay.names.remove("acme/tool")
    keeper.quay.errors["all acme/tool"] = Unseen("There is no acme/tool.", repository="acme/tool")
    await keeper.looks()
    assert "acme/tool" not in {part.target for part in await keeper.parts()}
    assert (await keeper.now()).reason == "acme/tool is not there any more."
    keeper.clock.pass_by(600)
    await keeper.looks()
    assert (await keeper.now()).reason == ""


async def test_a_look_at_many_comes_less_often(keeper: Keeper):
    keeper.quay.names = [f"acme/app-{number}" for number in range(40)]
    await keeper.subscribes("acme/*")
    await keeper.looks()
    then = keeper.clock.now()
    assert not await keeper.store.subscriptions.claim(1, then + timedelta(seconds=79), timedelta(0))
    assert await keeper.store.subscriptions.claim(1, then + timedelta(seconds=80), timedelta(0))


async def test_too_many_are_not_all_covered_and_that_is_said(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tending, "MOST", 2)
    await keeper.subscribes("acme/*")
    assert (await keeper.looks()).made == 2
    assert (await keeper.now()).reason.startswith("acme/* covers more than 2 repositories")


async def test_a_quay_that_is_away_is_no_loss(keeper: Keeper):
    await keeper.subscribes("acme/*")
    await keeper.looks()
    keeper.quay.errors["all acme/tool"] = TryLater("Quay is away.", after=45)
    with pytest.raises(TryLater):
        await keeper.looks()
    assert (await keeper.now()).state is State.ACTIVE
