"""The rest of the API that the bot meets: who am I, robots, global messages (facts §3.2, §3.4)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import Message, Robot
from bot.fakes.quay.rights import is_org_admin, is_superuser
from bot.fakes.quay.views import when
from bot.fakes.quay.views_people import user_view

_STRING = {"type": "string"}
_MESSAGE = {
    "type": "object",
    "properties": {
        "message": {
            "type": "object",
            "required": ["content", "media_type", "severity"],
            "properties": {
                "content": _STRING,
                "media_type": {"type": "string", "enum": ["text/plain", "text/markdown"]},
                "severity": {"type": "string", "enum": ["info", "warning", "error"]},
            },
        }
    },
}
_HIDDEN = (
    "You don't have the permission to access the requested resource. "
    "It is either read-protected or not readable by the server."
)
_PAGE_TYPE = "text/html; charset=utf-8"


async def get_user(call: Call) -> web.Response:
    """GET user: 401 without a living token, and also for a good token without user:read (facts §2.4)."""
    if call.who is None or not call.who.scopes & {"user:read", "user:admin"}:
        raise call.problem("invalid_token", "Requires authentication", session_required=False)
    return answers.answer(user_view(call, call.who.user, call.who.scopes))


def _robot_view(call: Call, robot: Robot) -> dict[str, Any]:
    view: dict[str, Any] = {"name": robot.name, "created": when(robot.created), "last_accessed": None}
    if call.flag("permissions"):
        view |= {"teams": [], "repositories": []}
    view["description"] = robot.description
    if call.flag("token", default=True):
        view["token"] = robot.token  # the real server shows every one in clear
    return view


async def list_robots(call: Call) -> web.Response:
    """GET an organization's robots: organization admins with org:admin."""
    name = call.names["orgname"]
    if not is_org_admin(call.quay, call.who, name):
        raise call.unauthorized()
    found = [robot for robot in call.quay.robots.values() if robot.name.startswith(f"{name}+")]
    limit = call.number("limit", len(found), "If specified, the number of robots to return.")
    return answers.answer({"robots": [_robot_view(call, robot) for robot in found[:limit]]})


async def list_messages(call: Call) -> web.Response:
    """GET messages: for everybody."""
    shown = [
        {"uuid": m.uuid, "content": m.content, "severity": m.severity, "media_type": m.media_type}
        for m in call.quay.messages
    ]
    return answers.answer({"messages": shown})


async def create_message(call: Call) -> web.Response:
    """POST messages: 201 without a body; without the wrapper the server falls over."""
    wish = await call.body(_MESSAGE)
    if not is_superuser(call.who):
        raise answers.message(403, _HIDDEN)
    if "message" not in wish:
        raise answers.crash()
    call.quay.messages.append(Message(uuid=call.quay.uuid(), **_known(wish["message"])))
    call.quay.changed()
    return answers.raw("", 201, _PAGE_TYPE)


def _known(message: dict[str, Any]) -> dict[str, Any]:
    return {key: message[key] for key in ("content", "media_type", "severity")}


async def delete_message(call: Call) -> web.Response:
    """DELETE message/<uuid>: 204, also for unknown ids."""
    if not is_superuser(call.who):
        raise answers.message(403, _HIDDEN)
    call.quay.messages[:] = [m for m in call.quay.messages if m.uuid != call.names["uuid"]]
    call.quay.changed()
    return answers.nothing(_PAGE_TYPE)
