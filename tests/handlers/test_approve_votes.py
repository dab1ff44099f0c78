"""Asking for approvals, and giving them: whose vote counts, and how often."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.acts import Stage
from bot.domain.errors import TryLater
from bot.domain.people import Person
from bot.rules.policy import Decision, Effect
from tests.handlers.council import URL, Council, approve, drawn


@pytest.fixture
def council() -> Council:
    return Council()


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
    assert "Ask for one after the other." in said
    assert (council.approvals.requests, council.ran) == ({}, 0)


async def test_a_vote_of_somebody_who_has_another_account_now_does_not_count(council):
    await council.asks()
    await approve(council, council.bob)
    council.links(council.bob, "dave")
    await approve(council, council.carol)
    assert (council.ran, council.request.stage) == (0, Stage.OPEN)
    assert "Your earlier approval" in await approve(council, council.bob)
