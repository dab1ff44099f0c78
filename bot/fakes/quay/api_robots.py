"""Robots of organizations and of the caller over the API (facts §2.4, §3.2)."""

import re
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import Robot
from bot.fakes.quay.rights import is_member, is_org_admin
from bot.fakes.quay.views import when
from bot.fakes.quay.views_people import avatar

_NAME = "^([a-z0-9]+(?:[._-][a-z0-9]+)*)$"
_SHORTEST, _LONGEST = 2, 255
_UNKNOWN = "Could not find robot with specified username"
_NEW = {
    "type": "object",
    "description": "Optional data for creating a robot",
    "properties": {
        "description": {
            "type": "string",
            "description": "Optional text description for the robot",
            "maxLength": 255,
        },
        "unstructured_metadata": {
            "type": "object",
            "description": "Optional unstructured metadata for the robot",
        },
    },
}


def _namespace(call: Call) -> str:
    """Whose robots the path is about, if the caller is its admin: an organization, or (no name in it) the caller."""
    name = call.names.get("orgname")
    if name is None:
        return call.person("user:admin").user.name
    if name not in call.quay.organizations or not is_org_admin(call.quay, call.who, name):
        raise call.unauthorized()
    return name


def _view(robot: Robot, *, token: bool = True, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """A robot; the real server shows every token in clear (facts §3.2)."""
    used = when(robot.last_accessed) if robot.last_accessed else None
    view = {"name": robot.name, "created": when(robot.created), "last_accessed": used, **(more or {})}
    view["description"] = robot.description
    return view | {"token": robot.token} if token else view


def _roles(call: Call, robot: Robot) -> list[dict[str, Any]]:
    """What it may do in repositories; their names come without the namespace."""
    return [
        {"repository": {"name": one.name, "is_public": one.public}, "role": one.roles[robot.name]}
        for one in call.quay.repositories.values()
        if one.roles.get(robot.name, "none") != "none"
    ]


def _places(call: Call, robot: Robot) -> dict[str, Any]:
    """The teams and repositories of a robot."""
    organization = call.quay.organizations.get(robot.name.partition("+")[0])
    teams = organization.teams.values() if organization else ()
    mine = [team.name for team in teams if robot.name in team.members]
    names = [role["repository"]["name"] for role in _roles(call, robot)]
    return {"teams": [{"name": name, "avatar": avatar(name, "team", name)} for name in mine], "repositories": names}


async def list_all(call: Call) -> web.Response:
    """GET robots: for the caller, or for members of the organization, who see neither tokens nor places."""
    name = call.names.get("orgname")
    organization = call.quay.organizations.get(name or "")
    if name is None:
        name, admin = call.person("user:admin").user.name, True
    elif organization is None or not is_member(call.quay, call.who, organization):
        raise call.unauthorized()
    else:
        admin = is_org_admin(call.quay, call.who, name)
    found = [robot for robot in call.quay.robots.values() if robot.name.startswith(f"{name}+")]
    limit = call.number("limit", len(found), "If specified, the number of robots to return.")
    token, places = admin and call.flag("token", default=True), admin and call.flag("permissions")
    shown = [_view(robot, token=token, more=_places(call, robot) if places else None) for robot in found[:limit]]
    return answers.answer({"robots": shown})


def _find(call: Call) -> Robot:
    """The robot of the path; unknown ones are 400 everywhere."""
    found = call.quay.robots.get(f"{_namespace(call)}+{call.names['robot_shortname']}")
    if found is None:
        raise answers.message(400, _UNKNOWN)
    return found


async def get_one(call: Call) -> web.Response:
    """GET a robot, its token in clear."""
    robot = _find(call)
    return answers.answer({**_view(robot), "unstructured_metadata": robot.metadata or {}})


def _wrong(name: str) -> str:
    """What is wrong with a name, or nothing."""
    if not re.fullmatch(_NAME, name):
        return f"Namespace must match expression {_NAME}"
    if not _SHORTEST <= len(name) <= _LONGEST:
        return f"Namespace must be between {_SHORTEST} and {_LONGEST} characters in length"
    return ""


async def create(call: Call) -> web.Response:
    """PUT a new robot; a body is not needed."""
    namespace, short = _namespace(call), call.names["robot_shortname"]
    asked = call.request.can_read_body and call.request.content_type == "application/json"
    wish = await call.body(_NEW) if asked else {}
    if wrong := _wrong(short):
        raise call.problem("invalid_request", f"The name for the robot '{short}' is invalid: {wrong}")
    full_name = f"{namespace}+{short}"
    if full_name in call.quay.robots:
        raise call.problem("invalid_request", f"Existing robot with name: {full_name}")
    about = {key: wish.get(key) for key in ("description", "unstructured_metadata")}
    robot = call.quay.add_robot(full_name, about["description"] or "", metadata=about["unstructured_metadata"])
    call.note("create_robot", namespace, robot=short, **about)
    return answers.answer({**_view(robot), "unstructured_metadata": robot.metadata}, 201)


async def delete(call: Call) -> web.Response:
    """DELETE a robot with all it may do; one that a mirror works with stays."""
    robot = _find(call)
    namespace, _, short = robot.name.partition("+")
    try:
        call.quay.remove_robot(robot.name)
    except ValueError as error:
        raise call.problem("invalid_request", str(error)) from None
    call.note("delete_robot", namespace, robot=short)
    return answers.nothing()


async def regenerate(call: Call) -> web.Response:
    """POST regenerate: the new token in clear, and the old one is dead at once."""
    robot = _find(call)
    namespace, _, short = robot.name.partition("+")
    call.quay.renew_robot(robot.name)
    call.note("regenerate_robot_token", namespace, robot=short)
    return answers.answer(_view(robot))


async def permissions(call: Call) -> web.Response:
    """GET what a robot may do; for those of an organization it takes user:admin and org:admin together."""
    call.person("user:admin")
    name = call.names.get("orgname")
    if name is not None and not is_org_admin(call.quay, call.who, name):
        raise answers.message(403, answers.HIDDEN)
    return answers.answer({"permissions": _roles(call, _find(call))})
