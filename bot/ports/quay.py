"""The registry as a wish: builds and accounts as one person sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.events import Phase, Progress


@dataclass(frozen=True, slots=True)
class Build:
    """A build as Quay's API shows it, without what may hold a secret (archive URL, trigger config; facts §3.3)."""

    id: str
    repository: str
    phase: Phase
    name: str = ""
    tags: tuple[str, ...] = ()
    started: datetime | None = None
    requested_by: str = ""
    trigger: str = ""
    ref: str = ""
    commit: str = ""
    commit_url: str = ""
    commit_message: str = ""
    author: str = ""
    error: str = ""
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a build log. `kind` is "phase", "command", "error" or "" (plain); `text` may hold ANSI codes."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BuildLog:
    """A page of a build's log; `archived` means that Quay gives only an address of an archive now."""

    start: int
    total: int
    lines: tuple[LogLine, ...]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A build trigger without its config (it holds credentials)."""

    id: str
    service: str
    active: bool
    enabled: bool
    source: str = ""  # repository or git address it builds from, credentials removed


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build from an archive. `archive_url` is http(s) and ASCII; tags default to latest at Quay."""

    archive_url: str = field(repr=False)
    tags: tuple[str, ...] = ()
    dockerfile: str = ""
    context: str = ""
    subdirectory: str = ""
    pull_robot: str = ""


@dataclass(frozen=True, slots=True)
class QuayUser:
    """Who a token belongs to."""

    username: str


class Quay(Protocol):
    """The registry as one person sees it: every call is made with that person's own token.

    All calls raise UserError (a plain sentence; NotLinked for a dead token), TryLater (Quay is away or slow) or GiveUp
    (Quay answered what we cannot understand). `repository` is "namespace/name"; names may hold slashes.
    """

    async def whoami(self) -> QuayUser:
        """Whose token this is (GET user; needs the scope user:read)."""

    async def request_build(self, repository: str, request: BuildRequest) -> Build:
        """Start a build from an archive. Never repeated by itself: a second call is a second build."""

    async def start_trigger(
        self, repository: str, trigger: str, *, branch: str | None = None, commit: str | None = None
    ) -> Build:
        """Start a build through trigger id `trigger` with a branch (hosted git) or a commit (custom git)."""

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        """The repository's build triggers (repo admin)."""

    async def build(self, repository: str, build: str) -> Build:
        """One build with its current phase."""

    async def builds(self, repository: str, *, limit: int = 5) -> tuple[Build, ...]:
        """The newest builds, newest first (read role)."""

    async def build_log(self, repository: str, build: str, *, start: int = 0) -> BuildLog:
        """The log from entry `start` on (write role)."""

    async def retry_build(self, repository: str, build: str) -> Build:
        """Request the same build again (same archive or trigger and commit, tags, file, context, robot).

        Quay has no such call: the adapter reads the old build and asks for a new one, so that archive addresses,
        which may hold secrets, never leave it. UserError when the old build does not tell enough.
        """

    async def cancel_build(self, repository: str, build: str) -> None:
        """Cancel (repo admin; surely possible only while it waits)."""


class Registry(Protocol):
    """The way to a Quay."""

    async def describe(self) -> str:
        """A few words about the server, asked without any token. Raises TryLater or GiveUp when it is no Quay."""

    def as_token(self, token: str) -> Quay:
        """Quay as the owner of `token` sees it."""
