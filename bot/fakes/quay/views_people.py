"""How accounts, organizations, teams, applications and tokens look in answers: exactly the keys that were recorded."""

import hashlib
from datetime import datetime
from typing import Any

from bot.fakes.quay import scopes
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import Application, Organization, Team, Token, User
from bot.fakes.quay.rights import is_member, is_org_admin

_COLORS = (
    "969696aec7e8ff7f0effbb782ca02c98df8ad62728ff98969467bdc5b0d58c564bc49c94e377c2f7b6d27f7f7fc7c7c7"
    "bcbd221f77b417becf9edae5393b795254a36b6ecf9c9ede9ecae131a354b5cf6ba1d99b8c6d31ad494ae7ba52a55194"
)
_BACKFILL = {"running_backfill": "complete", "backfill_status": "complete"}


def avatar(name: str, kind: str, source: str | None = None) -> dict[str, Any]:
    """The picture of something, computed from its mail address (teams: from their name)."""
    digest = hashlib.sha256((source or f"{name}@example.com").encode()).hexdigest()
    at = int(digest[:2], 16) % 32 * 6  # 32 colours of six digits
    return {"name": name, "hash": digest, "color": f"#{_COLORS[at : at + 6]}", "kind": kind}


def _quota() -> dict[str, Any]:
    return {"quotas": [], "quota_report": {"quota_bytes": 0, "configured_quota": None, **_BACKFILL}}


def user_view(call: Call, user: User, allowed: frozenset[str]) -> dict[str, Any]:
    """The answer of GET user: short with `user:read`, long with `user:admin`."""
    view: dict[str, Any] = {"anonymous": False, "username": user.name, "avatar": avatar(user.name, "user")}
    full = "user:admin" in allowed
    if full:
        view |= {"can_create_repo": True, "is_me": True, "verified": True, "email": user.email, "logins": []}
        view |= {"invoice_email": False, "invoice_email_address": None, "preferred_namespace": False}
        view |= {"tag_expiration_s": 1209600, "prompts": ["enter_name", "enter_company"], "company": None}
        view |= {"family_name": None, "given_name": None, "location": None, "is_free_account": True}
        view |= {"has_password_set": True} | _quota()
    mine = [made for made in call.quay.organizations.values() if made.has(user.name)]
    view["organizations"] = [_membership(call, organization, full=full) for organization in mine]
    if user.superuser and "super:user" in allowed:
        view["super_user"] = True
    return view


def _membership(call: Call, organization: Organization, *, full: bool) -> dict[str, Any]:
    """An organization in the list of its member's own."""
    admin, who = is_org_admin(call.quay, call.who, organization.name), call.who
    creates = who is not None and any(organization.has(who.user.name, role) for role in ("creator", "admin"))
    creator = admin or (creates and who is not None and "repo:create" in who.scopes)
    picture = avatar(organization.name, "org", organization.email)
    view = {"name": organization.name, "avatar": picture, "can_create_repo": creator, "public": False}
    return view | {"is_org_admin": admin, "preferred_namespace": False} if full else view


def team_view(call: Call, organization: Organization, team: Team) -> dict[str, Any]:
    """A team in the answer about its organization."""
    return {
        "name": team.name,
        "description": team.description,
        "role": team.role,
        "avatar": avatar(team.name, "team", team.name),
        "can_view": is_member(call.quay, call.who, organization, team.name),
        "repo_count": sum(team.name in found.team_roles for found in call.quay.repositories.values()),
        "member_count": len(team.members),
        "is_synced": False,
    }


def organization_view(call: Call, organization: Organization, *, teams: bool = True) -> dict[str, Any]:
    """An organization: three words for strangers, teams for members, all of it for admins."""
    admin, member = is_org_admin(call.quay, call.who, organization.name), is_member(call.quay, call.who, organization)
    view: dict[str, Any] = {
        "name": organization.name,
        "email": organization.email if admin else "",
        "avatar": avatar(organization.name, "user", organization.email),
        "is_admin": admin,
        "is_member": member,
    }
    if not member:
        return view
    shown = organization.teams.values() if teams else ()
    view["teams"] = {team.name: team_view(call, organization, team) for team in shown}
    view["ordered_teams"] = [team.name for team in shown]
    if admin:
        view |= {"invoice_email": False, "invoice_email_address": None}
        view |= {"tag_expiration_s": organization.tag_expiration_s, "is_free_account": True}
    return view | _quota()


def member_view(call: Call, name: str) -> dict[str, Any]:
    """A member of a team, person or robot."""
    robot = name in call.quay.robots
    picture = avatar(name, "robot" if robot else "user")
    return {"name": name, "kind": "user", "is_robot": robot, "avatar": picture, "invited": False}


def application_view(made: Application) -> dict[str, Any]:
    """An application for the admins of its organization: the secret is in clear."""
    return {
        "name": made.name,
        "description": made.description,
        "application_uri": made.application_uri,
        "client_id": made.client_id,
        "client_secret": made.client_secret,
        "redirect_uri": made.redirect_uri,
        "avatar_email": made.avatar_email,
    }


def pictures(call: Call, made: Application) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pictures of an application (that of its organization if it has no address of its own) and of that."""
    owner = call.quay.organizations.get(made.organization)
    mail = owner.email if owner is not None else f"{made.organization}@example.com"
    return avatar(made.name, "app", made.avatar_email or mail), avatar(made.organization, "org", mail)


def owner_view(call: Call, made: Application, *, client_id: bool = False) -> dict[str, Any]:
    """An application as the owner of a token of it sees it."""
    picture, owner = pictures(call, made)
    return {
        "name": made.name,
        **({"clientId": made.client_id} if client_id else {}),
        "description": made.description,
        "url": made.application_uri,
        "avatar": picture,
        "organization": {"name": made.organization, "avatar": owner},
    }


def authorization_view(call: Call, token: Token) -> dict[str, Any]:
    """A token as its owner sees it."""
    application = owner_view(call, call.quay.applications[token.client_id])
    return {"application": application, "scopes": scopes.information(token.scope), "uuid": token.uuid}


def _stamp(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment is not None else None


def token_view(token: Token) -> dict[str, Any]:
    """A token as the admins of its application's organization see it: everything but the token itself."""
    return {
        "uuid": token.uuid,
        "name": token.name,
        "scope": token.scope,
        "expires_at": _stamp(token.expires),
        "created": _stamp(token.created),
        "created_by": token.user.name,
        "last_accessed": _stamp(token.last_accessed),
    }


def superuser_view(user: User) -> dict[str, Any]:
    """An account as superusers see it."""
    return {
        "kind": "user",
        "name": user.name,
        "username": user.name,
        "email": user.email,
        "verified": True,
        "avatar": avatar(user.name, "user"),
        "super_user": user.superuser,
        "global_readonly_super_user": False,
        "enabled": user.enabled,
        **_quota(),
    }
