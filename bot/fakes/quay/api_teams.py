"""Teams of an organization and their members over the API (facts §3.5)."""

import re

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import ROLES_OF_TEAMS, Organization, Team
from bot.fakes.quay.people import OWNERS
from bot.fakes.quay.rights import is_member, is_org_admin
from bot.fakes.quay.views_people import avatar, member_view

_STRING = {"type": "string"}
_TEAM = {
    "type": "object",
    "required": ["role"],
    "properties": {
        "role": {
            "type": "string",
            "description": "Org wide permissions that should apply to the team",
            "enum": list(ROLES_OF_TEAMS),
        },
        "description": _STRING,
    },
}
_NAME = "^([a-z0-9]+(?:[._-][a-z0-9]+)*)$"


async def put_team(call: Call) -> web.Response:
    """PUT a team: makes it or changes its role."""
    organization, name = call.organization(), call.names["teamname"]
    wish = await call.body(_TEAM)
    if not re.fullmatch(_NAME, name):
        raise answers.message(400, f"Invalid team name {name}: Namespace must match expression {_NAME}")
    found = organization.teams.get(name)
    if found is None:
        call.quay.add_team(organization.name, name, wish["role"], description=wish.get("description", ""))
        call.note("org_create_team", organization.name, team=name)
    else:
        found.role = wish["role"]
        found.description = wish.get("description", found.description)
    team = organization.teams[name]
    picture = avatar(name, "team", name)
    view = {"name": name, "description": team.description, "can_view": True, "role": team.role, "avatar": picture}
    call.quay.changed()
    return answers.answer(view | {"new_team": found is None})


async def delete_team(call: Call) -> web.Response:
    """DELETE a team, and its roles on repositories with it."""
    organization, team = _team(call)
    if team.name == OWNERS:
        raise answers.message(400, "The owners of an organization cannot be deleted")
    del organization.teams[team.name]
    for repository in call.quay.repositories.values():
        if repository.namespace == organization.name:
            repository.team_roles.pop(team.name, None)
    call.note("org_delete_team", organization.name, team=team.name)
    call.quay.changed()
    return answers.nothing()


def _team(call: Call, *, admin: bool = True) -> tuple[Organization, Team]:
    """The team of the path; unknown ones are 404 for admins, and hidden from everybody else."""
    organization = call.organization(admin=admin)
    team = organization.teams.get(call.names["teamname"])
    is_admin = is_org_admin(call.quay, call.who, organization.name)
    if not is_admin and (team is None or not is_member(call.quay, call.who, organization, team.name)):
        raise call.unauthorized()
    if team is None:
        raise call.missing()
    return organization, team


async def list_members(call: Call) -> web.Response:
    """GET members of a team: for its members and the organization's admins, with org:admin."""
    organization, team = _team(call, admin=False)
    members = [member_view(call, name) for name in team.members]
    edits = is_org_admin(call.quay, call.who, organization.name)
    return answers.answer({"name": team.name, "members": members, "can_edit": edits})


async def list_permissions(call: Call) -> web.Response:
    """GET what a team may do in repositories: for the organization's admins."""
    organization, team = _team(call)
    found = [
        {"repository": {"name": one.name, "is_public": one.public}, "role": one.team_roles[team.name]}
        for one in call.quay.repositories.values()
        if one.namespace == organization.name and one.team_roles.get(team.name, "none") != "none"
    ]
    return answers.answer({"permissions": found})


async def put_member(call: Call) -> web.Response:
    """PUT a member: they are in at once, as this server asks nobody for consent."""
    organization, team = _team(call)
    name = call.names["membername"]
    if name not in call.quay.users and name not in call.quay.robots:
        raise call.problem("invalid_request", "Unknown user")
    call.quay.join_team(organization.name, team.name, name)
    call.note("org_add_team_member", organization.name, member=name, team=team.name)
    return answers.answer(member_view(call, name))


async def delete_member(call: Call) -> web.Response:
    """DELETE a member of a team."""
    organization, team = _team(call)
    name = call.names["membername"]
    if name not in team.members:
        raise answers.message(400, f"User {name} does not belong to team {team.name}")
    call.quay.leave_team(organization.name, team.name, name)
    call.note("org_remove_team_member", organization.name, member=name, team=team.name)
    return answers.nothing()
