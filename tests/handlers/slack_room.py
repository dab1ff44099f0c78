"""The room behind a real socket, Slack that knocks at its door, and ears that hear every answer."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import GiveUp
from bot.domain.people import Person
from bot.services.limits import Limits
from handlers.slack import Keys, SlackRoom
from tests.handlers.conftest import FakeVoice, Office

SECRET = "8f742231b10e8888abcd99edabcd00ff"
URL = "https://hooks.example/bob"


class Ears(FakeVoice):
    """Hears every answer, as (way, to whom or where, payload)."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, Mapping[str, Any]]] = []
        self.closed: set[str] = set()  # response_urls that are used up
        self.news = asyncio.Event()

    def _hear(self, way: str, where: str, payload: Mapping[str, Any]) -> None:
        self.heard.append((way, where, payload))
        self.news.set()

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        if url in self.closed:
            raise GiveUp("This address is too old.")
        self._hear("response", url, payload)

    async def whisper(self, channel: str, user: str, payload: Mapping[str, Any]) -> None:
        self._hear("whisper", f"{channel} {user}", payload)

    async def post(self, channel: str, payload: Mapping[str, Any], key: str) -> str:
        self._hear("post", channel, payload)
        return "1.1"

    async def update_view(self, view: str, modal: Any) -> None:
        if not view:
            raise GiveUp("The dialog was closed.")
        await super().update_view(view, modal)

    @property
    def said(self) -> list[tuple[str, str, str]]:
        return [(way, where, payload["text"]) for way, where, payload in self.heard]


class Slack:
    """Knocks at the room's door as somebody."""

    def __init__(self, office: Office, http: aiohttp.ClientSession, door: str, room: SlackRoom) -> None:
        self.office, self.room, self._http, self._door = office, room, http, door
        self.ears = office.desk.voice
        self._triggers = itertools.count()  # Slack sends no two requests that are the same

    async def _knock(self, body: str, kind: str) -> tuple[int, Any]:
        stamp = str(int(self.office.clock.now().timestamp()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}
        async with self._http.post(self._door, data=body, headers=headers) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else text

    def _trigger(self) -> str:
        return f"1.2.{next(self._triggers)}"

    async def types(self, text: str, person: Person, **more: str) -> tuple[int, Any]:
        fields = {"command": "/quay", "text": text, "team_id": person.team, "user_id": person.user, "channel_id": "C1"}
        fields |= {"response_url": URL, "trigger_id": self._trigger()} | more
        return await self._knock(urlencode(fields), "application/x-www-form-urlencoded")

    async def _acts(self, payload: dict[str, Any], person: Person) -> tuple[int, Any]:
        who = {"user": {"id": person.user, "team_id": person.team}, "team": {"id": "T1"}}
        who["trigger_id"] = self._trigger()
        return await self._knock(urlencode({"payload": json.dumps(who | payload)}), "application/x-www-form-urlencoded")

    async def presses(self, action: str, person: Person, value: str = "", **more: Any) -> tuple[int, Any]:
        pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value}
        container = {"type": "message", "message_ts": "1.1", "channel_id": "C1"}
        place = {"type": "block_actions", "channel": {"id": "C1"}, "container": container, "response_url": URL}
        return await self._acts(place | {"actions": [pressed]} | more, person)

    async def sends(self, callback: str, values: Mapping[str, str], person: Person) -> tuple[int, Any]:
        state = {block: {"field": {"type": "plain_text_input", "value": value}} for block, value in values.items()}
        view = {"id": "V1", "callback_id": callback, "private_metadata": json.dumps(["C1", URL]), "type": "modal"}
        return await self._acts({"type": "view_submission", "view": view | {"state": {"values": state}}}, person)

    async def tells(self, event: dict[str, Any], event_id: str = "Ev1") -> tuple[int, Any]:
        body = {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event}
        return await self._knock(json.dumps(body), "application/json")

    async def said(self, number: int = 1) -> list[tuple[str, str, str]]:
        """All that was answered, as soon as it is so much: the work goes on after the acknowledgement."""
        async with asyncio.timeout(10):
            while len(self.ears.heard) < number:
                self.ears.news.clear()
                await self.ears.news.wait()
        return self.ears.said


async def a_slack(office: Office, *, limit: int = 1000, stays: float = 5.0) -> AsyncIterator[Slack]:
    office.desk = replaced(office)
    async with aiohttp.ClientSession() as http:
        keys = Keys("xoxb-token", (SECRET,))
        limits = Limits(office.clock, limit, 1000)
        room = SlackRoom(
            desk=office.desk, keys=keys, api_url="http://127.0.0.1:1/", session=http, limits=limits, stays=stays
        )
        site = web.Application()
        site.router.add_post("/slack/events", room.http)
        async with TestServer(site) as server:
            yield Slack(office, http, str(server.make_url("/slack/events")), room)
            await room.close()


def replaced(office: Office) -> Any:
    """The desk, with a voice that hears."""
    office.voice = Ears()
    return replace(office.desk, voice=office.voice)
