"""Quay as one person sees it: each wish of `bot.ports.Quay` is one or two calls with that person's token."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.adapters.quay import asks, bodies, reading, scopes, teams, tokens, usage, words
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import forbidden
from bot.adapters.quay.messages import MessagesAs
from bot.adapters.quay.notifications import NotificationsAs
from bot.adapters.quay.probe import look
from bot.adapters.quay.repositories import RepositoriesAs
from bot.adapters.quay.robots import RobotsAs
from bot.adapters.quay.shapes import BuildShape, BuildsShape, LogShape, TriggerShape, TriggersShape
from bot.adapters.quay.shapes_people import RepositoryShape, TagsShape, UsageShape, UserShape
from bot.adapters.quay.tagging import TaggingAs
from bot.adapters.quay.tags import TagsAs
from bot.adapters.quay.transport import Transport
from bot.domain.errors import TryLater, UserError
from bot.domain.repositories import LogEntry, LogPage, Trigger
from bot.ports import (
    Build,
    BuildLog,
    BuildRequest,
    Messages,
    Notifications,
    Quay,
    QuayUser,
    Repositories,
    Revoking,
    Robots,
    Scopes,
    Sighting,
    Tagging,
    Tags,
)

T = TypeVar("T")


class QuayAs(Quay):
    """The registry with one token. Keep it for one piece of work only; it never shows the token."""

    def __init__(self, transport: Transport, token: str, now: Callable[[], datetime]) -> None:
        caller = Caller(transport, token, now)
        self._caller, self._transport, self._token, self._now = caller, transport, token, now
        self.read, self._ask = caller.read, caller.ask
        self._tags, self._tagging = TagsAs(caller), TaggingAs(caller)
        self._robots, self._messages = RobotsAs(caller), MessagesAs(caller)
        self._repositories, self._notifications = RepositoriesAs(caller), NotificationsAs(caller)

    @property
    def tags(self) -> Tags:
        """Looking at tags and images."""
        return self._tags

    @property
    def tagging(self) -> Tagging:
        """Changing tags."""
        return self._tagging

    @property
    def robots(self) -> Robots:
        """Robot accounts."""
        return self._robots

    @property
    def messages(self) -> Messages:
        """Global messages."""
        return self._messages

    @property
    def repositories(self) -> Repositories:
        """Repositories and namespaces."""
        return self._repositories

    @property
    def notifications(self) -> Notifications:
        """Notifications of repositories and namespaces."""
        return self._notifications

    async def whoami(self) -> QuayUser:
        """Whose token this is."""
        return QuayUser((await self.read(asks.whoami(), UserShape)).username)

    async def request_build(self, repository: str, request: BuildRequest) -> Build:
        """Start a build from an archive."""
        return await self._build(asks.request_build(repository, bodies.build_request(request)))

    async def start_trigger(
        self, repository: str, trigger: str, *, branch: str | None = None, commit: str | None = None
    ) -> Build:
        """Start a build through a trigger.

        A hosted service ignores a commit and builds its default branch, so the trigger is read first then.
        """
        ask = asks.start_trigger(repository, trigger, bodies.run(branch, commit))
        if commit and (await self.read(asks.trigger(repository, trigger), TriggerShape)).service != bodies.CUSTOM_GIT:
            raise UserError(words.NEEDS_BRANCH)
        return await self._build(ask)

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        """The repository's build triggers."""
        found = await self.read(asks.triggers(repository), TriggersShape)
        return tuple(reading.to_trigger(one) for one in found.triggers if one.id)

    async def build(self, repository: str, build: str) -> Build:
        """One build with its current phase."""
        return await self._build(asks.build(repository, build))

    async def builds(self, repository: str, *, limit: int = 5) -> tuple[Build, ...]:
        """The newest builds, newest first."""
        found = await self.read(asks.builds(repository, limit), BuildsShape)
        return tuple(reading.to_build(one, repository) for one in found.builds if one.id)

    async def build_log(self, repository: str, build: str, *, start: int = 0) -> BuildLog:
        """The log from entry `start` on."""
        return reading.to_log(await self.read(asks.build_log(repository, build, start), LogShape), max(start, 0))

    async def retry_build(self, repository: str, build: str) -> Build:
        """Request the same build again."""
        old = await self.read(asks.build(repository, build), BuildShape)
        if old.trigger.id and not old.archive_url:
            return await self._build(asks.start_trigger(repository, old.trigger.id, bodies.same_run(old)))
        if not old.archive_url and not old.is_writer:  # Quay hides it from readers (facts §3.3)
            raise forbidden(asks.request_build(repository, {}), await look(self._transport, self._token, repository))
        return await self._build(asks.request_build(repository, bodies.same_build(old)))

    async def cancel_build(self, repository: str, build: str) -> None:
        """Cancel a build; the body of the answer says nothing."""
        await self._ask(asks.cancel_build(repository, build))

    async def scopes(self) -> Scopes:
        """Which scopes the token has, as far as harmless reads can tell."""
        return await scopes.find_out(self._transport, self._token)

    async def sighting(self, repository: str) -> Sighting:
        """What the token may do in the repository."""
        seen = await self.read(asks.sight(repository), RepositoryShape)
        return Sighting(seen.can_write, seen.can_admin)

    async def tag_digest(self, repository: str, tag: str) -> str:
        """The digest that a living tag has now, "" if there is no such tag."""
        found = await self.read(asks.tag(repository, tag), TagsShape)
        return reading.to_digest(found, tag, self._now(), self._transport.host)

    async def in_team(self, organization: str, team: str) -> bool | None:
        """Is the token's owner in that team?"""
        return await teams.is_member(self._transport, self._token, organization, team)

    async def log(self, target: str, since: datetime, until: datetime) -> tuple[LogEntry, ...]:
        """The usage log of a repository, an organization or the caller between these times, newest first."""
        return await self._logged(usage.between(self._page_of_log, await self._stretch(target, since, until)), target)

    async def log_page(
        self, target: str, since: datetime, until: datetime, *, kind: str = "", by: str = "", next_page: str = ""
    ) -> LogPage:
        """About twenty entries of the same log, and the way to older ones."""
        stretch = replace(await self._stretch(target, since, until), kind=kind, by=by)
        found = usage.part(self._page_of_log, stretch, enough=usage.PAGE, next_page=next_page)
        return await self._logged(found, target)

    async def _stretch(self, target: str, since: datetime, until: datetime) -> usage.Stretch:
        own = "/" not in target and await self._caller.is_mine(target)
        return usage.Stretch(target, since, until, own=own)

    async def _page_of_log(self, ask: Ask) -> UsageShape:
        return await self.read(ask, UsageShape)

    async def _logged(self, found: Awaitable[T], target: str) -> T:
        try:
            async with asyncio.timeout(3 * self._transport.deadline):  # many pages, each with its own deadline
                return await found
        except TimeoutError:
            say = words.no_answer(self._transport.host)
            raise TryLater(say, after=10.0, detail=f"the usage log of {target}: too slow") from None

    async def revoke(self, client_id: str) -> Revoking:
        """Revoke this very token at Quay, if it is the owner's only one of that application."""
        return await tokens.revoked(self._transport, self._token, client_id)

    async def _build(self, ask: Ask) -> Build:
        return reading.to_build(await self.read(ask, BuildShape), ask.repository)
