"""The Web API through the voice: what travels where, and what each kind of trouble becomes."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.slack.voice import DELIVERY, SlackVoice
from bot.domain.errors import BotError, GiveUp, Gone, TryLater
from bot.domain.messages import Modal
from bot.fakes.slack import Fault
from tests.fakes.slack_desk import Desk, desk, section

TOKEN = "xoxb-secret-of-the-bot"
HELLO = {"text": "hello", "blocks": [section("hello")], "attachments": []}
MODAL = Modal("greet", "Hello", (section("hi"),), private="p")


def voice_of(d: Desk, **options: Any) -> SlackVoice:
    return SlackVoice(d.slack.bot_token, d.slack.url, d.http, **options)


@dataclass
class Wire:
    """A server that notes every request as it came and answers what it is told to."""

    answer: Callable[[web.Request], web.StreamResponse]
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.path_qs, dict(request.headers), await request.read()))
        return self.answer(request)


@asynccontextmanager
async def wire(answer: Callable[[web.Request], web.StreamResponse]) -> AsyncIterator[tuple[Wire, SlackVoice]]:
    server = Wire(answer)
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        async with aiohttp.ClientSession() as session:
            yield server, SlackVoice(TOKEN, server.url, session)
    finally:
        await runner.cleanup()


def fine(request: web.Request) -> web.StreamResponse:
    where = {"upload_url": f"http://{request.host}/api/upload", "file_id": "F1"}
    return web.json_response(
        {"ok": True, "ts": "1.1", "view": {"id": "V1"}, "channel": {"id": "D1"}, "messages": [], "user_id": "UBOT"}
        | where
    )


async def every_call(voice: SlackVoice, url: str) -> None:
    await voice.post("C1", HELLO, "k")
    await voice.post("U1", HELLO, "k")
    await voice.update("C1", "1.1", HELLO, "k")
    await voice.find("C1", "k", *await a_window())
    await voice.whisper("C1", "U1", HELLO)
    await voice.respond(url + "response", HELLO)
    await voice.open("trigger", MODAL)
    await voice.update_view("V1", MODAL)
    await voice.find("C1", "k", *await a_window(), "1.1")
    await voice.upload("U1", "list.csv", b"a,b", "for you")
    await voice.identity()


async def a_window() -> tuple[datetime, datetime]:
    async with desk() as d:
        return around(d)


def around(d: Desk) -> tuple[datetime, datetime]:
    return d.clock.now() - timedelta(seconds=1), d.clock.now() + timedelta(minutes=1)


async def test_no_argument_ever_travels_in_an_address() -> None:
    async with wire(fine) as (server, voice):
        await every_call(voice, server.url)
        assert len(server.seen) == 14
        assert [path for path, _, _ in server.seen if "?" in path] == []
        assert [path for path, headers, body in server.seen if TOKEN in path or TOKEN.encode() in body] == []
        apart = [path for path, headers, _ in server.seen if headers.get("Authorization") != f"Bearer {TOKEN}"]
        # Both addresses are rights of their own: the token does not go there.
        assert apart == ["/api/response", "/api/upload"]


async def test_the_token_is_in_no_log_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire(fine) as (server, voice):
        await every_call(voice, server.url)
    assert caplog.records
    assert TOKEN not in caplog.text


async def test_nothing_in_a_message_is_unfurled_and_it_carries_its_key() -> None:
    async with wire(fine) as (server, voice):
        await voice.post("C1", HELLO, "delivery:7:C1")
        body = json.loads(server.seen[0][2])
        assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)
        assert body["metadata"] == {"event_type": DELIVERY, "event_payload": {"key": "delivery:7:C1"}}
        assert "link_names" not in body
        assert "parse" not in body


async def test_a_message_is_posted_edited_and_found_by_its_key() -> None:
    async with desk() as d:
        voice = voice_of(d)
        since, until = around(d)
        ts = await voice.post("C1", HELLO, "mine")
        await voice.post("C1", HELLO, "other")
        await voice.update("C1", ts, {"text": "changed", "blocks": [], "attachments": []}, "mine")
        assert [message["text"] for message in d.slack.messages("C1")] == ["changed", "hello"]
        assert await voice.find("C1", "mine", since, until) == ts
        assert await voice.find("C1", "nobody's", since, until) is None
        assert await voice.find("C1", "mine", d.clock.now() + timedelta(seconds=1), until) is None
        assert await voice.find("C1", "mine", since - timedelta(hours=1), since) is None


async def test_a_reply_is_found_in_its_thread_by_its_key() -> None:
    async with desk() as d:
        voice, window = voice_of(d), around(d)
        parent = await voice.post("C1", HELLO, "card")
        reply = await voice.post("C1", {"text": "more", "thread_ts": parent}, "reply")
        assert await voice.find("C1", "reply", *window, parent) == reply
        assert await voice.find("C1", "reply", *window) is None
        assert await voice.find("C1", "nobody's", *window, parent) is None
        with pytest.raises(Gone, match="thread_not_found"):
            await voice.find("C1", "reply", *window, "1.000000")


async def test_only_our_own_kind_of_metadata_counts_as_our_key() -> None:
    async with desk() as d:
        await d.post(metadata={"event_type": "somebody_else", "event_payload": {"key": "mine"}})
        assert await voice_of(d).find("C1", "mine", *around(d)) is None


async def test_direct_messages_are_edited_and_searched_where_they_are() -> None:
    async with desk() as d:
        voice, window = voice_of(d), around(d)
        ts = await voice.post("U1", HELLO, "mine")
        await voice.update("U1", ts, {"text": "changed", "blocks": [], "attachments": []}, "mine")
        assert await voice.find("U1", "mine", *window) == ts
        assert [message["text"] for message in d.slack.messages("U1")] == ["changed"]
        assert [call.method for call in d.slack.calls].count("conversations.open") == 1
        assert {call.args["channel"] for call in d.slack.calls if "channel" in call.args} == {d.slack.im("U1")}


async def test_a_whisper_reaches_one_person() -> None:
    async with desk() as d:
        await voice_of(d).whisper("C1", "U1", HELLO)
        assert [whisper["text"] for whisper in d.slack.whispers("U1")] == ["hello"]
        assert d.slack.messages("C1") == []
        with pytest.raises(GiveUp, match="user_not_in_channel"):
            await voice_of(d).whisper("C1", "U2", HELLO)


async def test_an_address_without_a_server_is_surely_not_reached() -> None:
    async with aiohttp.ClientSession() as session:
        voice = SlackVoice(TOKEN, "http://127.0.0.1:9/api/", session)
        with pytest.raises(TryLater) as caught:
            await voice.post("C1", HELLO, "k")
    assert not caught.value.doubtful
    assert TOKEN not in str(caught.value) + caught.value.say


@pytest.mark.parametrize("kind", ["reset", "reset_after", "500"])
async def test_a_lost_answer_is_a_doubt(kind: str) -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", kind)]
        with pytest.raises(TryLater) as caught:
            await voice_of(d).post("C1", HELLO, "k")
        assert caught.value.doubtful
        assert len(d.slack.calls) == 1  # one try: whoever asks decides about a second one


async def test_an_answer_that_never_comes_is_waited_for_until_the_deadline() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", "timeout")]
        async with asyncio.timeout(5):
            with pytest.raises(TryLater) as caught:
                await voice_of(d, deadline=0.1).post("C1", HELLO, "k")
        assert caught.value.doubtful


async def test_a_rate_limit_passes_on_its_seconds() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("chat.postMessage", "429", retry_after=17)]
        with pytest.raises(TryLater) as caught:
            await voice_of(d).post("C1", HELLO, "k")
        assert (caught.value.after, caught.value.doubtful) == (17.0, False)


@pytest.mark.parametrize("status", [200, 500, 502, 503])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>Bad Gateway</html>", "text/html"),
        ("<html>Bad Gateway</html>", "application/json"),
        ("upstream connect error", "text/plain"),
        ("", "application/json"),
        ("[]", "application/json"),
        ('["ok"]', "application/json"),
        ("null", "application/json"),
        ('"ok"', "application/json"),
    ],
)
async def test_an_answer_that_is_not_slacks_is_a_doubt(status: int, body: str, kind: str) -> None:
    async with wire(lambda _: web.Response(status=status, text=body, content_type=kind)) as (_, voice):
        with pytest.raises(TryLater) as caught:
            await voice.post("C1", HELLO, "k")
        assert caught.value.doubtful
        assert TOKEN not in str(caught.value) + caught.value.say


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_a_rate_limit_without_json_is_still_one(kind: str) -> None:
    def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=429, text="slow down", content_type=kind, headers={"Retry-After": "9"})

    async with wire(answer) as (_, voice):
        with pytest.raises(TryLater) as caught:
            await voice.post("C1", HELLO, "k")
        assert (caught.value.after, caught.value.doubtful) == (9.0, False)


async def test_a_yes_without_the_message_in_it_is_a_doubt() -> None:
    async with wire(lambda _: web.json_response({"ok": True})) as (_, voice):
        with pytest.raises(TryLater) as caught:
            await voice.post("C1", HELLO, "k")
        assert caught.value.doubtful


async def test_a_response_url_says_it_and_is_used_up_after_five_times() -> None:
    async with desk() as d:
        await d.slack.command("U1", "C1", "help")
        url, voice = d.bot.heard[0].fields["response_url"], voice_of(d)
        for _ in range(5):
            await voice.respond(url, HELLO | {"response_type": "ephemeral"})
        with pytest.raises(GiveUp):
            await voice.respond(url, HELLO)
        assert len(d.slack.whispers("U1")) == 5


@pytest.mark.parametrize(("kind", "doubtful"), [("500", False), ("reset", True), ("timeout", True)])
async def test_trouble_at_a_response_url_is_for_later(kind: str, doubtful: bool) -> None:
    async with desk() as d:
        await d.slack.command("U1", "C1", "help")
        d.slack.faults = [Fault("response_url", kind)]
        with pytest.raises(TryLater) as caught:
            await voice_of(d, deadline=0.3).respond(d.bot.heard[0].fields["response_url"], HELLO)
        assert caught.value.doubtful is doubtful


async def test_a_modal_opens_once_and_its_contents_change() -> None:
    async with desk() as d:
        await d.slack.command("U1", "C1", "link")
        trigger, voice = d.bot.heard[0].fields["trigger_id"], voice_of(d)
        view = await voice.open(trigger, MODAL)
        await voice.update_view(view, Modal("greet", "Changed", (section("new"),)))
        assert [view["title"]["text"] for view in d.slack.open_views("U1")] == ["Changed"]
        with pytest.raises(GiveUp, match="exchanged_trigger_id"):
            await voice.open(trigger, MODAL)


async def test_the_bot_knows_who_it_is() -> None:
    async with desk() as d:
        assert (await voice_of(d).identity())["user_id"] == d.slack.bot_user


@pytest.mark.parametrize("error", ["invalid_auth", "channel_not_found", "fatal_error", "ratelimited"])
async def test_no_error_holds_the_token(error: str) -> None:
    async with wire(lambda _: web.json_response({"ok": False, "error": error})) as (_, voice):
        with pytest.raises(BotError) as caught:
            await voice.post("C1", HELLO, "k")
        found = caught.value
        assert TOKEN not in repr(found) + found.say
        assert found.__cause__ is None  # the SDK's error, which could hold more, is not carried along


async def test_whoever_asked_hears_how_every_call_went() -> None:
    heard: list[tuple[str, str]] = []
    async with desk() as d:
        voice = voice_of(d, heard=lambda method, error: heard.append((method, type(error).__name__)))
        d.slack.faults = [Fault("chat.postMessage", "429"), Fault("chat.postMessage", "500")]
        for _ in range(3):
            with suppress(BotError):
                await voice.post("C1", HELLO, "k")
        with suppress(BotError):
            await voice.post("C0NOWHERE", HELLO, "k")
    outcomes = ["Busy", "TryLater", "NoneType", "Barred"]
    assert heard == [("chat.postMessage", outcome) for outcome in outcomes]
