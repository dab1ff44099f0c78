"""The demo: the real bot beside a simulated Slack and a simulated Quay, with a page to play with."""

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.app import App, build, listening, stopping
from bot.demo.builder import Builder
from bot.demo.city import PEOPLE, furnish, history, open_hooks
from bot.demo.world import World
from bot.domain.people import Person
from bot.fakes.page import Board, Note, routes
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack
from bot.ports import Clock
from bot.settings import load


async def serve_demo(host: str, port: int) -> None:
    """Serve the demo until SIGINT or SIGTERM, and say where the page is."""
    stop = stopping()
    async with demo(host, port) as (address, _):
        print(f"\n  quaybot demo: open {address}/ in a browser. Ctrl-C ends it.\n", flush=True)  # noqa: T201
        await stop.wait()


@contextlib.asynccontextmanager
async def demo(host: str, port: int, clock: Clock | None = None) -> AsyncIterator[tuple[str, World]]:
    """Everything running and wired together; gives the page's address and the world behind it."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as closing:
        folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="quaybot-demo-"))
        bot_token, signing = f"xoxb-{secrets.token_hex(16)}", secrets.token_hex(16)
        slack = FakeSlack(clock=clock, bot_token=bot_token, signing_secret=signing)
        quay = FakeQuay(clock=clock)
        for fake in (slack, quay):
            await fake.start()
            closing.push_async_callback(fake.stop)
        tokens = furnish(slack, quay)
        quay.manager_cancels = True  # so that Cancel can be tried at every step
        settings = load(
            _env_file=None,
            slack_bot_token=bot_token,
            slack_signing_secret=signing,
            slack_app_token="",
            slack_api_url=slack.url,
            quay_url=quay.url,
            public_url="",
            database_url=f"sqlite:///{Path(folder) / 'demo.db'}",
            secret_keys=secrets.token_urlsafe(32),
            log_level="INFO",
            log_format="text",
            host=host,
            port=port,
        )
        app = await build(settings, closing, clock=clock)
        await closing.enter_async_context(app.running())
        board = Board()
        world = World(slack, quay, board, clock, app.store)
        world.at_hand[PEOPLE["carol"]] = (Note("carol’s Quay token", tokens["carol"]),)
        app.site.add_routes(routes(world))
        app.site.on_shutdown.append(board.close_streams)
        address = await closing.enter_async_context(listening(app.site, host, port))
        slack.deliver_to = f"{address}/slack/events"
        slack.on_change = quay.on_change = board.bump
        await open_hooks(app.store, quay, address, tokens["operator"], clock)
        await _introduce(app, slack, tokens)
        quay.poll_seconds = 0.3
        works = (quay.run(), Builder(quay, clock).run(), world.watch())
        running = [asyncio.create_task(work) for work in works]
        closing.push_async_callback(_cancel, running)
        closing.push_async_callback(world.close)
        history(quay)
        board.tell("Welcome. Press a button and watch the channels, or type /quay help.")
        board.tell(
            "carol has no Quay account linked yet: act as carol and type /quay link. Her token is under her name."
        )
        yield address, world


async def _introduce(app: App, slack: FakeSlack, tokens: dict[str, str]) -> None:
    """Alice and bob have linked their accounts before; carol has not, so that one can try."""
    for name in ("alice", "bob"):
        await app.desk.accounts.link(Person(slack.team, PEOPLE[name]), tokens[name])


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
