"""A fake Slack with two people in it, a bot that only notes what arrives, and a clock that only tests move."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from bot.fakes.slack import FakeSlack


class HandClock:
    """Time stands still until somebody moves it; sleeping moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 13, 40, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Heard:
    """One request at the bot's door."""

    headers: Any
    raw: bytes

    @property
    def fields(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.raw.decode(), keep_blank_values=True).items()}

    @property
    def payload(self) -> dict[str, Any]:
        text = self.raw.decode()
        payload: dict[str, Any] = json.loads(text if text.startswith("{") else self.fields["payload"])
        return payload


@dataclass
class Bot:
    """The bot under no test: answers what it is told to."""

    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[], web.StreamResponse] = web.Response

    def says(self, body: Any) -> None:
        self.answer = lambda: web.json_response(body)

    async def door(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(Heard(request.headers, await request.read()))
        return self.answer()


@dataclass
class Desk:
    """Everything a test needs. `call` is the bot calling Slack; it returns the decoded reply."""

    slack: FakeSlack
    clock: HandClock
    bot: Bot
    http: aiohttp.ClientSession

    async def raw(self, method: str, **how: Any) -> tuple[int, Any, dict[str, Any]]:
        how.setdefault("headers", {"Authorization": f"Bearer {self.slack.bot_token}"})
        async with self.http.post(self.slack.url + method, **how) as response:
            body = await response.json() if response.content_type == "application/json" else {}
            return response.status, response.headers, body

    async def call(self, method: str, **args: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.slack.bot_token}", "Content-Type": "application/json; charset=utf-8"}
        status, _, body = await self.raw(method, data=json.dumps(args), headers=headers)
        return {**body, "status": status} if status != 200 else body

    async def post(self, text: str = "hello", channel: str = "C1", **args: Any) -> str:
        reply = await self.call("chat.postMessage", channel=channel, text=text, **args)
        assert reply["ok"], reply
        return str(reply["ts"])

    async def respond(self, url: str, payload: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(url, json=payload) as response:
            return response.status, await response.json()


@asynccontextmanager
async def desk(**options: Any) -> AsyncIterator[Desk]:
    clock, bot = HandClock(), Bot()
    slack = FakeSlack(clock=clock, **options)
    slack.add_user("U1", "ada")
    slack.add_user("U2", "grace")
    slack.add_channel("C1", "releases", members=["U1"])
    app = web.Application()
    app.router.add_post("/slack/events", bot.door)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.start()
    slack.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        async with aiohttp.ClientSession() as http:
            yield Desk(slack, clock, bot, http)
    finally:
        await slack.stop()
        await runner.cleanup()


def section(text: str = "hi") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Go"}, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Build"}
    return {"type": "modal", "title": title, "blocks": list(blocks) or [section()], **more}


def field_block(name: str, **element: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": name}
    inside = {"type": "plain_text_input", "action_id": "in", **element}
    return {"type": "input", "block_id": name, "label": label, "element": inside}


SUBMIT = {"type": "plain_text", "text": "Start"}
