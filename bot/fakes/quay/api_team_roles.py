"""What teams may do on a repository, over the API (facts §3.5)."""

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
            "description": "Role to use for the team",
            "enum": [name for name in LEVELS if name != "none"],
        }
    },
}


def _permission(call: Call) -> tuple[dict[str, str], str]:
    """The roles of teams on the repository of the path, and the team of the path."""
    return call.repository("admin").team_roles, call.names["teamname"]


def _role_view(role: str, team: str) -> dict[str, Any]:
    return {"role": role, "name": team, "avatar": avatar(team, "team", team)}


async def list_roles(call: Call) -> web.Response:
    """GET what teams may do on a repository."""
    roles = call.repository("admin").team_roles
    return answers.answer({"permissions": {team: _role_view(role, team) for team, role in roles.items()}})


async def get_role(call: Call) -> web.Response:
    """GET what a team may do on a repository."""
    roles, team = _permission(call)
    if team not in roles:
        raise answers.message(400, "Team does not have permission for repo.")
    return answers.answer({"role": roles[team]})


async def put_role(call: Call) -> web.Response:
    """PUT what a team may do on a repository."""
    _, team = _permission(call)
    role = (await call.body(_ROLE))["role"]
    organization = call.quay.organizations.get(call.names["repository"].partition("/")[0])
    if organization is None or team not in organization.teams:
        raise answers.message(400, "Team does not exist.")
    call.quay.grant_team(team, call.names["repository"], role)
    return answers.answer(_role_view(role, team))


async def delete_role(call: Call) -> web.Response:
    """DELETE what a team may do on a repository."""
    roles, team = _permission(call)
    if roles.pop(team, None) is None:
        raise answers.message(400, "Team does not have permission for repo.")
    call.quay.changed()
    return answers.nothing()
