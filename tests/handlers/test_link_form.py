"""The form that takes a token."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import NotLinked
from handlers import dispatch
from handlers.command import Origin, Submission

TOKEN = "0123456789abcdef0123456789abcdef01234567"


def wrong(office, token: str) -> dict[str, str]:
    return dispatch.check("link_account", Submission(office.alice, "V1", {"token": token}))


@pytest.mark.parametrize("token", [TOKEN, f"  {TOKEN}\n", "x" * 20, "x" * 200])
def test_a_possible_token_passes(office, token):
    assert wrong(office, token) == {}


def test_what_cannot_be_a_token_is_told_below_the_field(office):
    given = {
        "empty": "",
        "only blanks": "  ",
        "two words": f"Bearer {TOKEN}",
        "too short": "abc",
        "too long": "x" * 201,
        "no plain letters": "x" * 30 + "…",
    }
    assert {name: wrong(office, token) for name, token in given.items()} == snapshot(
        {
            "empty": {"token": "Paste your token here."},
            "only blanks": {"token": "Paste your token here."},
            "two words": {"token": "A token has no blanks in it. Copy only the token itself."},
            "too short": {
                "token": "This has 3 characters. Quay's tokens have 40, so something is missing or too much."
            },
            "too long": {
                "token": "This has 201 characters. Quay's tokens have 40, so something is missing or too much."
            },
            "no plain letters": {"token": "A token has only plain letters, digits and signs. Copy it again."},
        }
    )


def test_a_form_without_its_field_is_no_crash(office):
    assert list(dispatch.check("link_account", Submission(office.alice, "V1", {}))) == ["token"]


async def test_a_good_token_is_linked_and_named(office):
    office.quay.users[TOKEN] = "bob"
    assert office.reads(await office.sends(TOKEN, office.bob)) == snapshot(
        ["You are *bob* on quay.example now. Try `/quay build acme/web`, or `/quay help` for more."]
    )
    assert office.accounts.kept[office.bob].token == TOKEN


async def test_a_refused_token_is_explained_with_a_way_to_try_again(office):
    office.quay.errors["whoami"] = NotLinked("Your token is dead.")
    assert office.reads(await office.sends(TOKEN, office.bob)) == snapshot(
        [
            "Quay did not accept this token. It may be mistyped, expired or revoked, or it lacks the scope `user:read`. Make a new one in Quay and link it.",
            "[Link my Quay account]",
            "Then ask again.",
        ]
    )
    assert office.bob not in office.accounts.kept


def test_the_way_back_travels_in_the_form():
    origin = Origin("C1", "https://hooks.example/r")
    assert Origin.unpack(origin.pack()) == origin
    assert len(origin.pack()) < 3000
    for odd in ("", "x", "[]", "[1,2]", "{}", '"ab"', "[null]"):
        assert Origin.unpack(odd) == Origin()


def test_the_token_is_in_no_representation(office):
    assert TOKEN not in repr(Submission(office.alice, "V1", {"token": TOKEN}))
