"""Asking for approvals, and giving them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.acts import Stage
from bot.domain.errors import Lacking, NotLinked, TryLater, UserError
from bot.domain.people import Person
from bot.rules.policy import Decision, Effect
from handlers.jobs.expire_approvals import JOB
from handlers.leaving import forget
from tests.handlers.council import NEW, URL, Council, drawn


@pytest.fixture
def council() -> Council:
    return Council()


async def approve(council: Council, person: Person) -> str:
    reply = await council.presses("approval_approve", council.request.name, person)
    return reply.message.text


async def deny(council: Council, person: Person) -> str:
    return (await council.denies(council.request.name, person)).message.text


async def test_nothing_runs_before_it_is_approved_and_then_it_runs_with_the_token_of_whoever_asked(council):
    name = await council.asks()
    assert (council.ran, council.request.stage, council.request.pin) == (0, "open", f"v1=sha256:{'a' * 64}")
    assert (
        await approve(council, council.bob) == f"Thank you, your approval of `{name}` counts. 1 more approval needed."
    )
    assert council.ran == 0
    said = await approve(council, council.carol)
    assert said == f"Thank you. Request `{name}` was approved and has run. Build dbf23442 is queued."
    assert council.ran == 1
    assert [call[0] for call in council.quay.calls if call[1] == "request_build"] == ["token-alice"]
    assert council.watches.due[council.build_id][0].person == council.alice
    [(who, letter)] = council.voice.letters
    assert who == "U-ALICE"
    assert letter["text"] == f"Your request `{name}` (`build` `acme/web:v1`) was approved and has run."


async def test_whoever_asks_reads_who_can_approve_and_everybody_where_the_card_is(council):
    council.rulings.decision = replace(council.rulings.decision, place="C7", approvers=("user:U0BOB", "quay:root"))
    reply = await council.says(f"build acme/web:v1 --archive-url {URL}")
    lines = [drawn(block) for block in reply.message.blocks]
    assert lines[1:3] == ["Who can approve: @U0BOB or the Quay account root.", "Its card is in #C7."]
    await approve(council, council.bob)
    await approve(council, council.carol)
    [(_, letter)] = council.voice.letters
    told = [drawn(block) for block in letter["blocks"]]
    assert "Its card is in #C1." in told
    assert not any("this channel" in line for line in told)


async def test_somebody_who_is_no_approver_reads_who_is(council):
    await council.asks()
    council.rulings.members.discard("U-BOB")
    reply = await council.presses("approval_approve", council.request.name, council.bob)
    assert drawn(reply.message.blocks[1]) == "Ask @S1."


async def test_every_step_is_in_the_audit_under_one_reference_and_the_name(council):
    name = await council.asks()
    await approve(council, council.bob)
    await approve(council, council.carol)
    assert council.outcomes() == [
        "U-ALICE: tried",
        "U-ALICE: asked",
        "U-BOB: approved",
        "U-CAROL: approved",
        "U-ALICE: tried",
        "U-ALICE: done",
    ]
    assert {line.deed.reference for line in council.audit.lines} == {council.request.reference}
    assert [line.deed.approval for line in council.audit.lines] == ["", name, name, name, name, name]
    assert council.audit.lines[-1].deed.detail == "Build dbf23442 is queued."
    assert "s3cret" not in repr(council.audit.lines)


async def test_nobody_approves_their_own_request_not_even_through_another_slack_user(council):
    await council.asks()
    assert "somebody else has to approve it" in await approve(council, council.alice)
    assert "somebody else has to approve it" in await approve(council, Person("T2", "U-ALICE"))
    council.links(council.bob, "alice")
    assert "this is the Quay account of whoever asked" in await approve(council, council.bob)
    assert (council.request.votes, council.ran) == ((), 0)
    assert council.outcomes().count("U-BOB: refused") == 1
    assert council.audit.lines[-1].deed.username == "alice"


async def test_one_quay_account_behind_two_slack_users_counts_once(council):
    await council.asks()
    council.links(council.carol, "bob")
    await approve(council, council.bob)
    assert "has agreed already" in await approve(council, council.carol)
    assert (council.request.stage, council.ran) == (Stage.OPEN, 0)


async def test_the_same_person_counts_once(council):
    await council.asks()
    said = [await approve(council, council.bob) for _ in range(3)]
    assert said[1:] == [f"You have approved {council.request.name} already. 1 more approval needed."] * 2
    assert (len(council.request.votes), council.ran) == (1, 0)
    assert council.outcomes().count("U-BOB: approved") == 1
    assert len([line for line in council.outcomes() if line.startswith("U-BOB")]) == 1


async def test_somebody_who_is_no_approver_or_of_whom_nobody_knows_does_not_count(council):
    await council.asks()
    council.rulings.members.discard("U-BOB")
    council.rulings.unknown.add("U-CAROL")
    assert await approve(council, council.bob) == (
        f"You are not an approver of {council.request.name}, so your approval does not count."
    )
    deed = council.audit.lines[-1].deed
    assert (deed.username, deed.outcome, deed.detail) == ("bob", "refused", "vote refused: not an approver")
    assert "I cannot find out now who its approvers are" in await approve(council, council.carol)
    assert council.request.votes == ()


async def test_a_voter_without_an_account_is_asked_to_link_one(council):
    await council.asks()
    del council.accounts.kept[council.bob]
    reply = await council.presses("approval_approve", council.request.name, council.bob)
    assert "link_start" in [e.get("action_id") for block in reply.message.blocks for e in block.get("elements", ())]
    assert council.outcomes()[-1] == "U-BOB: unlinked"


async def test_two_last_votes_at_once_run_it_once(council):
    await council.asks()
    await asyncio.gather(*(approve(council, person) for person in (council.bob, council.carol, council.dave)))
    assert (council.ran, council.request.stage) == (1, Stage.DONE)


async def test_a_tag_that_moves_voids_the_votes(council):
    await council.asks()
    await approve(council, council.bob)
    council.quay.digests["acme/web:v1"] = NEW
    said = await approve(council, council.carol)
    assert said.endswith(
        f"is void. `v1` has moved (sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb): the approvals of "
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


async def test_a_refusal_of_quay_is_said_on_the_card_and_to_whoever_asked(council):
    await council.asks()
    await approve(council, council.bob)
    council.quay.errors["request_build"] = UserError("You need the role write on acme/web.")
    said = await approve(council, council.carol)
    assert said.endswith("was not done. Quay refused it for the account alice.")
    assert council.request.stage is Stage.FAILED
    assert "*Why:* Quay refused it for the account alice." in council.card
    assert "You need the role write" in repr(council.voice.letters[0][1]["blocks"])


async def test_what_quay_lets_whoever_asked_do_is_told_to_them_alone(council):
    await council.asks()
    await approve(council, council.bob)
    own = "You (alice) can read acme/web but need write there to start builds."
    council.quay.errors["request_build"] = Lacking(own, repository="acme/web", needs="write", does="start builds")
    said = await approve(council, council.carol)
    assert said.endswith("was not done. Quay did not let alice start builds in acme/web.")
    assert "*Why:* Quay did not let alice start builds in acme/web." in council.card
    assert "can read" not in repr(council.card)
    [(who, letter)] = council.voice.letters
    assert who == "U-ALICE"
    assert own in repr(letter["blocks"])


async def test_what_is_wrong_with_the_thing_itself_everybody_reads(council):
    await council.asks()
    await approve(council, council.bob)
    council.quay.errors["request_build"] = UserError("acme/web is read-only.")
    assert (await approve(council, council.carol)).endswith("for the account alice: acme/web is read-only.")


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


async def test_what_nobody_expected_is_told_with_the_reference_of_the_audit(council):
    await council.asks()
    await approve(council, council.bob)
    council.quay.errors["request_build"] = ZeroDivisionError()
    said = await approve(council, council.carol)
    assert council.request.reference in said
    assert council.request.reference in council.request.reason
    assert council.request.stage is Stage.FAILED
    assert council.audit.lines[-1].deed.detail == "unexpected: ZeroDivisionError. It may have happened."


async def test_a_vote_after_the_end_does_nothing(council):
    await council.asks()
    council.clock.time += timedelta(hours=1)
    assert "has expired" in await approve(council, council.bob)
    await JOB.run(council.desk)
    assert "has expired" in await approve(council, council.bob)
    assert (council.ran, council.request.stage) == (0, Stage.EXPIRED)
    assert council.outcomes()[-3:] == ["U-BOB: refused", "U-ALICE: expired", "U-BOB: refused"]
    assert council.voice.letters[0][0] == "U-ALICE"


async def test_a_crash_while_it_ran_is_told_as_such_after_ten_minutes(council):
    await council.asks()
    await approve(council, council.bob)

    async def killed(*_):
        raise asyncio.CancelledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(council.quay.as_token("x")), "request_build", killed)
        with pytest.raises(asyncio.CancelledError):
            await approve(council, council.carol)
    assert (council.request.stage, council.outcomes()[-1]) == (Stage.RUNNING, "U-ALICE: failed")
    assert "runs right now" in await approve(council, council.dave)
    council.clock.time += timedelta(minutes=11)
    await JOB.run(council.desk)
    assert council.request.stage is Stage.FAILED
    assert council.request.reason.startswith("I was stopped while it ran, so it may have happened.")


async def test_whoever_asked_can_take_it_back_and_an_approver_can_end_it(council):
    name = await council.asks()
    assert await deny(council, council.alice) == f"Request `{name}` was withdrawn."
    name = await council.asks()
    assert await deny(council, council.bob) == f"Request `{name}` was denied."
    assert council.request.reason == "Denied with the Quay account bob."
    assert council.voice.letters[0][0] == "U-ALICE"
    assert "was denied" in await deny(council, council.carol)


async def test_the_button_asks_for_a_reason_and_the_card_shows_it(council):
    name = await council.asks()
    await council.denies(name, council.bob, "Not on a Friday.")
    assert "*Why:* Denied with the Quay account bob: Not on a Friday." in council.card
    assert "was denied" in council.reads(await council.denies(name, council.carol))[0]  # no form any more


async def test_whoever_takes_it_back_is_in_the_audit_as_such(council):
    await council.asks()
    await deny(council, council.alice)
    assert council.outcomes()[-1] == "U-ALICE: withdrawn"


async def test_a_stranger_cannot_end_it(council):
    await council.asks()
    council.rulings.members.discard("U-DAVE")
    assert "can deny" in await deny(council, council.dave)
    assert council.request.stage is Stage.OPEN


async def test_commands_do_what_the_buttons_do(council):
    name = await council.asks()
    assert council.reads(await council.says("approve", council.bob))[0] == "1 request waits for approval."
    await council.says(f"approve {name.lower()}", council.bob)
    assert len(council.request.votes) == 1
    await council.says(f"deny {name} not on a Friday &lt;!channel&gt;", council.carol)
    assert council.request.reason == "Denied with the Quay account carol: not on a Friday <!channel>"
    assert "*Why:* Denied with the Quay account carol: not on a Friday &lt;!channel&gt;" in council.card
    assert council.reads(await council.says("approve", council.bob))[0].startswith("Nothing waits")


async def test_an_unknown_name_gets_a_helpful_sentence(council):
    [said] = council.reads(await council.says("approve ZZZZZ", council.bob))
    assert said.startswith("I know no request “ZZZZZ”. Its name stands on its card and looks like K7PX4. ")
    assert "Which request?" in council.reads(await council.says("deny", council.bob))[0]


async def test_without_an_audit_no_vote_counts_and_nothing_runs(council):
    await council.asks()
    await approve(council, council.bob)
    council.audit.error = TryLater("The database is away.")
    assert await approve(council, council.carol) == "The database is away."
    assert (len(council.request.votes), council.ran) == (1, 0)


async def test_tags_under_different_rules_are_asked_for_one_by_one(council):
    for tag, rule in {"v1": "prod", "v2": "other"}.items():
        council.rulings.by_target[f"acme/web:{tag}"] = Decision(Effect.APPROVE, rule, approvers=(rule,), needed=1)
    said = council.reads(await council.says("build acme/web:v1 --tag v2 --archive-url https://files.example/a.tgz"))[0]
    assert "Ask for one tag after the other." in said
    assert (council.approvals.requests, council.ran) == ({}, 0)


async def test_a_vote_of_somebody_who_has_another_account_now_does_not_count(council):
    await council.asks()
    await approve(council, council.bob)
    council.links(council.bob, "dave")
    await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.OPEN)
    assert "Your earlier approval" in await approve(council, council.bob)


async def test_whoever_unlinks_or_leaves_takes_back_what_waits_and_the_cards_say_so(council):
    await council.asks()
    await council.says("unlink")
    assert (council.request.stage, council.request.reason) == (
        Stage.WITHDRAWN,
        "Whoever asked for it has unlinked their Quay account.",
    )
    assert "has unlinked their Quay account" in " ".join(council.card)

    council.links(council.alice, "alice")
    await council.asks()
    await forget([council.alice], council.desk)
    assert (council.request.stage, council.request.reason) == (Stage.WITHDRAWN, "Whoever asked for it has left.")
