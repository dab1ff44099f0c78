"""The servers that are compared. Each runs in its own process, prints its address, and ends with its standard input."""

import asyncio
import hashlib
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.adapters import logs
from bot.adapters.clock import SystemClock
from bot.app import build, listening
from bot.fakes.slack import FakeSlack
from bot.settings import load

TOKEN = "t" * 43
SECRET = "bench-signing-secret"
BOT_TOKEN = "xoxb-bench"


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    """An aiohttp handler that reads the body and stores nothing."""

    async def handler(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    site = web.Application()
    site.router.add_post("/webhooks/quay/{token}", handler)
    async with listening(site, "127.0.0.1", 0) as address:
        yield address


@asynccontextmanager
async def stock_bolt() -> AsyncIterator[str]:
    """Bolt as its documentation mounts it, with a custom authorize (no auth.test)."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=BOT_TOKEN, bot_user_id="U1", bot_id="B1")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.command("/quay")
    async def command(ack) -> None:
        await ack()

    async def handler(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handler)
    async with listening(site, "127.0.0.1", 0) as address:
        yield address


@asynccontextmanager
async def slack() -> AsyncIterator[str]:
    """The neighbour that the bot's alerts go to."""
    neighbour = FakeSlack(clock=SystemClock(), bot_token=BOT_TOKEN)
    neighbour.add_channel("C0BENCH", "bench")
    await neighbour.start()
    try:
        yield neighbour.url
    finally:
        await neighbour.stop()


@asynccontextmanager
async def quaybot() -> AsyncIterator[str]:
    """The whole bot on an SQLite file, with a hook for acme/web. SLACK_API_URL comes from the environment."""
    async with AsyncExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        settings = load(
            _env_file=None,
            slack_bot_token=BOT_TOKEN,
            slack_signing_secret=SECRET,
            quay_url="http://127.0.0.1:9",
            database_url=f"sqlite:///{folder / 'bench.db'}",
            secret_keys="bench-bench-bench-bench",
        )
        app = await build(settings, closing)
        token = hashlib.sha256(TOKEN.encode()).hexdigest()
        await app.store.hooks.add("repo_push", "acme/web", ["C0BENCH"], token, datetime.now(UTC))
        await closing.enter_async_context(app.running())
        yield await closing.enter_async_context(listening(app.site, "127.0.0.1", 0))


SERVERS = {"bare": bare, "stock-bolt": stock_bolt, "slack": slack, "quaybot": quaybot}


async def _serve(name: str) -> None:
    async with SERVERS[name]() as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    logs.configure(level="ERROR")
    if sys.argv[2] == "uvloop":
        uvloop.run(_serve(sys.argv[1]))
    else:
        asyncio.run(_serve(sys.argv[1]))
