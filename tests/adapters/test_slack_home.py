"""Home tabs, what stands below links, and who can read a channel, through the Web API."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import Barred, GiveUp, MendToken, TryLater
from bot.domain.people import Place
from bot.services.careful import CarefulVoice
from tests.fakes.slack_desk import Desk, desk, section

LINK = "https://quay.example.com/repository/acme/web"
WORDS = {"type": "section", "text": {"type": "mrkdwn", "text": "web", "verbatim": True}}


@asynccontextmanager
async def slack() -> AsyncIterator[tuple[Desk, SlackVoice, SlackDirectory]]:
    async with desk() as d:
        voice = SlackVoice(d.slack.bot_token, d.slack.url, d.http)
        yield d, voice, SlackDirectory(voice, d.clock)


async def test_a_home_tab_is_one_persons_own() -> None:
    async with slack() as (d, voice, _):
        await voice.publish("U1", [WORDS])
        shown = d.slack.home("U1")
        assert shown is not None
        assert shown["blocks"][0]["text"]["text"] == "web"
        assert d.slack.home("U2") is None


async def test_an_app_without_a_home_tab_is_given_up_with_what_to_do() -> None:
    async with slack() as (d, voice, _):
        d.slack.home_tab_enabled = False
        with pytest.raises(GiveUp) as refused:
            await voice.publish("U1", [WORDS])
        assert "quaybot manifest" in refused.value.say


async def test_something_is_shown_below_a_link_by_its_place_or_by_its_name() -> None:
    async with slack() as (d, voice, _):
        d.slack.unfurl_domains = ["example.com"]
        ts = await d.slack.share("U1", "C1", LINK)
        await voice.unfurl({"channel": "C1", "ts": ts}, {LINK: [WORDS]})
        assert d.slack.messages("C1")[0]["attachments"][0]["from_url"] == LINK
        name = json.loads(d.bot.heard[0].raw)["event"]["unfurl_id"]
        await voice.unfurl({"unfurl_id": name, "source": "composer"}, {LINK: [WORDS]})
        assert d.slack.calls[-1].error is None


async def test_a_missing_scope_for_links_is_no_trouble_of_the_token() -> None:
    async with slack() as (d, voice, _):
        d.slack.scopes.remove("links:write")
        with pytest.raises(GiveUp) as refused:
            await voice.unfurl({"channel": "C1", "ts": "1.1"}, {LINK: [WORDS]})
        assert "`links:write`" in refused.value.say
        assert not isinstance(refused.value, MendToken)


async def test_what_slack_would_refuse_below_a_link_is_not_sent() -> None:
    async with slack() as (d, voice, _):
        careful = CarefulVoice(voice)
        d.slack.unfurl_domains = ["example.com"]
        ts = await d.slack.share("U1", "C1", LINK)
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
        shouted = {"type": "section", "text": {"type": "mrkdwn", "text": "<!here> web", "verbatim": True}}
        for bad in (rich, shouted, section("no verbatim")):
            await careful.unfurl({"channel": "C1", "ts": ts}, {LINK: [bad]})
        assert [call.method for call in d.slack.calls] == []
        await careful.unfurl({"channel": "C1", "ts": ts}, {LINK: [WORDS]})
        assert [call.method for call in d.slack.calls] == ["chat.unfurl"]


async def test_a_home_tab_that_slack_would_refuse_is_not_sent() -> None:
    async with slack() as (d, voice, _):
        with pytest.raises(GiveUp):
            await CarefulVoice(voice).publish("U1", [WORDS] * 101)
        await CarefulVoice(voice).publish("U1", [WORDS] * 100)
        assert len((d.slack.home("U1") or {})["blocks"]) == 100


async def test_who_can_read_a_channel_is_remembered_for_a_minute() -> None:
    async with slack() as (d, _, who):
        assert await who.channel("C1") == Place("C1", "releases")
        d.slack.channels["C1"].private = True
        d.clock.pass_by(59)
        assert await who.channel("C1") == Place("C1", "releases")
        d.clock.pass_by(1)
        assert await who.channel("C1") == Place("C1", "releases", private=True)


async def test_a_channel_with_people_of_another_company_is_shared() -> None:
    async with slack() as (d, _, who):
        d.slack.add_user("U9", "guest", team="T9")
        d.slack.add_channel("C2", "partners", members=["U1", "U9"])
        assert await who.channel("C2") == Place("C2", "partners", shared=True)


async def test_a_direct_conversation_is_private_and_slack_is_not_asked() -> None:
    async with slack() as (d, _, who):
        assert await who.channel("D1") == Place("D1", private=True)
        assert d.slack.calls == []


async def test_a_channel_that_the_bot_cannot_see_is_none_that_all_can_read() -> None:
    async with slack() as (d, _, who):
        d.slack.add_channel("C3", "secret", members=["U1"], private=True, bot=False)
        with pytest.raises(Barred):
            await who.channel("C3")
        d.slack.scopes -= {"channels:read", "groups:read", "im:read"}
        with pytest.raises(GiveUp) as refused:
            await who.channel("C1")
        assert "`channels:read`" in refused.value.say


async def test_an_answer_that_does_not_say_who_can_read_it_counts_as_none() -> None:
    class Mute(SlackVoice):
        async def look_up(self, method: str, **about: str | int) -> dict[str, object]:
            return {"channel": {"id": "C1", "name": "ops"}}

    async with desk() as d:
        with pytest.raises(TryLater):
            await SlackDirectory(Mute("xoxb", d.slack.url, d.http), d.clock).channel("C1")
