"""Who is asking: ids, never names (names change and can be taken over)."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """A Slack user. `team` is the workspace id (T…), or the organization id (E…) of an org-wide install."""

    team: str
    user: str


@dataclass(frozen=True, slots=True)
class Account:
    """The Quay account that a person linked. `token` is the clear OAuth token: kept in memory for one call only."""

    person: Person
    username: str
    linked_at: datetime
    token: str = field(repr=False)
