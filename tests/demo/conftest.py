"""Somebody who visits the demo."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.adapters.clock import SystemClock
from bot.demo import demo
from bot.demo.city import CHANNELS, PEOPLE
from bot.demo.world import World
from bot.fakes.page.door import MARK

PATIENCE = 40.0  # seconds: a build takes about ten of its own


class Visit:
    """Somebody who uses the page's own routes."""

    def __init__(self, address: str, world: World, session: aiohttp.ClientSession) -> None:
        self.address, self.world, self.session = address, world, session

    async def post(self, act: str, **body: Any) -> Any:
        async with self.session.post(f"{self.address}/demo/{act}", json=body, headers={MARK: "1"}) as response:
            return response.status, await response.json()

    async def state(self, user: str = "alice") -> Any:
        async with self.session.get(f"{self.address}/demo/state", params={"user": PEOPLE[user]}) as response:
            assert response.status == 200
            return await response.json()

    async def until(self, look: Callable[[], Any]) -> Any:
        """Wait for something in the world; woken by each of its changes, never by a timer."""
        async with asyncio.timeout(PATIENCE):
            version = -1
            while not (found := look()):
                version = await self.world.board.changed(version)
            return found

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.world.slack.messages(CHANNELS[channel])]


class LaterClock(SystemClock):
    """The machine's clock, for somebody who lets time pass."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def clock() -> LaterClock:
    return LaterClock()


@pytest.fixture
async def visit(clock: LaterClock) -> AsyncIterator[Visit]:
    async with demo("127.0.0.1", 0, clock) as (address, world), aiohttp.ClientSession() as session:
        yield Visit(address, world, session)
