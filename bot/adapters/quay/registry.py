"""One Quay for everybody: its address, its connections, and the ways in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx

from bot.adapters.quay import asks, tokens
from bot.adapters.quay.client import QuayAs
from bot.adapters.quay.cookies import no_cookies
from bot.adapters.quay.shapes import DiscoveryShape
from bot.adapters.quay.transport import Transport
from bot.ports import Client, Grant, Registry


def _now() -> datetime:
    return datetime.now(UTC)


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
        now: Callable[[], datetime] = _now,
    ) -> None:
        used = client or httpx.AsyncClient(cookies=no_cookies(), headers={"User-Agent": "quaybot"})
        self._own = None if client else used
        self._transport = Transport(base_url, used, deadline=deadline, sleep=sleep)
        self._now = now

    def as_token(self, token: str) -> QuayAs:
        """Quay as the owner of `token` sees it."""
        return QuayAs(self._transport, token, self._now)

    async def describe(self) -> str:
        """A few words about the server, asked without any token."""
        found = await self.as_token("").read(asks.discovery(), DiscoveryShape)
        return f"its API has {len(found.paths)} paths"

    async def exchange(self, client: Client, code: str, redirect_uri: str, scope: str) -> Grant:
        """The token for a code; the code, the client's secret and the token are in no error and no log."""
        return await tokens.granted(self._transport, client, code, redirect_uri, scope)

    async def aclose(self) -> None:
        """Give back the connections, if they are ours."""
        if self._own:
            await self._own.aclose()
