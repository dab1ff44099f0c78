"""Who may do what: the role on the repository AND the scope of the token, the smaller of both (facts §2.4)."""

from bot.fakes.quay.records import Token
from bot.fakes.quay.state import State

LEVELS = {"none": 0, "read": 1, "write": 2, "admin": 3}
_SCOPE_LEVELS = {"repo:read": 1, "repo:write": 2, "repo:admin": 3}


def _role(state: State, user: str, repository: str) -> int:
    """The person's own role. Admins of a namespace are admins of repositories that do not exist, too."""
    namespace = repository.partition("/")[0]
    if user == namespace or user in state.organizations.get(namespace, ()):
        return LEVELS["admin"]
    found = state.repositories.get(repository)
    return LEVELS[found.roles.get(user, "none")] if found else 0


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
    return who.user.name == namespace or who.user.name in state.organizations.get(namespace, ())


def is_superuser(who: Token | None) -> bool:
    """A listed superuser with the scope for it."""
    return who is not None and who.user.superuser and "super:user" in who.scopes
