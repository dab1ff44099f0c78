"""A rule that denies subscribing counts whenever it was written, and what it hides stays hidden from the channel."""

from dataclasses import replace

import pytest

from bot.adapters.store import SqlStore
from bot.domain.people import Account
from bot.domain.subscriptions import State
from bot.rules.policy import Decision, Effect
from tests.plugins.wishes import becomes
from tests.services.upkeep.keeper import BOB, Keeper

NO = Decision(Effect.DENY, "merger", reason="Nobody here may know of it.")
UNSURE = Decision(Effect.DENY, "merger", unsure="who is in the group S1")
ASK = Decision(Effect.APPROVE, "prod", needed=2, approvers=("*",))


@pytest.fixture
def keeper(store: SqlStore) -> Keeper:
    return Keeper(store)


def in_channel(keeper: Keeper) -> str:
    return str([said.payload for said in keeper.notices.said.values() if said.channel == "C1"])


async def test_a_file_does_not_set_up_what_the_policy_denies(keeper: Keeper):
    keeper.rulings.by_target["acme/web"] = NO
    await keeper.subscribes(source="file")
    done, found = await keeper.looks(), await keeper.now()
    assert (done.made, keeper.quay.changes(), await keeper.parts()) == (0, [], ())
    assert found.reason == "The policy does not let alice subscribe to acme/web here."


async def test_a_file_does_not_set_up_what_takes_approvals(keeper: Keeper):
    keeper.rulings.decision = ASK
    await keeper.subscribes(source="file")
    done, found = await keeper.looks(), await keeper.now()
    assert (done.made, found.state) == (0, State.ACTIVE)
    assert "needs approvals by the policy" in found.reason
    assert "subscribe to it from chat" in found.reason


async def test_what_was_approved_in_chat_is_set_up_and_looked_after(keeper: Keeper):
    keeper.rulings.decision = ASK
    await keeper.subscribes()
    assert (await keeper.looks()).made == 1
    assert (await keeper.now()).reason == ""


async def test_a_rule_that_comes_later_counts_and_so_does_its_end(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    keeper.rulings.decision = NO
    keeper.clock.pass_by(180)
    await keeper.looks()
    found = await keeper.now()
    assert (found.state, found.reason) == (
        State.ORPHANED,
        "The policy does not let alice subscribe to acme/web here.",
    )
    assert "merger" not in in_channel(keeper)
    assert "merger" in str(keeper.notices.said["left:S1:0"].payload)
    calls = len(keeper.quay.calls)
    keeper.clock.pass_by(7200)
    await keeper.beating.run()
    await keeper.looks()
    assert keeper.quay.calls[calls:] == []  # nobody's account is used for it any more
    keeper.rulings.decision = Decision(Effect.ALLOW)
    keeper.clock.pass_by(600)
    await keeper.looks()
    assert ((await keeper.now()).state, len(await keeper.parts())) == (State.ACTIVE, 1)


async def test_the_policy_is_asked_once_in_a_few_minutes_about_everything_that_is_covered(keeper: Keeper):
    keeper.quay.names = [f"acme/app-{number}" for number in range(8)]
    await keeper.subscribes("acme/*")
    await keeper.looks()
    (asked,) = [act for act in keeper.rulings.asked if act.name == "subscribe"]
    assert set(asked.targets) == set(keeper.quay.names)
    keeper.clock.pass_by(60)
    await keeper.looks()
    assert len([act for act in keeper.rulings.asked if act.name == "subscribe"]) == 1
    keeper.clock.pass_by(180)
    await keeper.looks()
    assert len([act for act in keeper.rulings.asked if act.name == "subscribe"]) == 2


async def test_of_many_only_those_that_a_rule_is_about_are_kept_apart(keeper: Keeper):
    keeper.quay.names = [f"acme/app-{number}" for number in range(8)]
    await keeper.subscribes("acme/*")
    await keeper.looks()
    keeper.rulings.by_target |= {"acme/app-2": NO, "acme/app-7": NO}
    keeper.clock.pass_by(180)
    calls = len(keeper.quay.calls)
    await keeper.looks()
    found = await keeper.now()
    assert (found.state, found.reason) == (State.ACTIVE, "2 repositories are left out.")
    assert not {call for call in keeper.quay.calls[calls:] if call[0] in ("create", "reset")}
    assert "app-2" not in in_channel(keeper)
    assert {part.target for part in await keeper.parts()} & {"acme/app-2", "acme/app-7"} == set()
    assert len(await keeper.parts()) == 6  # the others go on


async def test_a_pattern_of_which_everything_is_denied_is_an_orphan_and_names_nothing(keeper: Keeper):
    keeper.quay.names = ["acme/api", "acme/db"]
    await keeper.subscribes("acme/*")
    await keeper.looks()
    keeper.rulings.decision = NO
    keeper.clock.pass_by(180)
    await keeper.looks()
    found = await keeper.now()
    assert (found.state, found.reason) == (State.ORPHANED, "2 repositories are left out.")
    assert not any(word in in_channel(keeper) for word in ("acme/api", "acme/db", "merger"))


async def test_what_nobody_can_find_out_changes_nothing(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    keeper.rulings.decision = UNSURE
    keeper.clock.pass_by(180)
    await keeper.looks()
    assert (await keeper.now()).state is State.ACTIVE


async def test_somebody_else_is_asked_about_at_once(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    keeper.clock.pass_by(1)
    asked = len(keeper.rulings.asked)
    await keeper.looks()
    assert len(keeper.rulings.asked) == asked
    keeper.accounts.kept[BOB] = Account(BOB, "bob", keeper.clock.now(), "token-bob")
    await becomes(keeper.store, replace(await keeper.now(), person=BOB, username="bob"), keeper.clock.now())
    await keeper.looks()
    assert len(keeper.rulings.asked) == asked + 1
