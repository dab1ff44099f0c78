"""Slack knocks: who is not Slack stays outside, everything else is answered in time."""

import asyncio
import json
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from inline_snapshot import snapshot

from tests.stories.forging import FORM, JSON, knock, signed
from tests.stories.reading import read
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

COMMAND = urlencode({"command": "/quay", "text": "help", "user_id": "U0ALICE", "team_id": "T0FAKE"}).encode()


async def test_an_unsigned_request_is_a_401_and_does_nothing(world: World) -> None:
    status, _ = await knock(world, COMMAND, {"Content-Type": FORM})
    assert status == 401
    assert {call.method for call in world.slack.calls} <= {"auth.test"}  # asked at the start


@pytest.mark.parametrize("off", [-400, 400])
async def test_a_request_of_another_time_is_a_401(world: World, off: int) -> None:
    status, _ = await knock(world, COMMAND, signed(world.slack.signing_secret, COMMAND, time.time() + off))
    assert status == 401


async def test_a_request_signed_by_somebody_else_is_a_401(world: World) -> None:
    status, _ = await knock(world, COMMAND, signed("8f742231b10e8888abcd99edabcd00ff", COMMAND, time.time()))
    assert status == 401


async def test_a_changed_body_is_a_401(world: World) -> None:
    status, _ = await knock(world, COMMAND + b"&x=1", signed(world.slack.signing_secret, COMMAND, time.time()))
    assert status == 401


async def test_both_signing_secrets_open_the_door_while_one_is_being_replaced(sleeping: World) -> None:
    new = "0123456789abcdef0123456789abcdef"
    await sleeping.wake(slack_signing_secret=_secrets(new, sleeping))
    for secret in (new, sleeping.slack.signing_secret):
        status, _ = await knock(sleeping, COMMAND, signed(secret, COMMAND, time.time()))
        assert status == 200


def _secrets(new: str, world: World) -> list[Any]:
    old = world.settings.slack_signing_secret[0]
    return [type(old)(new), old]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b"\xff", JSON),
        (b"payload=%7B", FORM),
        (b"payload=1", FORM),
        (b"", FORM),
        (b"text=help", FORM),
        (b"{}", "text/plain"),
        (b'{"type": ' + b"[" * 50_000, JSON),
    ],
)
async def test_a_signed_request_that_makes_no_sense_is_a_400(world: World, body: bytes, kind: str) -> None:
    status, _ = await knock(world, body, signed(world.slack.signing_secret, body, time.time(), kind))
    assert status == 400


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": "tokens_revoked"}},
        {"type": "event_callback", "event_id": "Ev2", "event": {"type": "message", "subtype": "odd", "channel": "C1"}},
        {"type": "event_callback"},
        {"type": "event_callback", "event_id": {}, "event": "odd", "authorizations": 1},
        {"type": "event_callback", "event_id": "Ev3", "event": {"type": "app_mention", "text": 1, "user": []}},
        {"type": "event_callback", "event_id": "Ev4", "event": {"type": 1, "channel": 2, "user": 3, "message": 4}},
        {"type": "something_new"},
        {"type": 1},
        {},
    ],
)
async def test_an_event_that_nobody_knows_is_a_200(world: World, payload: dict[str, Any]) -> None:
    body = json.dumps(payload).encode()
    status, _ = await knock(world, body, signed(world.slack.signing_secret, body, time.time(), JSON))
    assert status == 200


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "user": {"id": "U0ALICE"}, "actions": [{"action_id": "gone", "block_id": "b"}]},
        {"type": "block_actions", "user": {"id": "U0ALICE"}, "actions": []},
        {"type": "view_submission", "user": {"id": "U0ALICE"}, "view": {"callback_id": "gone"}},
        {"type": "view_closed", "user": {"id": "U0ALICE"}, "view": {"callback_id": "gone"}},
        {"type": "block_actions", "user": "U0ALICE", "team": 1, "channel": "C0DEV", "actions": [5]},
        {"type": "block_actions", "user": 1, "container": [], "actions": [{"action_id": 1, "block_id": 1}]},
        {"type": "view_submission", "user": {}, "view": 1},
        {"type": "block_suggestion", "user": {"id": "U0ALICE"}, "action_id": "gone", "value": ""},
        {"type": "shortcut", "callback_id": "gone", "user": {"id": "U0ALICE"}},
        {"type": "message_action", "callback_id": "gone", "user": {"id": "U0ALICE"}},
        {"type": "workflow_step_edit", "callback_id": "gone"},
        {"type": "something_new"},
        {},
    ],
)
async def test_an_interaction_that_nobody_knows_is_a_200(world: World, payload: dict[str, Any]) -> None:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    status, _ = await knock(world, body, signed(world.slack.signing_secret, body, time.time()))
    assert status == 200


