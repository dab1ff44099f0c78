"""The buttons on the card of a push."""

import pytest

from bot.blocks.push_buttons import push_buttons
from handlers.actions import ACTIONS
from tests.handlers.conftest import Office
from tests.handlers.double_tagging import TagQuay, offer_of, shelf, tag_office


@pytest.fixture
def office() -> Office:
    return tag_office()


@pytest.fixture
def quay(office: Office) -> TagQuay:
    return shelf(office)


def test_every_button_of_the_card_has_something_to_do():
    [row] = push_buttons("acme/web", "latest", "https://quay.example/repository/acme/web")
    assert {one["action_id"] for one in row["elements"]} <= set(ACTIONS)


@pytest.mark.parametrize(
    ("button", "typed"), [("push_history", "tag history acme/web:latest"), ("push_vulns", "vulns acme/web:latest")]
)
async def test_it_answers_as_the_command_does_to_whoever_pressed_alone(
    office: Office, quay: TagQuay, button: str, typed: str
):
    pressed = await office.presses(button, "acme/web:latest")
    assert pressed is not None
    assert (pressed.in_channel, pressed.replace) == (False, False)
    assert office.reads(pressed) == office.reads(await office.says(typed))


async def test_restoring_shows_first_what_would_come_back(office: Office, quay: TagQuay):
    pressed = await office.presses("push_restore", "acme/web:latest")
    assert pressed is not None
    assert not pressed.in_channel
    assert "Restore" in "\n".join(office.reads(pressed))
    assert offer_of(office, "confirm")
    assert [call for call in quay.calls if call[1] == "restore"] == []


@pytest.mark.parametrize("button", ["push_history", "push_restore", "push_vulns"])
async def test_whoever_presses_needs_an_account_of_their_own(office: Office, quay: TagQuay, button: str):
    pressed = await office.presses(button, "acme/web:latest", office.bob)
    assert "link" in "\n".join(office.reads(pressed)).lower()
    assert quay.calls == []


@pytest.mark.parametrize("value", ["", "acme/web", "web:latest", "acme/web:", "acme/web:bad tag", "nonsense"])
async def test_a_button_that_says_nothing_that_is_understood_says_so(office: Office, quay: TagQuay, value: str):
    [said, *_] = office.reads(await office.presses("push_restore", value))
    assert "older version" in said
    assert quay.calls == []
