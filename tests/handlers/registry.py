"""A hand-written Quay that remembers who asked it for what."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.errors import UserError
from bot.domain.events import Phase
from bot.domain.repositories import LogEntry, LogPage, Trigger
from bot.ports import Build, BuildLog, BuildRequest, LogLine, QuayUser, Revoking, Scopes, Sighting
from tests.handlers.double_messages import Board, FakeMessages
from tests.handlers.double_notifications import Bells, FakeNotifications
from tests.handlers.double_repositories import FakeRepositories, Hall, switched
from tests.handlers.double_robots import FakeRobots, Garage
from tests.handlers.double_tags import FakeTags, Shelf

BUILD_ID = "dbf23442-b521-45b9-9ba3-7d506a2e21c2"


@dataclass
class FakeQuay:
    """All of Quay: `calls` are (token, call, arguments). `errors` are raised by the call of that name."""

    users: dict[str, str] = field(default_factory=lambda: {"token-alice": "alice", "token-bob": "bob"})
    builds: dict[str, Build] = field(default_factory=dict)
    logs: dict[str, tuple[LogLine, ...]] = field(default_factory=dict)
    archived: bool = False
    trigger_list: tuple[Trigger, ...] = ()
    errors: dict[str, Exception] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    probed: Scopes = field(default_factory=Scopes)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)  # by "ns/repo:tag"
    teams: dict[str, frozenset[str]] = field(default_factory=dict)  # user names by "org/team"
    entries: tuple[LogEntry, ...] = ()
    log_pages: dict[str, LogPage] = field(default_factory=dict)  # by the token of the page, "" for the first
    hall: Hall = field(default_factory=Hall)
    revokes: Revoking = Revoking.NOT_LET
    banners: Board = field(default_factory=Board)
    shelf: Shelf = field(default_factory=Shelf)
    garage: Garage = field(default_factory=Garage)
    bells: Bells = field(default_factory=Bells)

    def as_token(self, token: str) -> "OnePersonsQuay":
        return OnePersonsQuay(self, token)


@dataclass
class OnePersonsQuay:
    all: FakeQuay
    token: str

    def _note(self, call: str, *arguments: Any) -> None:
        self.all.calls.append((self.token, call, *arguments))
        if call in self.all.errors:
            raise self.all.errors[call]

    @property
    def tags(self) -> FakeTags:
        return FakeTags(self.all.shelf, self._note)

    @property
    def messages(self) -> FakeMessages:
        return FakeMessages(self.all.banners, self.token)

    @property
    def notifications(self) -> FakeNotifications:
        return FakeNotifications(self.all.bells, self._note)

    @property
    def robots(self) -> FakeRobots:
        return FakeRobots(self.all.garage, self._note)

    @property
    def repositories(self) -> FakeRepositories:
        return FakeRepositories(self.all.hall, self._note, self._switch)

    def _switch(self, trigger: str, enabled: bool) -> None:
        self.all.trigger_list = switched(self.all.trigger_list, trigger, enabled)

    async def whoami(self) -> QuayUser:
        self._note("whoami")
        return QuayUser(self.all.users[self.token])

    def _new(self, repository: str, **facts: Any) -> Build:
        build = Build(
            BUILD_ID, repository, Phase.WAITING, name="c9d8ae9", requested_by=self.all.users[self.token], **facts
        )
        self.all.builds[build.id] = build
        return build

    async def request_build(self, repository: str, request: BuildRequest) -> Build:
        self._note("request_build", repository, request)
        return self._new(repository, tags=request.tags or ("latest",))

    async def start_trigger(
        self, repository: str, trigger: str, *, branch: str | None = None, commit: str | None = None
    ) -> Build:
        self._note("start_trigger", repository, trigger, branch, commit)
        return self._new(repository, trigger="github", ref=branch or "", commit=commit or "")

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        self._note("triggers", repository)
        return self.all.trigger_list

    async def build(self, repository: str, build: str) -> Build:
        self._note("build", repository, build)
        if build not in self.all.builds:
            raise UserError("There is no such build.")
        return self.all.builds[build]

    async def builds(self, repository: str, *, limit: int = 5) -> tuple[Build, ...]:
        self._note("builds", repository, limit)
        newest = [build for build in reversed(self.all.builds.values()) if build.repository == repository]
        return tuple(newest[:limit])

    async def build_log(self, repository: str, build: str, *, start: int = 0) -> BuildLog:
        self._note("build_log", repository, build, start)
        lines = self.all.logs.get(build, ())
        if self.all.archived:
            return BuildLog(0, 0, (), archived=True)
        return BuildLog(start, len(lines), lines[start:])

    async def retry_build(self, repository: str, build: str) -> Build:
        self._note("retry_build", repository, build)
        return self._new(repository)

    async def cancel_build(self, repository: str, build: str) -> None:
        self._note("cancel_build", repository, build)

    async def scopes(self) -> Scopes:
        self._note("scopes")
        return self.all.probed

    async def sighting(self, repository: str) -> Sighting:
        self._note("sighting", repository)
        return self.all.sightings.get(repository, Sighting(can_write=True, can_admin=True))

    async def tag_digest(self, repository: str, tag: str) -> str:
        self._note("tag_digest", repository, tag)
        return self.all.digests.get(f"{repository}:{tag}", "")

    async def in_team(self, organization: str, team: str) -> bool | None:
        self._note("in_team", organization, team)
        members = self.all.teams.get(f"{organization}/{team}")
        return None if members is None else self.all.users[self.token] in members

    async def log(self, repository: str, since: datetime, until: datetime) -> tuple[LogEntry, ...]:
        self._note("log", repository, since, until)
        return self.all.entries

    async def log_page(
        self, target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "", next_page: str = ""
    ) -> LogPage:
        self._note("log_page", target, since, until, kind, by, next_page)
        return self.all.log_pages.get(next_page, LogPage(()))

    async def revoke(self, client_id: str) -> Revoking:
        self._note("revoke", client_id)
        return self.all.revokes
