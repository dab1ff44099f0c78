"""What is checked again with the last vote: the tag, the approvers, whoever asked, and the policy."""

import pytest

from bot.domain.acts import Stage
from bot.domain.errors import NotLinked, TryLater, UserError
from bot.rules.policy import Decision, Effect
from tests.handlers.council import NEW, Council, approve


@pytest.fixture
def council() -> Council:
    return Council()


async def test_a_tag_that_moves_voids_the_votes(council):
    await council.asks()
    await approve(council, council.bob)
    council.quay.digests["acme/web:v1"] = NEW
    said = await approve(council, council.carol)
    assert said.endswith(
        f"is void. `v1` has moved (sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb) since: the approvals of "
        f"{council.request.name} no longer count. Ask again."
    )
    assert (council.ran, council.request.stage, council.outcomes()[-1]) == (0, Stage.VOID, "U-ALICE: void")
    assert council.voice.letters[0][0] == "U-ALICE"


async def test_a_tag_that_moves_between_the_last_vote_and_the_run_stops_it(council, monkeypatch):
    await council.asks()
    await approve(council, council.bob)
    looks = iter(["sha256:" + "a" * 64, NEW])

    async def tag_digest(self, repository, tag):
        return next(looks)

    monkeypatch.setattr(type(council.quay.as_token("x")), "tag_digest", tag_digest)
    await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.VOID)


async def test_an_approver_who_leaves_before_it_runs_does_not_count_and_the_card_says_so(council):
    await council.asks()
    await approve(council, council.bob)
    council.rulings.members.discard("U-BOB")
    assert "Its card says what is still missing." in await approve(council, council.carol)
    assert "U-BOB agreed, but this does not count now: not an approver." in council.card
    assert (council.ran, council.request.stage) == (0, Stage.OPEN)
    await approve(council, council.dave)
    assert (council.ran, council.request.stage) == (1, Stage.DONE)


@pytest.mark.parametrize("gone", ["account", "token", "other"])
async def test_without_the_account_of_whoever_asked_it_ends(council, gone):
    await council.asks()
    await approve(council, council.bob)
    if gone == "account":
        del council.accounts.kept[council.alice]
    elif gone == "other":
        council.links(council.alice, "eve")
    else:
        whoami = type(council.quay.as_token("x")).whoami

        async def dead(self):
            if self.token == "token-alice":
                raise NotLinked("dead")
            return await whoami(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(council.quay.as_token("x")), "whoami", dead)
            await approve(council, council.carol)
    if gone != "token":
        await approve(council, council.carol)
    assert (council.ran, council.request.stage, council.outcomes()[-1]) == (0, Stage.FAILED, "U-ALICE: failed")


async def test_a_requester_who_may_not_look_any_more_ends_it(council):
    await council.asks()
    council.quay.errors["tag_digest"] = UserError("You cannot see acme/web.")
    said = await approve(council, council.bob)
    assert said.endswith("Whoever asked cannot look at it in Quay any more. Quay refused it for the account alice.")
    assert (council.ran, council.request.stage) == (0, Stage.FAILED)


async def test_a_policy_that_says_no_meanwhile_ends_it(council):
    await council.asks()
    await approve(council, council.bob)
    council.rulings.decision = Decision(Effect.DENY, "freeze", "No builds on Fridays")
    await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.FAILED)
    assert council.request.reason == (
        "The policy's rule “freeze” does not allow `build` on acme/web:v1. No builds on Fridays."
    )


async def test_a_policy_that_asks_for_more_meanwhile_goes_on_waiting(council):
    await council.asks()
    await approve(council, council.bob)
    council.needs(3)
    await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.OPEN)
    await approve(council, council.dave)
    assert council.ran == 1


async def test_a_rule_that_is_gone_leaves_what_was_asked_for(council):
    await council.asks()
    council.rulings.decision = Decision(Effect.ALLOW)
    await approve(council, council.bob)
    assert council.ran == 0
    await approve(council, council.carol)
    assert council.ran == 1


async def test_trouble_while_everything_is_checked_again_lets_it_wait_and_any_approver_press_again(
    council, monkeypatch
):
    await council.asks()
    await approve(council, council.bob)
    people = type(council.desk.approving)
    recheck = people.recheck

    async def away(self, request, kind):
        council.accounts.error = TryLater("The database is away.")
        try:
            return await recheck(self, request, kind)
        finally:
            council.accounts.error = None

    with monkeypatch.context() as patch:
        patch.setattr(people, "recheck", away)
        assert "It has not run" in await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.OPEN)
    await approve(council, council.bob)
    assert (council.ran, council.request.stage) == (1, Stage.DONE)


async def test_a_policy_that_is_read_anew_at_the_last_moment_decides_and_the_card_says_what_is_missing(council):
    await council.asks()
    await approve(council, council.bob)
    decide, calls = council.rulings.decide, []

    async def then_three(*a):
        calls.append(a)
        if len(calls) == 3:  # the vote, the check before it runs, and in the gate
            council.needs(3)
        return await decide(*a)

    council.rulings.decide = then_three
    await approve(council, council.carol)
    assert (council.request.stage, council.request.reason, council.ran) == (Stage.OPEN, "", 0)
    assert any(line.startswith("1 more is missing.") for line in council.card)
    await approve(council, council.dave)
    assert council.ran == 1


async def test_a_policy_whose_change_alters_nothing_for_it_does_not_stop_it(council):
    await council.asks()
    await approve(council, council.bob)
    decide, calls = council.rulings.decide, []

    async def then_renamed(*a):
        calls.append(a)
        if len(calls) == 3:
            council.needs(2, rule="renamed")
        return await decide(*a)

    council.rulings.decide = then_renamed
    await approve(council, council.carol)
    assert (council.request.stage, council.ran) == (Stage.DONE, 1)
