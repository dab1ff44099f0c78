"""How a request ends: run, refused by Quay, crashed, expired, denied, withdrawn, and what everybody reads then."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.acts import Stage
from bot.domain.errors import Lacking, UserError
from handlers.jobs.expire_approvals import JOB
from handlers.leaving import forget
from tests.handlers.council import Council, approve, deny


@pytest.fixture
def council() -> Council:
    return Council()


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
    assert council.outcomes()[-2:] == ["U-ALICE: asked", "U-ALICE: expired"]
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
