"""Who is who in Slack: asked with the bot's token, remembered for a minute, one question at a time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.errors import translate
from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import Barred, BotError, Busy, GiveUp, MendToken, TryLater
from bot.domain.people import Profile, Workspace
from bot.fakes.slack import Fault
from tests.fakes.slack_desk import Desk, desk


@asynccontextmanager
async def directory(**options: Any) -> AsyncIterator[tuple[Desk, SlackDirectory]]:
    async with desk(**options) as d:
        d.slack.add_group("S1", ["U1", "U2"])
        yield d, SlackDirectory(SlackVoice(d.slack.bot_token, d.slack.url, d.http, deadline=2.0), d.clock)


def asked(d: Desk, method: str) -> int:
    return sum(call.method == method for call in d.slack.calls)


async def test_home_is_asked_once():
    async with directory() as (d, who):
        assert [await who.home(), await who.home()] == [Workspace("T0FAKE", "Fake")] * 2
        assert asked(d, "auth.test") == 1


async def test_in_enterprise_grid_home_has_an_organization_and_groups_are_asked_of_the_workspace():
    async with directory(enterprise="E0FAKE") as (d, who):
        assert (await who.home()).enterprise == "E0FAKE"
        await who.group("S1")
        (call,) = [call for call in d.slack.calls if call.method == "usergroups.users.list"]
        assert call.args == {"usergroup": "S1", "team_id": "T0FAKE"}


async def test_a_profile_is_what_it_is_right_now():
    async with directory() as (d, who):
        assert await who.profile("U1") == Profile("U1", "ada", zone="Europe/Berlin", offset=3600)
        d.slack.deactivate("U1")
        assert await who.profile("U1") == Profile("U1", "ada", deleted=True)


async def test_a_group_is_remembered_for_a_minute():
    async with directory() as (d, who):
        assert await who.group("S1") == {"U1", "U2"}
        d.slack.add_group("S1", ["U2"])
        d.clock.pass_by(59)
        assert await who.group("S1") == {"U1", "U2"}
        d.clock.pass_by(1)
        assert await who.group("S1") == {"U2"}


async def test_members_come_in_pages():
    async with directory() as (d, who):
        crowd = [f"U{number:05}" for number in range(1, 1203)]
        for user in crowd:
            d.slack.users[user] = d.slack.users["U1"]
        d.slack.add_channel("C9", "crowd", members=crowd)
        assert await who.members("C9") == {*crowd, d.slack.bot_user}
        assert asked(d, "conversations.members") == 3
        await who.members("C9")
        assert asked(d, "conversations.members") == 3


async def test_many_who_ask_the_same_share_one_question():
    async with directory() as (d, who):
        answers = await asyncio.gather(*(who.group("S1") for _ in range(50)), *(who.profile("U1") for _ in range(9)))
        assert answers[0] == {"U1", "U2"}
        assert len({id(answer) for answer in answers[:50]}) == 1
        assert (asked(d, "usergroups.users.list"), asked(d, "users.info")) == (1, 1)


async def test_many_who_ask_the_same_share_one_refusal_and_the_next_one_asks_anew():
    async with directory() as (d, who):
        d.slack.faults = [Fault("usergroups.users.list", "500")]
        answers = await asyncio.gather(*(who.group("S1") for _ in range(9)), return_exceptions=True)
        assert all(isinstance(answer, TryLater) for answer in answers)
        assert asked(d, "usergroups.users.list") == 1
        assert await who.group("S1") == {"U1", "U2"}


async def test_one_who_stops_waiting_does_not_take_the_answer_from_the_others():
    async with directory() as (_, who):
        first, second = asyncio.create_task(who.group("S1")), asyncio.create_task(who.group("S1"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == {"U1", "U2"}
        with pytest.raises(asyncio.CancelledError):
            await first


@pytest.mark.parametrize(
    ("scope", "ask", "names"),
    [
        ("users:read", lambda who: who.profile("U1"), "`users:read`"),
        ("usergroups:read", lambda who: who.group("S1"), "`usergroups:read`"),
        ("channels:read", lambda who: who.members("C1"), "`channels:read` and `groups:read`"),
    ],
)
async def test_a_missing_scope_is_named_and_is_no_trouble_of_the_token(scope: str, ask: Any, names: str):
    async with directory() as (d, who):
        d.slack.scopes -= {scope, "groups:read", "im:read"}
        with pytest.raises(GiveUp) as refused:
            await ask(who)
        assert names in refused.value.say
        assert not isinstance(refused.value, MendToken)


@pytest.mark.parametrize(
    ("ask", "kind", "says"),
    [
        (lambda who: who.group("S9"), GiveUp, "That user group does not exist."),
        (lambda who: who.profile("U9"), GiveUp, "That person does not exist."),
        (lambda who: who.members("C9"), Barred, "There is no such channel"),
    ],
)
async def test_an_id_that_there_is_not_is_given_up(ask: Any, kind: type[BotError], says: str):
    async with directory() as (_, who):
        with pytest.raises(kind) as refused:
            await ask(who)
        assert refused.value.say.startswith(says)


async def test_slacks_wish_for_patience_is_passed_on():
    async with directory() as (d, who):
        d.slack.faults = [Fault("conversations.members", "429", retry_after=7)]
        with pytest.raises(Busy) as refused:
            await who.members("C1")
        assert refused.value.after == 7


async def test_slack_being_away_is_passed_on():
    async with directory() as (d, who):
        await d.slack.unplug()
        with pytest.raises(TryLater):
            await who.home()


async def test_what_reads_is_asked_with_a_form_as_slack_wants_it():
    async with directory() as (d, who):
        await who.members("C1")
        (call,) = [call for call in d.slack.calls if call.method == "conversations.members"]
        assert call.args == {"channel": "C1", "limit": "500"}


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list", "conversations.members"])
def test_an_odd_answer_is_no_crash(method: str):
    class Response:
        data, status_code, headers = json.loads('{"ok": false, "error": ["odd"]}'), 200, {}

    assert isinstance(translate(method, Response()), TryLater)
