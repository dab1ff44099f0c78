"""What the page reads and does on the server, and who may drive it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fakes.page import Hint, Note, routes
from tests.fakes.page_world import MODAL, NASTY, Answered, ScriptedWorld

Client = TestClient[web.Request, web.Application]
MARK = {"X-Quaybot-Demo": "1"}


@pytest.fixture
def world() -> ScriptedWorld:
    return ScriptedWorld()


@pytest.fixture
async def client(world: ScriptedWorld) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(routes(world))
    app.on_shutdown.append(world.board.close_streams)
    async with TestClient(TestServer(app)) as client:
        yield client


async def act(client: Client, name: str, body: Any, **headers: str) -> tuple[int, Any]:
    async with client.post(f"/demo/{name}", json=body, headers={**MARK, **headers}) as response:
        return response.status, await response.json()


async def state(client: Client, user: str = "U1") -> Any:
    async with client.get("/demo/state", params={"user": user}) as response:
        assert response.status == 200
        return await response.json()


async def test_the_state_is_what_the_acting_person_sees(client: Client, world: ScriptedWorld) -> None:
    world.slack.say("C1", text="hello")
    world.slack.views["U1"] = [MODAL]
    world.queued, world.waiting = 3, 34
    world.at_hand["U2"] = [Note("bob's token", "t0ken")]
    world.invited["U1"] = [Hint("/quay help", "ask")]
    await world.slack.command("U1", "C1", "help", "/quay")

    mine, theirs = await state(client, "U1"), await state(client, "U2")

    assert [channel["id"] for channel in mine["channels"]] == ["C1", "C2", "D1"]
    assert [channel["id"] for channel in theirs["channels"]] == ["C1", "C2"]  # the direct conversation is alice's
    assert [message["text"] for message in mine["messages"]["C1"]] == ["hello"]
    assert [whisper["text"] for whisper in mine["whispers"]] == ["You said `help`"]
    assert (theirs["whispers"], theirs["views"]) == ([], [])
    assert mine["views"] == [MODAL]
    assert mine["status"] == {"queued": 3, "waiting": 34, "down": False}
    assert (mine["notes"], theirs["notes"]) == ([], [{"says": "bob's token", "value": "t0ken"}])
    assert (mine["tries"], theirs["tries"]) == ([{"usage": "/quay help", "says": "ask"}], [])
    assert [user["name"] for user in mine["users"]] == ["alice", "bob"]  # nobody acts as the bot
    assert mine["version"] == world.board.version


async def test_without_a_user_the_state_is_the_first_persons(client: Client) -> None:
    async with client.get("/demo/state") as response:
        assert (await response.json())["user"] == "U1"


@pytest.mark.parametrize("user", ["U9", "UBOT", NASTY])
async def test_nobody_can_look_as_somebody_who_is_not_there(client: Client, user: str) -> None:
    async with client.get("/demo/state", params={"user": user}) as response:
        assert (response.status, await response.json()) == (404, {"error": "There is no such person here."})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Quaybot-Demo": "0"},
        {**MARK, "Origin": "https://evil.example"},
        {**MARK, "Origin": "null"},
        {**MARK, "Sec-Fetch-Site": "cross-site"},
        {**MARK, "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_web_page_cannot_drive_the_demo(
    client: Client, world: ScriptedWorld, headers: dict[str, str]
) -> None:
    body = {"user": "U1", "channel": "C1", "text": "/quay help"}
    async with client.post("/demo/command", json=body, headers=headers) as response:
        assert response.status == 403
        assert "error" in await response.json()
    assert world.slack.done == []


async def test_the_pages_own_origin_may_drive_it(client: Client, world: ScriptedWorld) -> None:
    origin = str(client.make_url("/").origin())
    status, _ = await act(client, "command", {"user": "U1", "channel": "C1", "text": " /quay help "}, Origin=origin)
    assert status == 200
    assert world.slack.done == [("command", "U1", "C1", "help")]


async def test_behind_a_proxy_the_browsers_word_counts(client: Client) -> None:
    headers = {"Origin": "https://demo.example", "Sec-Fetch-Site": "same-origin"}
    status, _ = await act(client, "command", {"user": "U1", "channel": "C1", "text": "/quay"}, **headers)
    assert status == 200


async def test_plain_words_are_answered_with_a_hint(client: Client, world: ScriptedWorld) -> None:
    status, body = await act(client, "command", {"user": "U1", "channel": "C1", "text": "hello"})
    assert (status, body) == (
        400,
        {"error": "This composer only speaks slash commands. Try /quay help."},
    )
    assert world.slack.done == []


async def test_a_press_reaches_the_message_and_a_lost_message_is_explained(
    client: Client, world: ScriptedWorld
) -> None:
    ts = world.slack.say("C1", text="press me")
    press = {"user": "U1", "channel": "C1", "ts": ts, "action_id": "ack"}
    assert await act(client, "click", press) == (200, {})
    lost = await act(client, "click", {**press, "ts": "1.0", "whisper": True})
    assert lost == (409, {"error": "That did not work: that message is gone"})
    assert world.slack.done == [
        ("click", "U1", "C1", ts, "ack", False, None),
        ("click", "U1", "C1", "1.0", "ack", True, None),
    ]


async def test_an_app_that_does_not_answer_is_told_in_slacks_words(client: Client, world: ScriptedWorld) -> None:
    world.slack.answer = Answered(0, None, "operation_timeout")
    status, body = await act(client, "command", {"user": "U1", "channel": "C1", "text": "/quay tags x"})
    assert status == 502
    assert body == {"error": "/quay failed with the error “operation_timeout”. Try again in a moment."}


async def test_shortcuts_are_listed_and_reach_the_app(client: Client, world: ScriptedWorld) -> None:
    world.slack.shortcuts = [{"name": "Restore", "type": "global", "callback_id": "restore", "description": "Back"}]
    assert (await state(client))["shortcuts"] == world.slack.shortcuts
    ts = world.slack.say("C1", text="broken")
    assert await act(client, "shortcut", {"user": "U1", "callback_id": "restore"}) == (200, {})
    assert await act(client, "shortcut", {"user": "U1", "callback_id": "this", "channel": "C1", "ts": ts}) == (200, {})
    assert world.slack.done == [
        ("shortcut", "U1", "restore", None, None),
        ("shortcut", "U1", "this", "C1", ts),
    ]


async def test_a_submission_hands_the_apps_answer_back(client: Client, world: ScriptedWorld) -> None:
    world.slack.views["U1"] = [MODAL]
    taken = {"name": {"text": {"type": "plain_text_input", "value": "taken"}}}
    status, body = await act(client, "submit", {"user": "U1", "values": taken})
    errors = {"response_action": "errors", "errors": {"name": "That name is taken."}}
    assert (status, body) == (200, {"status": 200, "body": errors, "error": None})
    assert world.slack.done == [("submit", "U1", {"name": {"text": "taken"}})]


async def test_options_view_presses_and_closing_reach_the_modal(client: Client, world: ScriptedWorld) -> None:
    _, found = await act(client, "options", {"user": "U1", "action_id": "pick", "value": "web"})
    assert [one["value"] for one in found["body"]["options"]] == ["acme/web"]
    assert await act(
        client,
        "click_view",
        {"user": "U1", "action_id": "more", "value": {"type": "overflow", "selected_option": {"value": "x"}}},
    ) == (200, {})
    assert await act(client, "close_view", {"user": "U1"}) == (200, {})
    assert world.slack.done == [
        ("options", "U1", "pick", "web"),
        ("click_view", "U1", "more", {"value": "x"}),
        ("close_view", "U1"),
    ]


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("command", {"channel": "C1", "text": "/quay help"}, "command"),
        ("click", {"channel": "C1", "ts": "1.0", "action_id": "ack"}, "click"),
        ("click_view", {"action_id": "more"}, "click"),
        ("submit", {"values": {}}, "form"),
        ("options", {"action_id": "pick", "value": "web"}, "search"),
        ("shortcut", {"callback_id": "restore"}, "shortcut"),
    ],
)
async def test_while_slack_is_down_it_carries_nothing_to_the_bot(
    client: Client, world: ScriptedWorld, name: str, body: Any, what: str
) -> None:
    world.slack.down = True
    status, told = await act(client, name, {"user": "U1", **body})
    assert (status, told) == (503, {"error": f"Slack is down: your {what} cannot reach the bot."})
    assert world.slack.done == []


async def test_while_slack_is_down_a_modal_can_be_closed_and_things_happen_in_quay(
    client: Client, world: ScriptedWorld
) -> None:
    world.slack.views["U1"] = [MODAL]
    world.slack.down = True
    assert await act(client, "close_view", {"user": "U1"}) == (200, {})
    assert (await act(client, "happen", {"what": "push"}))[0] == 200


async def test_what_happened_is_in_the_log(client: Client, world: ScriptedWorld) -> None:
    wish = {"what": "push", "repository": "acme/web", "tag": "v2"}
    assert await act(client, "happen", wish) == (200, {"said": "Did: push"})
    assert world.wishes == [("push", {"repository": "acme/web", "tag": "v2"})]
    assert [line["text"] for line in (await state(client))["log"]] == ["Did: push"]


async def test_what_could_not_happen_is_in_the_log_with_its_reason(client: Client) -> None:
    assert await act(client, "happen", {"what": "push", "tag": "forbidden"}) == (
        409,
        {"error": "That tag cannot be pushed."},
    )
    assert [line["text"] for line in (await state(client))["log"]] == ["That tag cannot be pushed."]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("happen", {"what": "earthquake"}, 404),
        ("happen", {"what": "push", "tag": 7}, 400),
        ("command", {"user": "U1", "channel": "C9", "text": "/quay"}, 404),
        ("command", {"user": "UBOT", "channel": "C1", "text": "/quay"}, 404),
        ("command", {"user": "U1", "channel": "C1"}, 400),
        ("command", {"user": "U1", "channel": "C1", "text": "/giphy cat"}, 404),
        ("click", {"user": "U1", "channel": "C1", "ts": 1, "action_id": "x"}, 400),
        ("submit", {"user": "U1", "values": "all"}, 400),
        ("click_view", {"user": "U1", "action_id": "more", "values": "all"}, 400),
        ("shortcut", {"user": "U1"}, 400),
        ("shortcut", {"user": "U1", "callback_id": "x", "channel": "C9", "ts": "1.0"}, 404),
        ("options", {"user": "U1", "action_id": "x", "value": "y", "block_id": 7}, 400),
        ("submit", {"user": "U1", "values": {"name": "x"}}, 400),
        ("close_view", ["U1"], 400),
        ("close_view", None, 400),
    ],
)
async def test_a_wrong_wish_is_refused_with_words(client: Client, name: str, body: Any, status: int) -> None:
    got, told = await act(client, name, body)
    assert got == status
    assert told["error"]


@settings(max_examples=25, deadline=None)
@given(raw=st.binary(max_size=60))
async def test_whatever_is_posted_is_refused_or_done_but_never_breaks(raw: bytes) -> None:
    world = ScriptedWorld()
    app = web.Application()
    app.add_routes(routes(world))
    async with TestClient(TestServer(app)) as client, client.post("/demo/submit", data=raw, headers=MARK) as response:
        assert response.status in {400, 404}
        assert (await response.json())["error"]
