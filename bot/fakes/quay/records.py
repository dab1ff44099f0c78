"""The things a registry is made of: repositories, builds, notifications, deliveries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.fakes.quay.images import Shelf

TERMINAL = frozenset({"complete", "error", "internalerror", "cancelled"})
BODY = dict[str, Any]
ATTEMPTS = 5  # how often the notification worker tries one item (facts §1.3)
FAILURES_THAT_DISABLE = 3


@dataclass
class Mirror:
    """Where a repository is copied from, and the robot that does it. `interval` is in seconds."""

    source: str
    robot: str
    started: datetime
    patterns: tuple[str, ...] = ("*",)
    interval: int = 86400
    status: str = "SUCCESS"  # or NEVER_RUN, FAIL, SYNCING, SYNC_NOW, CANCEL
    enabled: bool = True
    username: str | None = None


@dataclass(kw_only=True)
class FakeRepository(Shelf):
    """A repository with its images and tags. `state` is NORMAL, READ_ONLY or MIRROR."""

    namespace: str
    name: str
    public: bool = False
    state: str = "NORMAL"
    description: str = ""
    badge: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    team_roles: dict[str, str] = field(default_factory=dict)
    mirror: Mirror | None = None

    @property
    def full_name(self) -> str:
        """Namespace and name as one."""
        return f"{self.namespace}/{self.name}"


@dataclass
class FakeTrigger:
    """A build trigger. `branches` None: the git host knows every branch that is asked for."""

    id: str
    repository: str
    service: str
    active: bool
    enabled: bool
    source: str
    secret: str
    branches: tuple[str, ...] | None = None
    pull_robot: str | None = None
    disabled_reason: str | None = None  # stays after switching on again (facts §3.3)


@dataclass
class FakeBuild:
    """A build. `logs` are entries as the API shows them; `archived` logs are no longer shown, only their address.

    `silent_since` is when the builder stopped its heartbeat: after 60 s the API says internalerror (facts §3.3).
    """

    id: str
    repository: str
    name: str
    tags: list[str]
    started: datetime
    phase: str = "waiting"
    manual_user: str | None = None
    is_manual: bool = True
    archive_url: str | None = None
    trigger: str | None = None
    trigger_metadata: BODY = field(default_factory=dict)
    subdirectory: str = "/Dockerfile"
    context: str = "/"
    pull_robot: str | None = None
    logs: list[BODY] = field(default_factory=list)
    status: BODY = field(default_factory=dict)
    archived: bool = False
    retries: int = 3
    silent_since: datetime | None = None


@dataclass
class FakeNotification:
    """A notification; `target` is a repository, or a namespace (quota events)."""

    uuid: str
    target: str
    event: str
    method: str
    config: BODY
    event_config: BODY
    title: str | None = None
    number_of_failures: int = 0
    announced: set[str] = field(default_factory=set)  # tags whose expiry was told

    @property
    def url(self) -> str:
        """Where it is delivered, empty for methods without one."""
        return str(self.config.get("url", ""))

    @property
    def disabled(self) -> bool:
        """Three failures in a row switch it off; nobody is told (facts §1.3)."""
        return self.number_of_failures >= FAILURES_THAT_DISABLE


@dataclass
class Item:
    """One thing to deliver to one notification."""

    id: int
    notification: str
    data: BODY
    due: datetime
    attempts_left: int = ATTEMPTS


@dataclass
class Message:
    """A global message."""

    uuid: str
    content: str
    media_type: str
    severity: str


@dataclass
class Robot:
    """A robot account, full name "namespace+short". `last_accessed` is when it last signed in at the registry."""

    name: str
    created: datetime
    token: str
    description: str = ""
    metadata: dict[str, Any] | None = None
    last_accessed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One API request as it was seen; status 0 means that the connection was dropped."""

    method: str
    path: str
    authorization: bool
    status: int
