"""Requests as Slack would send them, word by word as somebody wants them: rightly signed, wrongly, or not at all."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.stories.reading import Json
from tests.stories.scenery import DEV
from tests.stories.world import World

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def signed(secret: str, body: bytes, at: float, kind: str = FORM) -> dict[str, str]:
    """The headers of a body that is signed with `secret` at that time."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


async def knock(world: World, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """Send a body to where Slack sends its own; status and text of the answer."""
    async with world.http.post(world.slack.deliver_to, data=body, headers=headers) as response:
        return response.status, await response.text()


async def sends(world: World, body: bytes) -> int:
    """Send it rightly signed, now."""
    return (await knock(world, body, signed(world.slack.signing_secret, body, world.clock.now().timestamp())))[0]


def command(world: World, user: str, text: str, channel: str = DEV) -> bytes:
    """A line that was typed behind /quay."""
    fields = {"command": "/quay", "text": text, "user_id": user, "team_id": world.slack.team, "channel_id": channel}
    return urlencode(fields).encode()


def press(world: World, user: str, action: str, value: str, /, **more: object) -> bytes:
    """A press of a button with any value, by anybody."""
    who = {"id": user, "team_id": world.slack.team}
    payload: Json = {"type": "block_actions", "user": who, "team": {"id": world.slack.team}, "channel": {"id": DEV}}
    payload["actions"] = [{"action_id": action, "block_id": "b", "type": "button", "value": value}]
    return urlencode({"payload": json.dumps(payload | more)}).encode()


def submission(world: World, user: str, callback: str, values: Mapping[str, str], private: str = "") -> bytes:
    """A form that was sent, with anything in its private text."""
    state = {block: {"field": {"type": "plain_text_input", "value": value}} for block, value in values.items()}
    view = {
        "id": "V0FORGED",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": private,
        "state": {"values": state},
    }
    who = {"id": user, "team_id": world.slack.team}
    payload = {"type": "view_submission", "user": who, "team": {"id": world.slack.team}, "view": view}
    return urlencode({"payload": json.dumps(payload)}).encode()
