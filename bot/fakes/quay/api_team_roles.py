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


def _role_view(role: str, team: str) -> dict[str, Any]:
    return {"role": role, "name": team, "avatar": avatar(team, "team", team)}


async def list_roles(call: Call) -> web.Response:
    """GET what teams may do on a repository."""
    roles = call.repository("admin").team_roles
    return answers.answer({"permissions": {team: _role_view(role, team) for team, role in roles.items()}})


async def get_role(call: Call) -> web.Response:
    """GET what a team may do on a repository."""
    roles, team = call.repository("admin").team_roles, call.names["teamname"]
    if team not in roles:
        raise answers.message(400, "Team does not have permission for repo.")
    return answers.answer({"role": roles[team]})


async def put_role(call: Call) -> web.Response:
    """PUT what a team may do on a repository."""
    found, team = call.repository("admin"), call.names["teamname"]
    role = (await call.body(_ROLE))["role"]
    organization = call.quay.organizations.get(found.namespace)
    if organization is None or team not in organization.teams:
        raise answers.message(400, "Team does not exist.")
    call.quay.grant_team(team, found.full_name, role)
    call.note("change_repo_permission", found.full_name, team=team, repo=found.name, role=role)
    return answers.answer(_role_view(role, team))


async def delete_role(call: Call) -> web.Response:
    """DELETE what a team may do on a repository."""
    found, team = call.repository("admin"), call.names["teamname"]
    if found.team_roles.pop(team, None) is None:
        raise answers.message(400, "Team does not have permission for repo.")
    call.note("delete_repo_permission", found.full_name, team=team, repo=found.name)
    call.quay.changed()
    return answers.nothing()
