"""Who may do what: the role on the repository AND the scope of the token, the smaller of both (facts §2.4)."""

from bot.fakes.quay.identities import Organization, Token
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.state import State

LEVELS = {"none": 0, "read": 1, "write": 2, "admin": 3}
_SCOPE_LEVELS = {"repo:read": 1, "repo:write": 2, "repo:admin": 3}


def _role(state: State, user: str, repository: str) -> int:
    """The person's own role. Admins of a namespace are admins of repositories that do not exist, too."""
    namespace = repository.partition("/")[0]
    organization = state.organizations.get(namespace)
    if user == namespace or (organization is not None and organization.has(user, "admin")):
        return LEVELS["admin"]
    found = state.repositories.get(repository)
    if found is None:
        return 0
    return max(LEVELS[found.roles.get(user, "none")], _role_of_teams(organization, found, user))


def _role_of_teams(organization: Organization | None, repository: FakeRepository, user: str) -> int:
    """The most that one of the person's teams may do there."""
    if organization is None:
        return 0
    mine = (name for name, team in organization.teams.items() if user in team.members)
    return max((LEVELS[repository.team_roles.get(name, "none")] for name in mine), default=0)


def may(state: State, who: Token | None, repository: str, role: str) -> bool:
    """Whether this token opens the repository for `role`. Public repositories are read by everybody."""
    found = state.repositories.get(repository)
    if role == "read" and found is not None and found.public:
        return True
    if who is None:
        return False
    scope = max((_SCOPE_LEVELS.get(name, 0) for name in who.scopes), default=0)
    return min(scope, _role(state, who.user.name, repository)) >= LEVELS[role]


def sees(state: State, who: Token | None, repository: str, *, public: bool = True) -> bool:
    """Whether lists and search show the repository: any valid token does, whatever its scopes (facts §2.4).

    Lists leave out foreign public repositories unless they are asked for them (`public`).
    """
    if public and state.repositories[repository].public:
        return True
    return who is not None and _role(state, who.user.name, repository) >= LEVELS["read"]


def is_org_admin(state: State, who: Token | None, namespace: str) -> bool:
    """Admin of an organization (or the owner of a user namespace) with a token that says so."""
    if who is None or "org:admin" not in who.scopes:
        return False
    organization = state.organizations.get(namespace)
    return who.user.name == namespace or (organization is not None and organization.has(who.user.name, "admin"))


def is_member(state: State, who: Token | None, organization: Organization, team: str = "") -> bool:
    """Whether the caller is in a team (or in this one) of the organization, with a token that may say so.

    Admins of the organization may look into every team.
    """
    if who is None or "org:admin" not in who.scopes:
        return False
    if is_org_admin(state, who, organization.name):
        return True
    return who.user.name in organization.teams[team].members if team else organization.has(who.user.name)


def is_superuser(who: Token | None) -> bool:
    """A listed superuser with the scope for it."""
    return who is not None and who.user.superuser and "super:user" in who.scopes
