"""Who is who in the fake Quay: accounts, teams, organizations, applications, tokens, sessions, and the usage log."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROLES_OF_TEAMS = ("member", "creator", "admin")


@dataclass
class User:
    """An account. Mail addresses are made up from the name; the password is in clear, as nothing here is real."""

    name: str
    superuser: bool = False
    enabled: bool = True
    password: str = ""
    starred: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        """The address of the account."""
        return f"{self.name}@example.com"


@dataclass
class Team:
    """A team of an organization with its role there (member, creator or admin) and its members, oldest first."""

    name: str
    role: str = "member"
    description: str = ""
    members: list[str] = field(default_factory=list)


@dataclass
class Organization:
    """An organization. Who is in a team of role admin is an admin of all of it."""

    name: str
    email: str
    tag_expiration_s: int = 1209600
    teams: dict[str, Team] = field(default_factory=dict)

    def has(self, user: str, role: str = "") -> bool:
        """Whether the account is in any team, or (role) in one of that role."""
        return any(user in team.members and role in ("", team.role) for team in self.teams.values())


@dataclass
class Application:
    """An OAuth application of an organization."""

    client_id: str
    client_secret: str
    organization: str
    name: str
    redirect_uri: str = ""
    application_uri: str = ""
    description: str = ""
    avatar_email: str | None = None


@dataclass
class Token:
    """What a request may do: an OAuth token, or a session (number 0), which may do whatever its user may.

    `scopes` is what it may at most (facts §2.4), `scope` the words that were asked for. `client_id` is whose it is.
    """

    user: User
    scopes: frozenset[str]
    revoked: bool = False
    number: int = 0
    uuid: str = ""
    client_id: str = ""
    scope: str = ""
    name: str | None = None
    created: datetime | None = None
    expires: datetime | None = None
    last_accessed: datetime | None = None

    def alive(self, now: datetime) -> bool:
        """Whether it opens anything: not revoked, not run out, and its user is not disabled."""
        return not self.revoked and self.user.enabled and (self.expires is None or now < self.expires)


@dataclass(frozen=True)
class Code:
    """An authorization code that was not exchanged yet."""

    client_id: str
    user: User
    scope: str


@dataclass(frozen=True)
class Assignment:
    """A token that an organization's admin has assigned to an account, which has to consent still (facts §2.2)."""

    uuid: str
    client_id: str
    username: str
    redirect_uri: str
    scope: str
    response_type: str


@dataclass
class Session:
    """What a browser's cookie stands for. Without an id nobody remembers it; `user` is "" until somebody signs in."""

    id: str = ""
    csrf: str = ""
    user: str = ""


@dataclass(frozen=True)
class LogRow:
    """One row of the usage log. `performer` is None where the real server names none."""

    kind: str
    namespace: str
    repository: str
    metadata: dict[str, Any]
    at: datetime
    performer: str | None = None
