"""Socket Mode: Slack reaches the bot through a connection that the bot opens."""

import asyncio

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Clock

log = structlog.stdlib.get_logger(__name__)

STILL = 15.0  # seconds after which it is said that there is no connection yet


class SocketMode:
    """One connection, which slack_sdk opens, renews and opens again by itself. Its own log is a page for each try."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient, clock: Clock) -> None:
        self.handler = AsyncSocketModeHandler(app, app_token, web_client=client)
        self._clock = clock
        self._connecting: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Connect in the background, for as long as it takes."""
        self._connecting = asyncio.create_task(self._connect())

    async def close(self) -> None:
        """Take nothing new."""
        if self._connecting is not None:  # it may be resting between two tries
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await self.handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt

    async def _connect(self) -> None:
        complaining = asyncio.create_task(self._complain())
        try:
            while not await self._connected():
                await self._clock.sleep(1.0)
        finally:
            complaining.cancel()
        log.info("socket_mode_connected")

    async def _connected(self) -> bool:
        try:
            await self.handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt
        except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:  # it may pass
            log.warning("socket_mode_not_connected", why=type(error).__name__)
            return False
        return True

    async def _complain(self) -> None:
        while True:
            await self._clock.sleep(STILL)
            log.warning("socket_mode_not_connected_yet", check="the network, SLACK_API_URL and SLACK_APP_TOKEN")
