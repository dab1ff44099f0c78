"""The room over real HTTP: what Slack sends, signed, and what comes back in time."""

# ruff: noqa: E501 - golden sentences stand on one line

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from inline_snapshot import snapshot

from bot.domain.errors import GiveUp, TryLater
from bot.domain.events import Phase
from bot.domain.messages import Modal
from bot.domain.people import Person
from bot.services.limits import Limits
from handlers.command import Origin, Submission
from handlers.slack import Keys, SlackRoom
from handlers.slack.replays import Replays
from handlers.slack.work import Work
from tests.handlers.conftest import START, FakeVoice, Office

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


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


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


async def test_a_wrong_code_is_answered_below_its_field_while_the_form_is_open(slack):
    slack.office.linking.codes[slack.office.bob] = ("AC3K-7WXY", "bob", 5)
    answer = await slack.sends("link_code", {"code": "AC3K-7WXZ"}, slack.office.bob)
    assert answer == snapshot(
        (200, {"response_action": "errors", "errors": {"code": "This is not the code. You have 4 more tries."}})
    )
    assert await slack.sends("link_code", {"code": "short"}, slack.office.bob) == snapshot(
        (
            200,
            {"response_action": "errors", "errors": {"code": "The code has eight letters and digits, like XXXX-XXXX."}},
        )
    )
    assert slack.ears.heard == []


async def test_a_right_code_closes_the_form_and_what_was_asked_for_is_done_once(slack):
    office = slack.office
    office.has_build(Phase.COMPLETE, trigger="github")
    await slack.types("build acme/web", office.bob, response_url="https://hooks.example/build")
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob) == (200, "")
    said = await slack.said(3)
    assert said[1:] == snapshot(
        [
            (
                "response",
                "https://hooks.example/bob",
                "You are *bob* on quay.example now. Now I do what you asked for: `/quay build acme/web`",
            ),
            (
                "response",
                "https://hooks.example/build",
                "Build `dbf23442` of `acme/web` is queued, from the same source as the last one (`dbf23442`). Its card follows in this channel.",
            ),
        ]
    )
    assert [call[0] for call in office.quay.calls] == ["token-bob"] * len(office.quay.calls)
    assert [call[1] for call in office.quay.calls].count("retry_build") == 1
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob)
    await slack.said(4)
    await slack.room.close()
    assert [call[1] for call in office.quay.calls].count("retry_build") == 1


async def test_a_response_url_that_is_used_up_meanwhile_is_no_end(slack):
    office = slack.office
    await slack.types("build acme/web", office.bob, response_url="https://hooks.example/build")
    await slack.said(1)
    slack.ears.closed.add("https://hooks.example/build")
    await slack.sends("link_account", {"token": "token-bob" + "x" * 20}, office.bob)
    await slack.said(2)
    office.quay.users["t" * 40] = "bob"
    await slack.sends("link_account", {"token": "t" * 40}, office.bob)
    said = await slack.said(4)
    assert [(way, where) for way, where, _ in said[2:]] == [("response", URL), ("whisper", "C1 U-BOB")]


async def test_a_mention_comes_back_to_its_thread(slack):
    office = slack.office
    event = {"type": "app_mention", "user": office.bob.user, "text": "<@U0BOT> build acme/web", "channel": "C1"}
    await slack.tells(event | {"thread_ts": "5.5", "ts": "6.6"})
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.types("link AC3K-7WXY", office.bob)
    await slack.said(3)
    assert slack.ears.heard[2][:2] == ("whisper", "C1 U-BOB")
    assert slack.ears.heard[2][2]["thread_ts"] == "5.5"


async def test_what_opens_a_window_is_offered_with_a_fresh_button(slack):
    office = slack.office
    office.has_build(Phase.BUILDING)
    await slack.presses("build_logs", office.bob, f"acme/web {office.build_id}")
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.types("link AC3K-7WXY", office.bob)
    await slack.said(3)
    (button,) = slack.ears.heard[2][2]["blocks"][-1]["elements"]
    assert (button["action_id"], button["value"]) == ("build_logs", f"acme/web {office.build_id}")
    assert office.voice.modals == {}


async def test_only_the_person_who_asked_gets_it_back(slack):
    office = slack.office
    await slack.types("build acme/web", office.bob)
    await slack.said(1)
    office.linking.codes[office.alice] = ("AC3K-7WXY", "alice", 5)
    await slack.types("link AC3K-7WXY", office.alice)
    await slack.said(2)
    await slack.room.close()
    assert office.quay.calls == []
    assert office.bob in office.kept.words


async def test_a_code_that_takes_too_long_to_look_at_is_answered_after_the_form_was_closed(office):
    turn = asyncio.Event()
    confirm = office.linking.confirm

    async def slow(person: Person, code: str) -> Any:
        await turn.wait()
        return await confirm(person, code)

    office.linking.confirm = slow
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    async for slack in a_slack(office, stays=0.0):
        assert await slack.sends("link_code", {"code": "AC3K-7WXZ"}, office.bob) == (200, "")
        turn.set()
        assert await slack.said() == [("response", URL, "This is not the code. You have 4 more tries.")]


