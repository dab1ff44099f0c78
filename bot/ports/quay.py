"""The registry as a wish: builds and accounts as one person sees them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.events import Phase, Progress
from bot.domain.repositories import LogEntry, LogPage, Trigger
from bot.ports.messages import Messages
from bot.ports.notifications import Notifications
from bot.ports.quay_images import Tagging, Tags
from bot.ports.repositories import Repositories
from bot.ports.robots import Robots


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


@dataclass(frozen=True, slots=True)
class Grant:
    """What Quay gave for a code. `scopes` are those that were asked for: Quay grants all or nothing (facts §2.1)."""

    token: str = field(repr=False)
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scopes:
    """What is known of a token's scopes, as far as harmless calls can tell; about the others nothing is known."""

    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the owner of a token may do in a repository, under this token's scopes (facts §3.5)."""

    can_write: bool
    can_admin: bool


@dataclass(frozen=True, slots=True)
class Client:
    """Our OAuth application at Quay. Without a secret only tokens in the fragment can come (facts §2.1)."""

    id: str
    secret: str = field(default="", repr=False)


class Revoking(StrEnum):
    """What came of revoking a token."""

    DONE = "done"
    SEVERAL = (
        "several"  # the person has several of that application: nobody can tell which is which, and none was revoked
    )
    NOT_LET = "not let"  # Quay does not let this token do it, or does not list it: it works as before


class Quay(Protocol):
    """The registry as one person sees it: every call is made with that person's own token.

    All calls raise UserError (a plain sentence; NotLinked for a dead token), TryLater (Quay is away or slow) or GiveUp
    (Quay answered what we cannot understand). `repository` is "namespace/name"; names may hold slashes.
    """

    @property
    def tags(self) -> Tags:
        """Looking at tags and images."""

    @property
    def tagging(self) -> Tagging:
        """Changing tags."""

    @property
    def robots(self) -> Robots:
        """Robot accounts."""

    @property
    def messages(self) -> Messages:
        """Global messages."""

    @property
    def repositories(self) -> Repositories:
        """Repositories and namespaces."""

    @property
    def notifications(self) -> Notifications:
        """Notifications of repositories and namespaces."""

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

    async def scopes(self) -> Scopes:
        """Which scopes the token has, found out with a few harmless reads. Raises NotLinked for a dead token."""

    async def sighting(self, repository: str) -> Sighting:
        """What the token may do in the repository. UserError if its owner does not see it."""

    async def tag_digest(self, repository: str, tag: str) -> str:
        """The digest that a living tag has now, "" if there is no such tag (read role)."""

    async def in_team(self, organization: str, team: str) -> bool | None:
        """Is the token's owner in that team? None: this token cannot find out."""

    async def log(self, target: str, since: datetime, until: datetime) -> tuple[LogEntry, ...]:
        """Quay's usage log between these times, newest first, 100 entries at most.

        `target` is a repository (repo admin), an organization (its admins, org:admin) or the caller's own namespace
        (user:admin).
        """

    async def log_page(
        self, target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "", next_page: str = ""
    ) -> LogPage:
        """About twenty entries of the same log, those of `kind` and by the account `by` if given; see `log`.

        Where few fit, it looks through a few hundred and gives what it found, with the way to look further.
        """

    async def revoke(self, client_id: str) -> Revoking:
        """Revoke this very token at Quay, where that is sure not to hit another one.

        Takes the scope user:admin, and that the person has one authorization of this application only (facts §2.3).
        Raises NotLinked if Quay does not take the token any more.
        """


class Registry(Protocol):
    """The way to a Quay."""

    async def describe(self) -> str:
        """A few words about the server, asked without any token. Raises TryLater or GiveUp when it is no Quay."""

    def as_token(self, token: str) -> Quay:
        """Quay as the owner of `token` sees it."""

    async def exchange(self, client: "Client", code: str, redirect_uri: str, scope: str) -> Grant:
        """The token for a code that Quay has sent the browser back with. `scope` to the letter as it was asked for.

        Raises UserError when Quay refuses the code, GiveUp when it refuses the client.
        """
