"""Repositories, their build triggers and usage logs: what a registry tells of them, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MOST_ENTRIES = 100  # of a usage log, that one look at it brings (see `ports.Quay.log`)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as a list or its own page shows it. None and 0 where this view does not tell."""

    name: str  # "namespace/name"
    description: str = ""
    public: bool = False
    state: str = "NORMAL"  # or READ_ONLY, MIRROR; "" where this view does not tell
    can_write: bool | None = None
    can_admin: bool | None = None
    keeps_for: int = 0  # seconds for which dead tags can be restored
    tags: int | None = None  # living tags, at most 500 are counted
    newest_tag: str = ""
    last_changed: datetime | None = None
    bytes_used: int | None = None


@dataclass(frozen=True, slots=True)
class RepositoryPage:
    """Some repositories, and the token of the next page ("" for none)."""

    rows: tuple[Repository, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Mirroring:
    """How a mirror is. `status` is Quay's word (SUCCESS, FAIL, SYNCING, NEVER_RUN, …), `enabled` whether it runs."""

    status: str
    enabled: bool = True
    next_at: datetime | None = None  # when the next sync begins, if Quay says so


@dataclass(frozen=True, slots=True)
class Trigger:
    """A build trigger without its config (it holds credentials)."""

    id: str
    service: str
    active: bool
    enabled: bool
    source: str = ""  # repository or git address it builds from, credentials removed


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of Quay's own usage log. `performer` is a user or robot name, "" if Quay names none.

    `about` holds the texts of its metadata that tell what it is about (repo, tag, build ids, manual_user, …).
    """

    kind: str
    at: datetime
    performer: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries of a usage log, newest first; `next` leads to older ones, "" if there are none in that time.

    `calls` is how many calls to Quay it took to find them.
    """

    entries: tuple[LogEntry, ...]
    next: str = ""
    calls: int = 1
