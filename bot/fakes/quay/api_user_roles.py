"""What people and robots may do on a repository, over the API (facts §3.5)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.rights import LEVELS
from bot.fakes.quay.views_people import avatar

_ROLE = {
    "type": "object",
    "required": ["role"],
    "properties": {
        "role": {
            "type": "string",
            "description": "Role to use for the user",
            "enum": [name for name in LEVELS if name != "none"],
        }
    },
}
_NONE = "User does not have permission for repo."


def _view(call: Call, name: str, role: str) -> dict[str, Any]:
    robot = name in call.quay.robots
    view = {"role": role, "name": name, "is_robot": robot, "avatar": avatar(name, "robot" if robot else "user")}
    organization = call.quay.organizations.get(call.names["repository"].partition("/")[0])
    return view if organization is None else view | {"is_org_member": robot or organization.has(name)}


def _given(roles: dict[str, str]) -> dict[str, str]:
    return {name: role for name, role in roles.items() if role != "none"}


async def list_roles(call: Call) -> web.Response:
    """GET what people and robots may do by themselves, not by their teams."""
    roles = _given(call.repository("admin").roles)
    return answers.answer({"permissions": {name: _view(call, name, role) for name, role in roles.items()}})


async def get_role(call: Call) -> web.Response:
    """GET what somebody may do by themselves."""
    roles, name = _given(call.repository("admin").roles), call.names["username"]
    if name not in roles:
        raise answers.message(400, _NONE)
    return answers.answer(_view(call, name, roles[name]))


async def put_role(call: Call) -> web.Response:
    """PUT what somebody may do."""
    found, name = call.repository("admin"), call.names["username"]
    role = (await call.body(_ROLE))["role"]
    if name not in call.quay.users and name not in call.quay.robots:
        raise call.problem("invalid_request", f"Invalid username: {name}")
    call.quay.grant(name, found.full_name, role)
    call.note(
        "change_repo_permission", found.full_name, username=name, repo=found.name, namespace=found.namespace, role=role
    )
    return answers.answer(_view(call, name, role))


async def delete_role(call: Call) -> web.Response:
    """DELETE what somebody may do."""
    found, name = call.repository("admin"), call.names["username"]
    if found.roles.pop(name, "none") == "none":
        raise call.problem("invalid_request", _NONE)
    call.note("delete_repo_permission", found.full_name, username=name, repo=found.name, namespace=found.namespace)
    call.quay.changed()
    return answers.nothing()


async def list_transitive(call: Call) -> web.Response:
    """GET what somebody may do by themselves or by their teams."""
    found, name = call.repository("admin"), call.names["username"]
    if name not in call.quay.users and name not in call.quay.robots:
        raise call.missing()
    organization = call.quay.organizations.get(found.namespace)
    teams = organization.teams.values() if organization else ()
    roles = [found.team_roles.get(team.name, "none") for team in teams if name in team.members]
    known = dict.fromkeys([found.roles.get(name, "none"), *roles])
    return answers.answer({"permissions": [{"role": role} for role in known if role != "none"]})
