"""The code of the linking page, the form for it, and "That was not me": whoever acts, acts for themselves alone."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import NotLinked
from bot.domain.people import Account, Person
from bot.services.linking import Linked
from handlers import dispatch
from handlers.command import Errors, Origin, Submission

GUEST = Person("T9", "U-ALICE")  # of another workspace, with the same user id


def wrong(office, code: str) -> dict[str, str]:
    return dispatch.check("link_code", Submission(office.bob, "V1", {"code": code}))


@pytest.mark.parametrize("code", ["AC3K-7WXY", " ac3k 7wxy ", "ac3k7wxy", "AC3K–7WXY"])
def test_a_possible_code_passes(office, code):
    assert wrong(office, code) == {}


def test_what_cannot_be_a_code_is_told_below_the_field_and_is_no_try(office):
    given = {
        "empty": "",
        "only signs": " - ",
        "too short": "AC3K",
        "a token": "0123456789abcdef0123456789abcdef01234567",
    }
    assert {name: wrong(office, code) for name, code in given.items()} == snapshot(
        {
            "empty": {"code": "Enter the code here."},
            "only signs": {"code": "Enter the code here."},
            "too short": {"code": "The code has eight letters and digits, like XXXX-XXXX."},
            "a token": {"code": "The code has eight letters and digits, like XXXX-XXXX."},
        }
    )
    assert list(dispatch.check("link_code", Submission(office.bob, "V1", {}))) == ["code"]


async def test_the_button_opens_the_form_which_says_as_whom_one_will_act(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "mallory", 5)
    assert await office.presses("link_code", "", office.bob) is None
    modal = office.shown()
    assert office.words(modal.blocks) == snapshot(
        [
            "Enter the code that *your own* browser shows. It links the account that is named beside it.",
            "You will act as *mallory* on quay.example. If that is not you, do not enter the code.",
            "<Code>",
            "Did somebody send you a code? Then do not enter it: you would act in Quay as them.",
        ]
    )
    assert (modal.title, modal.submit, modal.callback) == snapshot(("Enter the code", "Link", "link_code"))
    assert Origin.unpack(modal.private).channel == "C1"


async def test_the_form_says_if_nobody_has_signed_in_yet(office):
    await office.presses("link_code", "", office.bob)
    assert office.words(office.shown().blocks)[1] == snapshot(
        "Nobody has signed in with your linking page yet, so no code is right before that."
    )


def test_the_form_stays_open_until_the_code_was_looked_at():
    assert dispatch.stays("link_code")
    assert not dispatch.stays("link_account")
    assert not dispatch.stays("nothing")


async def test_the_right_code_links_the_account_that_it_names_and_asks_nothing_more(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert office.reads(await office.enters("ac3k-7wxy", office.bob)) == snapshot(
        ["You are *bob* on quay.example now. Try `/quay build acme/web`, or `/quay help` for more."]
    )
    assert office.accounts.kept[office.bob].username == "bob"


async def test_a_wrong_code_is_told_below_the_field_with_the_tries_that_are_left(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert await office.enters("AC3K-7WXZ", office.bob) == snapshot(
        Errors(fields={"code": "This is not the code. You have 4 more tries."})
    )
    assert await office.enters("AC3K-7WXZ", office.bob) == snapshot(
        Errors(fields={"code": "This is not the code. You have 3 more tries."})
    )
    assert office.bob not in office.accounts.kept


async def test_a_code_without_an_attempt_is_told_below_the_field(office):
    assert isinstance(await office.enters("AC3K-7WXY", office.bob), Errors)


async def test_a_token_that_died_meanwhile_is_no_matter_of_the_code(office):
    async def confirm(_person, _code):
        raise NotLinked("Quay does not take the token any more.")

    office.linking.confirm = confirm
    assert office.reads(await office.enters("AC3K-7WXY", office.bob)) == [
        "Quay does not take the token any more.",
        "[Link my Quay account]",
        "Then ask again.",
    ]


@pytest.mark.parametrize("value", ["", "U-BOB", "T1 U-BOB", '{"user": "U-BOB"}'])
async def test_a_click_on_somebody_elses_message_acts_for_the_clicker_alone(office, value):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    for other in (office.alice, GUEST):
        await office.presses("link_cancel", value, other)
        await office.presses("link_code", value, other)
        assert isinstance(await office.enters("AC3K-7WXY", other), Errors)
        await office.presses("link_start", value, other)
    assert office.linking.cancelled == [office.alice, GUEST]
    assert {person for person, _, _ in office.linking.started} == {office.alice, GUEST}
    assert office.linking.codes == {office.bob: ("AC3K-7WXY", "bob", 5)}
    assert set(office.accounts.kept) == {office.alice}


async def test_that_was_not_me_voids_the_attempt_and_says_what_to_do(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    reply = await office.presses("link_cancel", "", office.bob)
    assert office.reads(reply) == snapshot(
        [
            """\
I have stopped it. That code is worth nothing any more, and no account was linked.
If you opened the page yourself and the account was the wrong one, sign out of <https://quay.example|quay.example> and use `/quay link` again. If you did not, somebody had the address of your linking page: tell whoever looks after me, and never enter a code that somebody else gave you.\
"""
        ]
    )
    assert reply.replace
    assert office.linking.codes == {}
    assert isinstance(await office.enters("AC3K-7WXY", office.bob), Errors)


async def test_that_was_not_me_a_second_time(office):
    assert office.reads(await office.presses("link_cancel", "", office.bob)) == snapshot(
        ["There is nothing to stop any more: no account is waiting for a code from you."]
    )


async def test_the_same_code_a_second_time_at_once_says_that_it_is_done(office):
    async def confirm(person, _code):
        return Linked(Account(person, "bob", office.start, "token-bob"), already=True)

    office.linking.confirm = confirm
    assert office.reads(await office.enters("AC3K-7WXY", office.bob)) == snapshot(
        ["That code is used: you are linked already, as *bob* on quay.example."]
    )
    assert office.audit.lines[-1].deed.outcome.value == "done"


async def test_an_earlier_token_is_not_said_to_be_gone(office):
    async def confirm(person, _code):
        return Linked(Account(person, "bob", office.start, "token-bob"), left=True)

    office.linking.confirm = confirm
    assert office.reads(await office.enters("AC3K-7WXY", office.bob))[1] == snapshot(
        "I have forgotten your earlier token, but Quay may still take it. Revoke it <https://quay.example|in your settings at Quay>, below *External Logins and Applications*."
    )
