"""A Slack that counts, a database, and the real program beside them, in as many processes as wanted."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from bot.adapters.clock import SystemClock
from bot.adapters.store import open_store
from bot.fakes.slack import FakeSlack
from tests.soak.happenings import Happening
from tests.stories.process import Bot, running
from webhooks.server import token_hash

PATIENCE = 10.0  # seconds that Quay waits for an answer (facts §1.3)
AGAIN = 0.25  # seconds until a webhook without an answer is sent again: Quay takes more time, the proof has less
Wish = tuple[str, str, str]  # event, repository, channel


class Site:
    """Where a proof takes place. `tokens` has the secret of each hook's address, by event and repository."""

    def __init__(self, slack: FakeSlack, database: str, folder: Path, program: str, more: dict[str, str]) -> None:
        self.slack, self.database = slack, database
        self.tokens: dict[tuple[str, str], str] = {}
        self._folder, self._program = folder, program
        self._lives: dict[int, tuple[Bot, AsyncExitStack]] = {}
        self._waking: dict[int, asyncio.Task[None]] = {}
        self.environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.url,
            "QUAY_URL": "http://127.0.0.1:9",
            "DATABASE_URL": database,
            "SECRET_KEYS": secrets.token_urlsafe(32),
            "HOST": "127.0.0.1",
            "PORT": "0",
            "LOG_FORMAT": "json",
        } | more
        self.http: aiohttp.ClientSession

    async def furnish(self, wishes: Iterable[Wish]) -> None:
        """Make the channels and the hooks."""
        store = open_store(self.database, None)
        try:
            for event, repository, channel in dict.fromkeys(wishes):
                if channel not in self.slack.channels:
                    self.slack.add_channel(channel, channel.lower())
                token = self.tokens[event, repository] = secrets.token_urlsafe(32)
                now = SystemClock().now()
                await store.hooks.add(event, repository, [channel], token_hash(token), now)
        finally:
            await store.close()

    @property
    def awake(self) -> dict[int, Bot]:
        """The processes that listen now, by their place."""
        return {place: bot for place, (bot, _) in self._lives.items()}

    def wake(self, place: int) -> asyncio.Task[None]:
        """Start a process; the task is done when it listens."""
        task = self._waking[place] = asyncio.create_task(self._wake(place))
        return task

    async def _wake(self, place: int) -> None:
        life = AsyncExitStack()
        bot = await life.enter_async_context(running(self.environment, self._folder, self._program))
        self._lives[place] = (bot, life)

    async def kill(self, place: int) -> None:
        """kill -9."""
        bot, life = self._lives.pop(place)
        await bot.kill()
        await life.aclose()

    async def deliver(self, one: Happening, turn: int) -> int:
        """Post a webhook until it is answered with 2xx, as Quay does; gives the number of tries."""
        token = self.tokens[one.event, one.repository]
        for tries in range(1, 1000):
            bots = sorted(self.awake.items())
            if bots and await self._post(bots[(turn + tries) % len(bots)][1], token, one.body):
                return tries
            await asyncio.sleep(AGAIN)
        raise TimeoutError(f"nobody takes a {one.event} of {one.repository}")

    async def _post(self, bot: Bot, token: str, body: bytes) -> bool:
        where, how = f"{bot.address}/webhooks/quay/{token}", {"Content-Type": "application/json"}
        limit = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self.http.post(where, data=body, headers=how, timeout=limit) as response:
                await response.read()
                return 200 <= response.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def waiting(self) -> int:
        """How much the bot still has to do, by its own account."""
        for bot in self.awake.values():
            try:
                async with self.http.get(f"{bot.address}/readyz", timeout=aiohttp.ClientTimeout(total=5)) as response:
                    found = await response.json()
            except (aiohttp.ClientError, OSError, TimeoutError):
                return -1
            return int(found.get("messages_waiting", 0)) + int(found.get("deliveries_waiting", 0))
        return -1

    async def rest(self, seconds: float) -> float:
        """Until nothing waits any more, for so many seconds at most; gives how long it took."""
        began = time.monotonic()
        while await self.waiting() != 0:
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"after {seconds:g} s there is still work waiting: {await self.waiting()}")
            await asyncio.sleep(0.1)
        return time.monotonic() - began

    async def close(self) -> None:
        """Every process ends."""
        for task in self._waking.values():
            task.cancel()
        await asyncio.gather(*self._waking.values(), return_exceptions=True)
        for _, life in self._lives.values():
            await life.aclose()
        self._lives.clear()


@asynccontextmanager
async def a_site(database: str, folder: Path, *, program: str = "bot", **more: str) -> AsyncIterator[Site]:
    """A site without processes. `program` is the module that is run; `more` are settings."""
    slack = FakeSlack(clock=SystemClock(), bot_token=f"xoxb-{secrets.token_hex(12)}")
    slack.burst, slack.workspace_posts, slack.tiers = 1, 10**9, {"*": None}
    await slack.start()
    site = Site(slack, database, folder, program, more)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as site.http:
            yield site
    finally:
        await site.close()
        await slack.stop()
