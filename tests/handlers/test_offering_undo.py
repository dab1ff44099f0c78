"""The button "Undo": who may press it, when, and what its announcement says afterwards."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Forbidden, GiveUp, Lacking, NeedsScope, TryLater, UserError
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from handlers.command import Reply
from tests.handlers.conftest import ALICE
from tests.handlers.council import Council, approve, deny
from tests.handlers.double_tagging import A, B, C, offer_of, shelf, tag_quay

STRANGER = "Only whoever did this, or somebody who may approve such things"


@pytest.fixture
async def council() -> Council:
    """Alice has restored `latest` from B to A."""
    council = Council(1, tag_quay())
    council.rulings.decision = NOBODY_ASKED
    await council.says("restore acme/web:latest")
    await council.presses("confirm", offer_of(council))
    assert shelf(council).digest("latest") == A
    return council


def said(council: Council, number: int = 0) -> list[str]:
    """What an announcement shows now."""
    return council.words(list(council.notices.said.values())[number].payload["blocks"])


def words(reply: Reply | None) -> str:
    assert reply is not None
    return reply.message.text


async def test_whoever_did_it_undoes_it_and_the_announcement_says_so(council: Council):
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B
    assert said(council)[-1].startswith("Undone by <@U-ALICE> (")
    assert "[Undo]" not in said(council)


async def test_an_approver_undoes_it_with_an_account_of_their_own(council: Council):
    await council.presses("undo", offer_of(council, "undo"), council.bob)
    assert shelf(council).digest("latest") == B
    assert [call[0] for call in council.quay.calls if call[1] == "restore"] == ["token-alice", "token-bob"]
    assert said(council)[-1].startswith("Undone by <@U-BOB> (")
    assert council.audit.lines[-1].deed.person == council.bob


async def test_an_undo_is_told_as_one_and_names_whose_act_it_was(council: Council):
    reply = await council.presses("undo", offer_of(council, "undo"), council.bob)
    verified = "*Verified:* I read it back from Quay."
    again = "undid the restore of `acme/web:latest`%s: it points at `sha256:bbbbbbbbbbbb` again."
    assert said(council, 1)[0] == f"↩ <@U-BOB> {again % ' by <@U-ALICE>'} {verified}"
    assert words(reply) == f"↩ Done: you {again % ''} {verified}"
    await council.presses("undo", offer_of(council, "undo"), council.bob)
    assert said(council, 2)[0].startswith("↩ <@U-BOB> undid the undo of `acme/web:latest`: it points at `sha256:aaa")
    assert said(council, 1)[-1].startswith("Undone by <@U-BOB> (")


async def test_an_undo_that_others_agreed_to_is_told_as_one(council: Council):
    council.needs(1)
    await council.presses("undo", offer_of(council, "undo"))
    council.rulings.decision = NOBODY_ASKED
    await approve(council, council.bob)
    assert shelf(council).digest("latest") == B
    told = ["".join(council.words(message.payload["blocks"])) for message in council.notices.said.values()]
    assert any("undid the restore of `acme/web:latest`" in text for text in told)


async def test_an_undo_whose_act_cannot_be_looked_up_is_told_in_other_words(council: Council, monkeypatch):
    async def broken(_reference: str) -> None:
        raise TryLater("The database is away.")

    monkeypatch.setattr(council.audit, "first", broken)
    await council.presses("undo", offer_of(council, "undo"))
    assert "<@U-ALICE> restored `acme/web:latest`" in said(council, 1)[0]


async def test_a_stranger_does_not_and_the_button_stays(council: Council):
    council.rulings.members = set()
    assert STRANGER in words(await council.presses("undo", offer_of(council, "undo"), council.bob))
    assert "[Undo]" in said(council)
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B


async def test_somebody_of_whom_nothing_can_be_found_out_is_a_stranger(council: Council):
    council.rulings.members, council.rulings.unknown = set(), {"U-BOB"}
    assert STRANGER in words(await council.presses("undo", offer_of(council, "undo"), council.bob))


async def test_an_approver_without_an_account_has_to_link_one(council: Council):
    del council.accounts.kept[council.bob]
    reply = await council.presses("undo", offer_of(council, "undo"), council.bob)
    assert "[Link my Quay account]" in "".join(council.reads(reply))
    assert "[Undo]" in said(council)


async def test_it_is_undone_once_however_many_press(council: Council):
    name = offer_of(council, "undo")
    people = (ALICE, council.bob, council.carol, council.dave)
    replies = await asyncio.gather(*(council.presses("undo", name, person) for person in people))
    assert sum(call[1] == "restore" for call in council.quay.calls) == 2
    assert sum("was pressed already" in words(reply) for reply in replies) == 3
    assert said(council)[-1].startswith("Undone by")


async def test_after_an_hour_it_is_too_late_and_the_button_goes(council: Council):
    council.clock.time += timedelta(minutes=60)
    assert "could be undone for 60 minutes" in words(await council.presses("undo", offer_of(council, "undo")))
    assert shelf(council).digest("latest") == A
    assert said(council)[-1].startswith("It could be undone for 60 minutes (")


async def test_a_tag_that_has_moved_is_left_alone_and_the_button_goes(council: Council):
    shelf(council).points("latest", C, council.clock.time)
    assert "So I left it as it is." in words(await council.presses("undo", offer_of(council, "undo")))
    assert shelf(council).digest("latest") == C
    assert said(council)[-1].startswith("Not undone: `latest` has moved")


async def test_a_policy_that_says_no_to_one_leaves_it_to_others(council: Council):
    council.rulings.decision = Decision(Effect.DENY, "freeze")
    assert "freeze" in words(await council.presses("undo", offer_of(council, "undo"), council.bob))
    assert "[Undo]" in said(council)
    council.rulings.decision = NOBODY_ASKED
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B


async def test_who_lacks_the_role_leaves_it_to_others(council: Council):
    council.quay.errors["restore"] = Lacking("You need write.", repository="acme/web", needs="write", does="x")
    assert "You need write." in words(await council.presses("undo", offer_of(council, "undo"), council.bob))
    del council.quay.errors["restore"]
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B


async def test_quay_away_leaves_the_button(council: Council):
    council.quay.errors["history"] = TryLater("Quay does not answer.")
    await council.presses("undo", offer_of(council, "undo"))
    assert "[Undo]" in said(council)
    del council.quay.errors["history"]
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B


@pytest.mark.parametrize("error", [UserError("It is gone."), TryLater("Not now."), GiveUp("Odd.")])
async def test_a_failure_takes_the_button_away_and_keeps_its_reason_private(council: Council, error: Exception):
    council.quay.errors["restore"] = error
    assert str(error) in words(await council.presses("undo", offer_of(council, "undo")))
    assert "[Undo]" not in said(council)
    assert str(error) not in "".join(said(council))
    assert "It was tried to undo this, and that failed." in said(council)[-1]


async def test_an_undoing_of_which_nobody_knows_is_not_called_failed(council: Council):
    council.quay.errors["restore"] = TryLater("Nobody knows.", doubtful=True)
    assert "Nobody knows." in words(await council.presses("undo", offer_of(council, "undo")))
    assert "[Undo]" not in said(council)
    assert "It may have happened: look before you try again" in said(council)[-1]
    assert "failed" not in said(council)[-1]


async def test_an_undoing_that_breaks_takes_the_button_away_and_leaves_a_reference(council: Council):
    council.quay.errors["restore"] = RuntimeError("boom")
    assert "Something went wrong on my side." in words(await council.presses("undo", offer_of(council, "undo")))
    assert "[Undo]" not in said(council)
    assert "It may have happened: look before you try again" in said(council)[-1]
    assert council.audit.lines[-1].deed.reference in said(council)[-1]


async def test_undoing_may_take_approval_too(council: Council):
    council.needs(1)
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == A
    assert said(council)[-1].startswith("Undoing it waits for approval. Asked for by <@U-ALICE> (")
    await approve(council, council.bob)
    assert shelf(council).digest("latest") == B


async def test_an_undoing_that_is_rejected_does_not_happen(council: Council):
    council.needs(1)
    await council.presses("undo", offer_of(council, "undo"))
    await deny(council, council.bob)
    assert shelf(council).digest("latest") == A


async def test_a_message_that_is_gone_changes_nothing_about_the_undoing(council: Council):
    council.notices.error = GiveUp("The message is gone.")
    await council.presses("undo", offer_of(council, "undo"))
    assert shelf(council).digest("latest") == B


async def test_an_outbox_that_breaks_changes_nothing_either(council: Council):
    council.notices.error = RuntimeError("the disk is full")
    assert "Done" in words(await council.presses("undo", offer_of(council, "undo")))
    assert shelf(council).digest("latest") == B


@pytest.mark.parametrize("error", [Forbidden("Only superusers."), NeedsScope("That too.", scopes=frozenset({"x"}))])
async def test_an_approver_without_rights_leaves_the_button_to_others(council: Council, error: UserError):
    name = offer_of(council, "undo")
    council.quay.errors["restore"] = error
    assert words(await council.presses("undo", name, council.bob)).startswith(error.say)
    assert "[Undo]" in said(council)
    del council.quay.errors["restore"]
    await council.presses("undo", name)
    assert shelf(council).digest("latest") == B
    assert said(council)[-1].startswith("Undone by <@U-ALICE> (")


async def test_whoever_may_not_do_what_was_shown_has_used_the_yes_up(council: Council):
    await council.says("restore acme/web:latest")
    name = offer_of(council)
    council.quay.errors["restore"] = Forbidden("Only superusers.")
    assert words(await council.presses("confirm", name)) == "Only superusers."
    assert "was pressed already" in words(await council.presses("confirm", name))
