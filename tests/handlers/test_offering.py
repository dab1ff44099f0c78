"""The button under a preview: what it shows is what it does, once, in time, and only for whoever asked."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.errors import Lacking, NotLinked, TryLater, UserError
from bot.domain.people import Account
from bot.ports import Quay
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from handlers.acts import ACTS, restore
from handlers.command import Reply
from tests.handlers.conftest import ALICE, BOB, START, Office
from tests.handlers.council import Council, approve, deny
from tests.handlers.double_tagging import A, B, C, TagQuay, offer_of, shelf, tag_office, tag_quay

NO = Decision(Effect.DENY, "freeze", reason="Nothing moves on Mondays.")


@pytest.fixture
def office() -> Office:
    return tag_office()


@pytest.fixture
def quay(office: Office) -> TagQuay:
    return shelf(office)


@pytest.fixture
def council() -> Council:
    council = Council(1, tag_quay())
    council.rulings.decision = NOBODY_ASKED
    return council


async def shown(office: Office) -> str:
    """The name of what was offered."""
    assert await office.says("restore acme/web:latest") is not None
    return offer_of(office)


def text(office: Office, reply: Reply | None) -> str:
    return "\n".join(office.reads(reply))


def changes(quay: TagQuay) -> int:
    return sum(call[1] in {"restore", "delete", "move"} for call in quay.calls)


def outcomes(office: Office) -> list[str]:
    return [str(line.deed.outcome) for line in office.audit.lines]


async def test_nothing_is_done_before_the_press_and_the_audit_says_so(office: Office, quay: TagQuay):
    await shown(office)
    assert changes(quay) == 0
    assert outcomes(office) == ["tried", "shown"]


async def test_the_press_takes_the_place_of_the_preview_and_keeps_its_reference(office: Office):
    reply = await office.presses("confirm", await shown(office))
    assert reply is not None
    assert reply.replace
    assert "[Restore]" not in text(office, reply)
    assert len({line.deed.reference for line in office.audit.lines}) == 1


async def test_somebody_else_cannot_say_yes_or_no(office: Office, quay: TagQuay):
    office.links_bob()
    name = await shown(office)
    for action in ("confirm", "confirm_no"):
        assert "Only whoever asked" in text(office, await office.presses(action, name, BOB))
    assert changes(quay) == 0
    await office.presses("confirm", name)
    assert changes(quay) == 1


async def test_two_presses_at_once_do_it_once(office: Office, quay: TagQuay):
    name = await shown(office)
    replies = await asyncio.gather(*(office.presses("confirm", name) for _ in range(5)))
    assert changes(quay) == 1
    assert sum("was pressed already" in text(office, reply) for reply in replies) == 4
    assert [reply.replace for reply in replies if reply and "already" in reply.message.text] == [False] * 4


async def test_after_its_time_the_preview_is_dead_and_looks_it(office: Office, quay: TagQuay):
    name = await shown(office)
    office.clock.time += timedelta(minutes=10)
    reply = await office.presses("confirm", name)
    assert text(office, reply) == "This was possible for 10 minutes. Please ask anew."
    assert reply is not None
    assert reply.replace
    assert changes(quay) == 0


async def test_cancelled_is_cancelled(office: Office, quay: TagQuay):
    name = await shown(office)
    reply = await office.presses("confirm_no", name)
    assert reply is not None
    assert reply.replace
    assert "was pressed already" in text(office, await office.presses("confirm", name))
    assert changes(quay) == 0


async def test_what_was_done_cannot_be_cancelled_any_more(office: Office):
    name = await shown(office)
    await office.presses("confirm", name)
    assert "was pressed already" in text(office, await office.presses("confirm_no", name))


async def test_a_late_preview_can_still_be_cleared_away(office: Office):
    name = await shown(office)
    office.clock.time += timedelta(hours=1)
    assert "Nothing was done" in text(office, await office.presses("confirm_no", name))


@pytest.mark.parametrize("forged", ["", "nothing", "x" * 2000])
async def test_a_forged_name_is_nothing(office: Office, forged: str):
    assert "was pressed already, or it is too old" in text(office, await office.presses("confirm", forged))


async def test_the_name_of_a_way_back_is_no_yes_and_the_other_way_round(office: Office, quay: TagQuay):
    name = await shown(office)
    assert "was pressed already" in text(office, await office.presses("undo", name))
    await office.presses("confirm", name)
    assert "was pressed already" in text(office, await office.presses("confirm", offer_of(office, "undo")))
    assert quay.digest("latest") == A


async def test_if_the_tag_has_moved_the_preview_dies(office: Office, quay: TagQuay):
    name = await shown(office)
    quay.points("latest", C, START)
    reply = await office.presses("confirm", name)
    assert reply is not None
    assert reply.replace
    assert "has moved" in reply.message.text
    quay.points("latest", B, START)  # even if it comes back: that is for a new look
    assert "was pressed already" in text(office, await office.presses("confirm", name))
    assert changes(quay) == 0


async def test_a_policy_that_says_no_meanwhile_is_obeyed(council: Council):
    name = await shown(council)
    council.rulings.decision = NO
    reply = await council.presses("confirm", name)
    assert reply is not None
    assert reply.replace
    assert "freeze" in reply.message.text
    assert changes(shelf(council)) == 0


async def test_a_policy_that_does_not_know_leaves_the_button_alive(council: Council):
    name = await shown(council)
    council.rulings.decision = replace(NO, unsure="Slack does not answer")
    reply = await council.presses("confirm", name)
    assert reply is not None
    assert not reply.replace
    council.rulings.decision = NOBODY_ASKED
    assert "Done" in text(council, await council.presses("confirm", name))


async def test_an_account_that_is_unlinked_meanwhile_does_nothing_until_it_is_linked_again(
    office: Office, quay: TagQuay
):
    name = await shown(office)
    account = office.accounts.kept.pop(ALICE)
    reply = await office.presses("confirm", name)
    assert "[Link my Quay account]" in text(office, reply)
    assert changes(quay) == 0
    office.accounts.kept[ALICE] = account
    await office.presses("confirm", name)
    assert changes(quay) == 1


async def test_another_quay_account_acts_and_answers_for_itself(office: Office, quay: TagQuay):
    name = await shown(office)
    office.accounts.kept[ALICE] = Account(ALICE, "bob", START, "token-bob")
    await office.presses("confirm", name)
    assert [call[0] for call in quay.calls if call[1] == "restore"] == ["token-bob"]
    assert office.audit.lines[-1].deed.username == "bob"


async def test_quay_away_before_anything_was_done_leaves_the_button_alive(office: Office, quay: TagQuay):
    name = await shown(office)
    quay.errors["history"] = TryLater("Quay does not answer.")
    reply = await office.presses("confirm", name)
    assert reply is not None
    assert not reply.replace
    del quay.errors["history"]
    assert "Done" in text(office, await office.presses("confirm", name))


@pytest.mark.parametrize(
    "error",
    [UserError("Quay refused."), TryLater("Nobody knows.", doubtful=True), TryLater("Quay is away.")],
)
async def test_after_a_failure_the_preview_is_dead_and_says_why(office: Office, quay: TagQuay, error: Exception):
    name = await shown(office)
    quay.errors["restore"] = error
    reply = await office.presses("confirm", name)
    assert reply is not None
    assert reply.replace
    words = text(office, reply)
    assert str(error) in words
    assert "Reference " in words
    assert "[" not in words
    del quay.errors["restore"]
    await office.presses("confirm", name)
    assert changes(quay) == 1  # the one that failed


@pytest.mark.parametrize(
    "error",
    [NotLinked("Your token is dead."), Lacking("You need write.", repository="acme/web", needs="write", does="x")],
)
async def test_what_linking_anew_can_mend_leaves_the_button_alive(office: Office, quay: TagQuay, error: Exception):
    name = await shown(office)
    quay.errors["restore"] = error
    reply = await office.presses("confirm", name)
    assert reply is not None
    assert not reply.replace
    del quay.errors["restore"]
    assert "Done" in text(office, await office.presses("confirm", name))


async def test_an_unexpected_error_is_not_tried_again(office: Office, quay: TagQuay):
    name = await shown(office)
    quay.errors["restore"] = RuntimeError("a bug")
    assert "Something went wrong on my side" in text(office, await office.presses("confirm", name))
    del quay.errors["restore"]
    assert "was pressed already" in text(office, await office.presses("confirm", name))


async def test_where_others_have_to_agree_the_press_asks_them_and_nothing_is_said_before(council: Council):
    council.needs(1)
    name = await shown(council)
    reply = await council.presses("confirm", name)
    assert reply is not None
    assert "This takes 1 approval." in reply.message.text
    assert council.notices.said == {}
    assert changes(shelf(council)) == 0
    await approve(council, council.bob)
    assert shelf(council).digest("latest") == A
    assert ["<@U-ALICE> restored" in one.payload["text"] for one in council.notices.said.values()] == [True]


async def test_the_preview_says_that_others_have_to_agree(council: Council):
    council.needs(1)
    drawn = [str(block) for block in (await council.says("restore acme/web:latest")).message.blocks]
    assert any("It takes 1 approval then. Who can approve: " in block for block in drawn)


async def test_what_others_reject_never_happens(council: Council):
    council.needs(1)
    await council.presses("confirm", await shown(council))
    await deny(council, council.bob)
    assert changes(shelf(council)) == 0
    assert council.notices.said == {}


async def test_a_kind_that_is_not_known_any_more_is_refused(office: Office):
    name = await shown(office)
    offer = office.offers.kept[name]
    office.offers.kept[name] = replace(offer, act=replace(offer.act, name="tag polish"))
    assert "I do not know any more how to do “tag polish”" in text(office, await office.presses("confirm", name))


async def test_what_others_agree_to_is_bound_to_the_state_that_was_shown(council: Council, monkeypatch):
    name = await shown(council)
    council.needs(1)
    looks = 0

    async def between(act: Act, quay: Quay) -> str:
        nonlocal looks
        looks += 1
        found = await restore.KIND.pin(act, quay)
        if looks == 1:  # somebody moves it right after the press has compared the state
            shelf(council).points("latest", C, START)
        return found

    monkeypatch.setitem(ACTS, "restore", replace(restore.KIND, pin=between))
    await council.presses("confirm", name)
    assert council.request.pin.startswith(f"latest={B}")
    await approve(council, council.bob)
    assert shelf(council).digest("latest") == C
    assert changes(shelf(council)) == 0


async def test_what_breaks_unexpectedly_takes_the_place_of_the_preview(office: Office, quay: TagQuay):
    quay.errors["restore"] = RuntimeError("boom")
    reply = await office.presses("confirm", await shown(office))
    assert reply is not None
    assert reply.replace
    assert "It may have happened: look before you try again." in text(office, reply)
    assert office.audit.lines[-1].deed.reference in text(office, reply)
    assert "[Restore]" not in text(office, reply)
