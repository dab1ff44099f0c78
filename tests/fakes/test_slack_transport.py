"""The Web API as HTTP: encodings, tokens, scopes, and everything that can go wrong on the way."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.fakes.slack import Fault
from tests.fakes.slack_desk import desk, section

BEARER = {"Authorization": "Bearer xoxb-fake"}


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"channel": "C1", "text": "hi", "blocks": [section()]}, "headers": BEARER},
        {"data": {"channel": "C1", "text": "hi", "blocks": json.dumps([section()])}, "headers": BEARER},
        {"params": {"channel": "C1", "text": "hi", "blocks": json.dumps([section()])}, "headers": BEARER},
        {"data": {"channel": "C1", "text": "hi", "blocks": json.dumps([section()]), "token": "xoxb-fake"}},
    ],
    ids=["json", "form", "query", "token in the form"],
)
async def test_arguments_come_as_json_form_or_query(how: dict[str, Any]) -> None:
    async with desk() as d:
        async with d.http.post(d.slack.url + "chat.postMessage", **how) as response:
            assert (await response.json())["ok"]
        assert d.slack.messages("C1")[0]["blocks"] == [section()]
        assert (d.slack.calls[0].method, d.slack.calls[0].args["text"]) == ("chat.postMessage", "hi")
        assert "token" not in d.slack.calls[0].args


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"headers": {}}, "not_authed"),
        ({"headers": {"Authorization": "Bearer xoxb-other"}}, "invalid_auth"),
        ({"headers": {"Authorization": "Bearer xapp-fake"}}, "not_allowed_token_type"),
        ({"json": {"token": "xoxb-fake"}}, "not_authed"),
        ({"data": "{bad", "headers": {**BEARER, "Content-Type": "application/json"}}, "invalid_json"),
        ({"json": [1], "headers": BEARER}, "json_not_object"),
    ],
)
async def test_a_call_without_the_right_token_or_body_is_refused(how: dict[str, Any], error: str) -> None:
    async with desk() as d, d.http.post(d.slack.url + "auth.test", **how) as response:
        assert response.status == 200
        assert (await response.json())["error"] == error


async def test_an_unknown_method_is_told_apart() -> None:
    async with desk() as d:
        assert (await d.call("chat.scream"))["error"] == "unknown_method"


async def test_a_scope_that_was_not_granted_is_missing() -> None:
    async with desk() as d:
        d.slack.scopes.discard("chat:write")
        reply = await d.call("chat.postMessage", channel="C1", text="x")
        assert (reply["error"], reply["needed"]) == ("missing_scope", "chat:write")
        assert "chat:write" not in reply["provided"].split(",")


async def test_granted_scopes_are_told_in_a_header() -> None:
    async with desk() as d:
        _, headers, _ = await d.raw("auth.test")
        assert "chat:write" in headers["X-OAuth-Scopes"].split(",")


async def test_json_without_a_charset_is_warned_about() -> None:
    async with desk() as d:
        _, _, body = await d.raw("auth.test", json={})
        assert body["warning"] == "missing_charset"
        assert "warning" not in await d.call("auth.test")


async def test_auth_test_tells_who_the_bot_is() -> None:
    async with desk() as d:
        reply = await d.call("auth.test")
        assert (reply["user_id"], reply["team_id"]) == (d.slack.bot_user, "T0FAKE")
        assert (await d.call("api.test", error="oops"))["error"] == "oops"
        assert (await d.call("api.test", foo="bar"))["args"] == {"foo": "bar"}


async def test_slack_can_be_down() -> None:
    async with desk() as d:
        d.slack.down = True
        assert (await d.call("chat.postMessage", channel="C1", text="x"))["status"] == 503
        d.slack.down = False
        await d.post()
        assert [(call.status, call.error) for call in d.slack.calls] == [(503, "down"), (200, None)]


async def test_a_planned_429_says_how_long_to_wait_and_posts_nothing() -> None:
    async with desk() as d:
        d.slack.faults.append(Fault("chat.postMessage", "429", times=2, retry_after=7))
        for _ in range(2):
            status, headers, body = await d.raw("chat.postMessage", json={"channel": "C1", "text": "x"})
            assert (status, headers["Retry-After"], body["error"]) == (429, "7", "ratelimited")
        assert d.slack.messages("C1") == []
        await d.post()
        assert d.slack.faults == []


async def test_a_planned_500_has_no_json() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("*", "500")]
        status, headers, _ = await d.raw("chat.postMessage", json={"channel": "C1", "text": "x"})
        assert (status, headers["Content-Type"].split(";")[0]) == (500, "text/html")
        assert d.slack.messages("C1") == []


@pytest.mark.parametrize(("kind", "posted"), [("reset", 0), ("reset_after", 1)])
async def test_a_dropped_connection_leaves_the_caller_in_doubt(kind: str, posted: int) -> None:
    async with desk() as d:
        d.slack.faults.append(Fault("chat.postMessage", kind))
        with pytest.raises(aiohttp.ClientError):
            await d.raw("chat.postMessage", json={"channel": "C1", "text": "x"})
        assert len(d.slack.messages("C1")) == posted
        assert [(call.status, call.error) for call in d.slack.calls] == [(0, kind)]


async def test_a_timeout_does_it_and_never_answers() -> None:
    async with desk() as d:
        d.slack.faults.append(Fault("chat.postMessage", "timeout"))
        hung = asyncio.create_task(d.raw("chat.postMessage", json={"channel": "C1", "text": "x"}))
        await d.slack.wait(lambda: d.slack.calls)
        assert len(d.slack.messages("C1")) == 1
        assert not hung.done()
        hung.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hung
        await d.post("next")


async def test_stopping_lets_a_hanging_call_go() -> None:
    async with desk() as d:
        d.slack.faults.append(Fault("auth.test", "timeout"))
        hung = asyncio.create_task(d.raw("auth.test"))
        await d.slack.wait(lambda: d.slack.calls)
        await d.slack.stop()
        with pytest.raises(aiohttp.ClientError):
            await hung


async def test_a_planned_refusal_is_slacks_own() -> None:
    async with desk() as d:
        d.slack.faults.append(Fault("chat.postMessage", "error:restricted_action"))
        assert await d.call("chat.postMessage", channel="C1", text="x") == {"ok": False, "error": "restricted_action"}
        assert d.slack.messages("C1") == []


async def test_a_fault_waits_for_its_method_and_channel() -> None:
    async with desk() as d:
        d.slack.add_channel("C2", "other")
        d.slack.faults.append(Fault("chat.postMessage", "error:x", channel="C2"))
        await d.post()
        assert (await d.call("auth.test"))["ok"]
        assert (await d.call("chat.postMessage", channel="C2", text="x"))["error"] == "x"


async def test_faults_reach_response_urls_too() -> None:
    async with desk() as d:
        await d.slack.command("U1", "C1", "help")
        url = d.bot.heard[0].fields["response_url"]
        d.slack.faults.append(Fault("response_url", "429", retry_after=3))
        assert (await d.respond(url, {"text": "x"}))[0] == 429
        assert (await d.respond(url, {"text": "x"}))[0] == 200
        assert [call.method for call in d.slack.calls] == ["response_url", "response_url"]


def test_a_fault_of_an_unknown_kind_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="no fault"):
        Fault("*", "earthquake")


async def test_slacks_own_client_can_talk_to_it() -> None:
    async with desk() as d, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-fake", base_url=d.slack.url, session=session)
        posted = await client.chat_postMessage(channel="C1", text="hi", blocks=[section()])
        meta = {"event_type": "push", "event_payload": {"key": "k"}}
        await client.chat_update(channel="C1", ts=posted["ts"], text="new", blocks=[section("new")], metadata=meta)
        history = await client.conversations_history(channel="C1", limit=5, include_all_metadata=True)
        assert history["messages"][0]["metadata"] == meta
        assert (await client.users_info(user="U1"))["user"]["name"] == "ada"
        await client.files_upload_v2(channel="C1", content="log line", filename="build.log", initial_comment="the log")
        assert [(f["name"], f["content"], f["channels"]) for f in d.slack.files] == [("build.log", b"log line", ["C1"])]
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client.chat_postMessage(channel="C404", text="hi")