async def test_too_much_is_answered_where_it_was_asked(office):
    async for slack in a_slack(office, limit=1):
        assert (await slack.types("help", office.bob))[1] == ""
        expected = snapshot(
            {
                "command": (200, "You have asked me for a lot in the last minute. Please try again in 60 s."),
                "form": (
                    200,
                    {
                        "response_action": "errors",
                        "errors": {"code": "You have asked me for a lot in the last minute. Please try again in 60 s."},
                    },
                ),
                "form without a field, click and mention": [
                    (
                        "response",
                        "https://hooks.example/bob",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                    (
                        "response",
                        "https://hooks.example/bob",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                    (
                        "whisper",
                        "C1 U-BOB",
                        "You have asked me for a lot in the last minute. Please try again in 60 s.",
                    ),
                ],
            }
        )
        assert await slack.types("help", office.bob) == expected["command"]
        assert await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob) == expected["form"]
        await slack.said(1)
        assert await slack.sends("nothing", {}, office.bob) == (200, "")
        await slack.said(2)
        assert await slack.presses("build_retry", office.bob, "acme/web b-1") == (200, "")
        await slack.said(3)
        await slack.tells({"type": "app_mention", "user": office.bob.user, "text": "<@U0BOT> help", "channel": "C1"})
        assert (await slack.said(4))[1:] == expected["form without a field, click and mention"]
        assert (await slack.types("help", office.alice))[1] == ""
        assert office.quay.calls == []


async def test_an_unsigned_request_is_not_counted(office):
    async for slack in a_slack(office, limit=1):
        form = {"command": "/quay", "text": "help", "team_id": "T1", "user_id": office.bob.user}
        for _ in range(5):
            async with slack._http.post(slack._door, data=form) as response:
                assert response.status == 401
        assert (await slack.types("help", office.bob))[1] == ""


GONE = {"type": "user_change", "user": {"id": "U-ALICE", "team_id": "T1", "deleted": True}}


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


async def test_a_guest_is_somebody_else_than_the_person_with_the_same_id_here(slack):
    guest = Person("T9", "U-ALICE")
    await slack.presses("build_retry", guest, "acme/web b-1")
    assert "I do not know your Quay account yet" in (await slack.said())[0][2]
    assert slack.office.quay.calls == []
    assert list(slack.office.kept.words) == [guest]


async def test_a_form_that_was_done_later_has_no_window_any_more_and_says_so(office):
    async def shows_more() -> Modal:
        return Modal("next", "Next", ())

    desk = replaced(office)
    await Work(desk).submitted(shows_more(), "first", Submission(office.bob, "", {}, Origin("C1", URL).pack()))
    assert desk.voice.said == snapshot(
        [
            (
                "response",
                "https://hooks.example/bob",
                "What you asked for shows in a window, and Slack opens one only for a fresh click. Please do it once more.",
            )
        ]
    )


async def test_a_window_that_is_open_shows_what_comes_next(office):
    async def shows_more() -> Modal:
        return Modal("next", "Next", ())

    desk = replaced(office)
    await Work(desk).submitted(shows_more(), "first", Submission(office.bob, "V7", {}, Origin("C1", URL).pack()))
    assert [modal.title for modal in desk.voice.modals["V7"]] == ["Next"]
    assert desk.voice.said == []


@pytest.mark.parametrize(
    "author",
    [{"subtype": "bot_message", "bot_id": "B1", "username": "Deploy"}, {"user": "U-ALICE", "bot_id": "B1"}, {}],
    ids=["a workflow", "another app", "no author"],
)
async def test_a_mention_by_a_machine_does_nothing(slack, author):
    slack.office.links_bob()
    event = {"type": "app_mention", "text": "<@U0BOT> unlink", "channel": "C1", "ts": "1.1"}
    assert (await slack.tells(event | author))[0] == 200
    await slack.types("help", slack.office.bob)
    assert [way for way, _, _ in await slack.said()] == ["response"]  # Bob's; the mention came first
    assert (slack.office.accounts.forgotten, slack.office.audit.lines) == ([], [])
    assert set(slack.office.accounts.kept) == {slack.office.alice, slack.office.bob}


@pytest.mark.parametrize("nobody", [Person("T1", ""), Person("", "U-ALICE")])
async def test_a_command_of_nobody_is_refused(slack, nobody):
    status, said = await slack.types("unlink", nobody)
    assert (status, "who you are" in str(said)) == (200, True)
    assert slack.office.audit.lines == []


async def test_presses_and_forms_of_nobody_do_nothing(slack):
    nobody = Person("T1", "")
    assert await slack.presses("link_start", nobody) == (200, "")
    assert await slack.sends("link_account", {"token": "x" * 40}, nobody) == (200, "")
    await slack.types("help", slack.office.bob)
    assert len(await slack.said()) == 1
    assert slack.office.linking.started == []


@pytest.mark.parametrize(("asks", "words"), [("types", "help"), ("presses", "link_start")])
async def test_the_same_signed_request_counts_once(slack, asks, words):
    slack._triggers = itertools.repeat(7)  # caught on its way, and sent again
    for _ in range(3):
        assert (await getattr(slack, asks)(words, slack.office.bob))[0] == 200
    slack._triggers = itertools.count(8)
    await slack.types("whoami", slack.office.bob)
    assert len(await slack.said(2)) == 2


def test_signatures_are_remembered_for_as_long_as_they_are_good_and_no_longer():
    replays, now = Replays(), START
    assert replays.first("v0=1", now)
    assert not replays.first("v0=1", now + timedelta(seconds=599))
    assert replays.first("v0=1", now + timedelta(seconds=601))


def test_so_many_signatures_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr("handlers.slack.replays._MOST", 3)
    replays = Replays()
    assert all(replays.first(f"v0={number}", START) for number in range(5))
    assert [replays.first(f"v0={number}", START) for number in (4, 1)] == [False, True]
