"""Who is asking: ids, never names (names change and can be taken over)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """A Slack user. `team` is the workspace id (T…), or the organization id (E…) of an org-wide install."""

    team: str
    user: str


class Way(StrEnum):
    """How an account was linked (facts §2.2)."""

    CODE = "code"  # OAuth's code flow: admins of the organization that owns the application
    ASSIGNED = "assigned"  # an admin assigned a token, which came back in the fragment of the callback's address
    PASTED = "pasted"  # the person brought a token


@dataclass(frozen=True, slots=True)
class Account:
    """The Quay account that a person linked. `token` is the clear OAuth token: kept in memory for one call only.

    `scopes` are those that Quay said it granted; None: nobody knows (a pasted token).
    """

    person: Person
    username: str
    linked_at: datetime
    token: str = field(repr=False)
    way: Way = Way.PASTED
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack shows them. `name` is foreign text; empty if Slack does not tell.

    `zone` is their time zone ("Europe/Berlin") as Slack names it, `offset` how many seconds east of UTC they are now;
    empty and None if Slack does not tell.
    """

    user: str
    name: str = ""
    deleted: bool = False
    zone: str = ""
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as Slack shows it. `name` is foreign text, "" if Slack does not tell.

    `private`: only its members can read it. `shared`: people of other workspaces or companies are in it.
    """

    id: str
    name: str = ""
    private: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the bot is installed. `enterprise` is set in Enterprise Grid. `name` is foreign text."""

    team: str
    name: str = ""
    enterprise: str = ""
