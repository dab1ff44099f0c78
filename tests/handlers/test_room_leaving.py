"""The room hears that somebody left the workspace, or that the app was thrown out of it."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import TryLater
from bot.domain.people import Person
from tests.handlers.conftest import Office
from tests.handlers.slack_room import Slack, a_slack

GONE = {"type": "user_change", "user": {"id": "U-ALICE", "team_id": "T1", "deleted": True}}


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


async def test_whoever_is_deactivated_is_forgotten(slack):
    assert await slack.tells(GONE) == (200, "")
    assert slack.office.accounts.forgotten == [slack.office.alice]


async def test_a_change_of_name_forgets_nobody(slack):
    await slack.tells({"type": "user_change", "user": {"id": "U-ALICE", "team_id": "T1", "deleted": False}})
    assert slack.office.accounts.forgotten == []


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"], "oauth": []}}]
)
async def test_when_the_app_is_uninstalled_everybody_is_forgotten(slack, event):
    assert await slack.tells(event) == (200, "")
    assert slack.office.accounts.teams == ["*"]


async def test_when_only_somebodys_own_token_is_revoked_nothing_is_forgotten(slack):
    await slack.tells({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert slack.office.accounts.teams == []


async def test_what_cannot_be_forgotten_now_is_asked_for_again(slack):
    forget = slack.office.accounts.forget_all_of

    async def away(_person: Person) -> None:
        raise TryLater("The database is away.")

    slack.office.accounts.forget_all_of = away
    assert (await slack.tells(GONE))[0] == 503
    slack.office.accounts.forget_all_of = forget
    assert (await slack.tells(GONE))[0] == 200
    assert slack.office.accounts.forgotten == [slack.office.alice]
