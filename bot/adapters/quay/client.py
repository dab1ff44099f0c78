"""Quay as one person sees it: each wish of `bot.ports.Quay` is one or two calls with that person's token."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from pydantic import BaseModel

from bot.adapters.quay import asks, bodies, reading, words
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.asks import Ask
from bot.adapters.quay.cookies import no_cookies
from bot.adapters.quay.errors import UNKNOWN, forbidden, translate, wants_sight
from bot.adapters.quay.probe import look
from bot.adapters.quay.shapes import (
    BuildShape,
    BuildsShape,
    DiscoveryShape,
    LogShape,
    TriggerShape,
    TriggersShape,
    UserShape,
)
from bot.adapters.quay.transport import Transport
from bot.domain.errors import UserError
from bot.ports import Build, BuildLog, BuildRequest, Quay, QuayUser, Registry, Trigger

_Shape = TypeVar("_Shape", bound=BaseModel)


class QuayAs(Quay):
    """The registry with one token. Keep it for one piece of work only; it never shows the token."""

    def __init__(self, transport: Transport, token: str) -> None:
        self._transport = transport
        self._token = token

    async def whoami(self) -> QuayUser:
        """Whose token this is."""
        return QuayUser((await self._read(asks.whoami(), UserShape)).username)

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
        if commit and (await self._read(asks.trigger(repository, trigger), TriggerShape)).service != bodies.CUSTOM_GIT:
            raise UserError(words.NEEDS_BRANCH)
        return await self._build(ask)

    async def triggers(self, repository: str) -> tuple[Trigger, ...]:
        """The repository's build triggers."""
        found = await self._read(asks.triggers(repository), TriggersShape)
        return tuple(reading.to_trigger(one) for one in found.triggers if one.id)

    async def build(self, repository: str, build: str) -> Build:
        """One build with its current phase."""
        return await self._build(asks.build(repository, build))

    async def builds(self, repository: str, *, limit: int = 5) -> tuple[Build, ...]:
        """The newest builds, newest first."""
        found = await self._read(asks.builds(repository, limit), BuildsShape)
        return tuple(reading.to_build(one, repository) for one in found.builds if one.id)

    async def build_log(self, repository: str, build: str, *, start: int = 0) -> BuildLog:
        """The log from entry `start` on."""
        return reading.to_log(await self._read(asks.build_log(repository, build, start), LogShape), max(start, 0))

    async def retry_build(self, repository: str, build: str) -> Build:
        """Request the same build again."""
        old = await self._read(asks.build(repository, build), BuildShape)
        if old.trigger.id and not old.archive_url:
            return await self._build(asks.start_trigger(repository, old.trigger.id, bodies.same_run(old)))
        if not old.archive_url and not old.is_writer:  # Quay hides it from readers (facts §3.3)
            raise forbidden(asks.request_build(repository, {}), await look(self._transport, self._token, repository))
        return await self._build(asks.request_build(repository, bodies.same_build(old)))

    async def cancel_build(self, repository: str, build: str) -> None:
        """Cancel a build; the body of the answer says nothing."""
        await self._ask(asks.cancel_build(repository, build))

    async def _build(self, ask: Ask) -> Build:
        return reading.to_build(await self._read(ask, BuildShape), ask.repository)

    async def _read(self, ask: Ask, shape: type[_Shape]) -> _Shape:
        return reading.shaped(await self._ask(ask), shape, self._transport.host)

    async def _ask(self, ask: Ask) -> Answer:
        """The answer, if it is a 2xx; else the error that names the cause."""
        answer = await self._transport.exchange(ask, self._token)
        if 200 <= answer.status < 300:
            return answer
        sight = await look(self._transport, self._token, ask.repository) if wants_sight(ask, answer) else UNKNOWN
        raise translate(ask, answer, self._transport.host, sight)


class QuayRegistry(Registry):
    """One Quay for everybody: one connection pool, no memory of persons.

    `base_url` may have a path and a slash at its end. `deadline` is seconds for a whole call with its repetitions;
    explaining a refusal may take up to three more. A `client` that is passed in stays its owner's to close.
    Raises ValueError for an address that is none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        client: httpx.AsyncClient | None = None,
        deadline: float = 10.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        used = client or httpx.AsyncClient(cookies=no_cookies(), headers={"User-Agent": "quaybot"})
        self._own = None if client else used
        self._transport = Transport(base_url, used, deadline=deadline, sleep=sleep)

    def as_token(self, token: str) -> QuayAs:
        """Quay as the owner of `token` sees it."""
        return QuayAs(self._transport, token)

    async def describe(self) -> str:
        """A few words about the server, asked without any token."""
        found = await QuayAs(self._transport, "")._read(asks.discovery(), DiscoveryShape)
        return f"its API has {len(found.paths)} paths"

    async def aclose(self) -> None:
        """Give back the connections, if they are ours."""
        if self._own:
            await self._own.aclose()