async def test_another_command_is_answered_with_the_right_one(world: World) -> None:
    answer = await world.types("alice", "/deploy acme/web")
    assert (answer.status, answer.body) == snapshot((200, "I only answer to /quay. Try `/quay help`."))


async def test_slacks_certificate_check_is_a_200(world: World) -> None:
    assert (await knock(world, b"ssl_check=1&token=x", {"Content-Type": FORM}))[0] == 200


async def test_the_challenge_is_echoed_when_the_address_is_set_up(world: World) -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1aB"}).encode()
    status, text = await knock(world, body, signed(world.slack.signing_secret, body, time.time(), JSON))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1aB"})
    status, _ = await knock(world, body, {"Content-Type": JSON})
    assert status == 401


async def test_a_repeated_event_has_its_effect_once(world: World) -> None:
    await world.links("alice")
    for retry in (None, 1, 2):
        text = f"build acme/web --archive-url {ARCHIVE}"
        answer = await world.mentions("alice", text, event_id="EvOnce", retry=retry)
        assert answer.status == 200
    await world.card(DEV, "Build queued")
    await world.settled()
    assert len(world.quay.builds) == 1


async def test_a_mention_is_answered_where_it_was_made(world: World) -> None:
    await world.mentions("alice", "help")
    assert read(await world.whispered("alice", "What I can do"))


async def test_slack_is_acknowledged_while_quay_still_thinks(world: World) -> None:
    await world.links("alice")
    world.quay.slow = 0.7
    before = time.monotonic()
    answer = await world.types("alice", "/quay whoami")
    took = time.monotonic() - before
    assert answer.status == 200
    assert world.slack.whispers(PEOPLE["alice"]) == [], f"the work was done first, in {took:.2f} s"
    await world.whispered("alice", "You are *alice*")


async def test_a_request_costs_no_call_of_slack_but_its_answer(world: World) -> None:
    for _ in range(3):
        await world.types("alice", "/quay help")
    await world.slack.wait(lambda: len(world.slack.whispers(PEOPLE["alice"])) == 3)
    # Whether the token works is asked at the start, and not again for each request.
    assert Counter(call.method for call in world.slack.calls) == {"response_url": 3, "auth.test": 1}


async def test_a_bot_without_commands_over_http_takes_none(sleeping: World) -> None:
    """With an app token Slack comes through Socket Mode: the door for HTTP is not there at all."""
    token = type(sleeping.settings.slack_app_token)(sleeping.slack.app_token)
    await sleeping.wake(slack_app_token=token)
    assert (await knock(sleeping, COMMAND, signed(sleeping.slack.signing_secret, COMMAND, time.time())))[0] == 404


async def test_a_flood_of_one_persons_commands_is_bounded_and_everybody_else_is_served(world: World) -> None:
    await world.links("alice")
    world.quay.slow = 3.0
    floods = [asyncio.create_task(world.types("alice", "/quay whoami")) for _ in range(30)]
    answers = await asyncio.gather(*floods)
    assert {answer.status for answer in answers} == {200}
    told = [whisper["text"] for whisper in world.slack.whispers(PEOPLE["alice"])]
    assert sum("still running" in text for text in told) == 20
    assert (await world.types("bob", "/quay help")).status == 200
    await world.whispered("bob", "What I can do")
