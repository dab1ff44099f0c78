"""What Slack tells of visits of the Home tab, presses there, and links in messages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.people import Person
from handlers import payloads
from tests.handlers.conftest import Office
from tests.handlers.slack_room import Slack, a_slack

WEB = "https://quay.example/repository/acme/web"


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


def visit(user: str = "U-ALICE", tab: str = "home") -> dict[str, Any]:
    return {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab}


def sharing(**more: Any) -> dict[str, Any]:
    links = [{"url": WEB, "domain": "quay.example"}]
    place = {"channel": "C1", "message_ts": "1.1", "unfurl_id": "Uf1", "source": "conversations_history"}
    return {"type": "link_shared", "user": "U-ALICE", "links": links, **place, **more}


async def test_a_visit_draws_the_tab_of_whoever_visits(office: Office, slack: Slack) -> None:
    assert (await slack.tells(visit()))[0] == 200
    await slack.room.close()  # what goes on after the acknowledgement is over
    assert list(office.voice.homes) == ["U-ALICE"]


async def test_the_same_visit_told_twice_draws_it_once_and_other_tabs_draw_nothing(
    office: Office, slack: Slack
) -> None:
    await slack.tells(visit(tab="messages"), "Ev1")
    await slack.tells(visit(user=""), "Ev2")
    await slack.tells(visit(), "Ev3")
    await slack.room.close()  # what goes on after the acknowledgement is over
    office.voice.homes.clear()
    await slack.tells(visit(), "Ev3")
    await slack.room.close()
    assert office.voice.homes == {}


async def test_a_press_in_the_tab_is_answered_in_direct_messages_and_the_tab_is_drawn_anew(
    office: Office, slack: Slack
) -> None:
    view = {"id": "V1", "type": "home", "callback_id": "", "private_metadata": "", "state": {"values": {}}}
    place = {"channel": None, "container": {"type": "view", "view_id": "V1"}, "view": view, "response_url": None}
    await slack.presses("home_unlink", office.alice, **place)
    await slack.room.close()  # what goes on after the acknowledgement is over
    [(way, where, words)] = slack.ears.said
    assert (way, where) == ("post", "U-ALICE")
    assert words.startswith("I have forgotten your account")


async def test_linking_and_unlinking_draw_the_tab_anew(office: Office, slack: Slack) -> None:
    await slack.types("unlink", office.alice)
    await slack.room.close()  # what goes on after the acknowledgement is over
    office.voice.homes.clear()
    await slack.sends("link_account", {"token": "token-alice-and-more-letters-than-20"}, office.alice)
    await slack.said(2)
    assert office.voice.homes == {} or list(office.voice.homes) == ["U-ALICE"]


async def test_links_in_a_message_are_shown_below_it(office: Office, slack: Slack) -> None:
    office.quay.hall.has("acme/web", public=True)
    await slack.tells(sharing())
    await slack.room.close()  # what goes on after the acknowledgement is over
    [(place, unfurls)] = office.voice.unfurled
    assert (place, list(unfurls)) == ({"channel": "C1", "ts": "1.1"}, [WEB])
    assert slack.ears.said == []


@pytest.mark.parametrize(
    "odd",
    [
        {"source": "composer", "channel": "COMPOSER", "message_ts": "Uf1"},
        {"source": "composer"},
        {"channel": "COMPOSER"},
        {"channel": ""},
        {"user": ""},
        {"links": "https://quay.example/repository/acme/web"},
        {"links": [WEB, None, {"url": 7}]},
        {"links": []},
    ],
)
async def test_what_nobody_may_read_yet_or_names_nobody_is_left_alone(
    office: Office, slack: Slack, odd: dict[str, Any]
) -> None:
    office.quay.hall.has("acme/web", public=True)
    assert (await slack.tells(sharing(**odd)))[0] == 200
    await slack.room.close()
    assert office.voice.unfurled == []
    assert office.quay.calls == []


async def test_one_persons_links_are_bounded_like_their_commands(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    async for slack in a_slack(office, limit=3):
        for number in range(9):
            await slack.tells(sharing(message_ts=f"1.{number}"), f"Ev{number}")
        await slack.room.close()
        assert len(office.voice.unfurled) == 3
        assert slack.ears.said == []  # and nobody is told: nobody asked


def test_a_visitor_is_the_person_of_their_workspace() -> None:
    assert payloads.visitor({"team_id": "T1", "event": visit()}) == Person("T1", "U-ALICE")
    assert payloads.visitor({"team_id": "T1", "event": visit(tab="about")}).user == ""
