"""A file on its way to a person: three steps, one try each, and the token only where it belongs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.sending import trusted
from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import BotError, GiveUp, TryLater
from bot.fakes.slack import Fault
from tests.fakes.slack_desk import Desk, desk

DATA = "\ufeffa,b\r\n1,ä\r\n".encode()


def voice_of(d: Desk, **options: Any) -> SlackVoice:
    return SlackVoice(d.slack.bot_token, d.slack.url, d.http, **options)


async def test_a_person_gets_the_file_and_nobody_else() -> None:
    async with desk() as d:
        await voice_of(d).upload("U1", "findings.csv", DATA, "Here it is.")
        [file] = d.slack.files
        assert (file["name"], file["title"], file["content"]) == ("findings.csv", "findings.csv", DATA)
        assert file["channels"] == [d.slack.im("U1")]
        [message] = d.slack.messages("U1")
        assert (message["text"], message["files"][0]["name"]) == ("Here it is.", "findings.csv")
        assert d.slack.messages("C1") == []


async def test_each_step_is_tried_once() -> None:
    async with desk() as d:
        await voice_of(d).upload("U1", "findings.csv", DATA, "")
        assert [call.method for call in d.slack.calls] == [
            "conversations.open",
            "files.getUploadURLExternal",
            "upload_url",
            "files.completeUploadExternal",
        ]


STEPS = ["conversations.open", "files.getUploadURLExternal", "upload_url", "files.completeUploadExternal"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("kind", "doubtful"), [("429", False), ("500", True), ("reset", True), ("reset_after", True), ("timeout", True)]
)
async def test_trouble_on_the_way_is_for_later(step: str, kind: str, doubtful: bool) -> None:
    async with desk() as d:
        d.slack.faults = [Fault(step, kind, retry_after=3)]
        with pytest.raises(TryLater) as caught:
            await voice_of(d, deadline=1.5 if kind == "timeout" else 10.0).upload("U1", "findings.csv", DATA, "")
        assert caught.value.doubtful is doubtful
        assert [call.method for call in d.slack.calls] == STEPS[: STEPS.index(step) + 1]


async def test_without_the_right_the_person_learns_what_the_operator_has_to_do() -> None:
    async with desk() as d:
        d.slack.scopes.discard("files:write")
        with pytest.raises(GiveUp) as caught:
            await voice_of(d).upload("U1", "findings.csv", DATA, "")
        assert "operator has to add the scope `files:write`" in caught.value.say


async def test_bytes_that_slack_refuses_are_given_up() -> None:
    async with desk() as d:
        d.slack.faults = [Fault("files.getUploadURLExternal", "error:file_uploads_disabled")]
        with pytest.raises(BotError):
            await voice_of(d).upload("U1", "findings.csv", DATA, "")
        d.slack.faults = []
        d.slack.users["U1"].deleted = True
        with pytest.raises(GiveUp, match="user_disabled"):
            await voice_of(d).upload("U1", "findings.csv", DATA, "")


@asynccontextmanager
async def promising(answer: dict[str, Any]) -> AsyncIterator[tuple[SlackVoice, list[str]]]:
    """A Slack that names another place for the file."""
    seen: list[str] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        if request.path == "/elsewhere":
            raise web.HTTPFound("/further")
        return web.json_response({"ok": True, "channel": {"id": "D1"}} | answer)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host = f"http://127.0.0.1:{runner.addresses[0][1]}"
    if answer.get("upload_url", "").startswith("/"):
        answer["upload_url"] = host + answer["upload_url"]
    try:
        async with aiohttp.ClientSession() as session:
            yield SlackVoice("xoxb-x", f"{host}/api/", session), seen
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "place",
    [
        "",
        "http://elsewhere.example/upload",
        "http://127.0.0.1:1/upload",
        "ftp://files.example/x",
        "https://",
        "http://[bad",
    ],
)
async def test_the_file_goes_nowhere_without_encryption(place: str) -> None:
    async with promising({"upload_url": place, "file_id": "F1"}) as (voice, seen):
        with pytest.raises(GiveUp, match="no good upload_url"):
            await voice.upload("U1", "findings.csv", DATA, "")
        assert seen == ["/api/conversations.open", "/api/files.getUploadURLExternal"]


async def test_a_promise_without_a_file_is_none() -> None:
    async with promising({"upload_url": "/upload"}) as (voice, _):
        with pytest.raises(GiveUp, match="no good upload_url"):
            await voice.upload("U1", "findings.csv", DATA, "")


async def test_the_file_is_not_sent_on_to_somewhere_else() -> None:
    async with promising({"upload_url": "/elsewhere", "file_id": "F1"}) as (voice, seen):
        with pytest.raises(GiveUp, match="upload_url: 302"):
            await voice.upload("U1", "findings.csv", DATA, "")
        assert seen[-1] == "/elsewhere"


@given(st.text() | st.builds("https://{}".format, st.text()), st.text())
def test_no_address_breaks_the_look_at_it(url: str, base: str) -> None:
    assert trusted(url, base) in (True, False)


@given(st.text(), st.sampled_from(["http://slack.example/api/", "http://slack.example:80/api/"]))
def test_without_encryption_only_slacks_own_host_is_trusted(rest: str, base: str) -> None:
    if trusted(f"http://{rest}", base):
        assert rest.startswith(base.removeprefix("http://").removesuffix("/api/"))
