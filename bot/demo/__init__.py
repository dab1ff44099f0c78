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
from bot.app.serving import try_port
from bot.demo.builder import Builder
from bot.demo.city import PEOPLE, furnish, history, subscribe
from bot.demo.invitations import Invitations
from bot.demo.place import address as address_of
from bot.demo.place import as_quay_takes_it, kept, open_quay
from bot.demo.rules import POLICY
from bot.demo.world import World
from bot.domain.people import Person
from bot.fakes.page import Board, routes
from bot.fakes.quay import FakeQuay
from bot.fakes.slack import FakeSlack
from bot.ports import Clock
from bot.settings import Settings, load
from handlers.manifest import manifest


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
        await try_port(host, port)
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="quaybot-demo-")))
        keeping = closing.enter_context(contextlib.ExitStack())
        port = keeping.enter_context(kept(host, port))
        public = address_of(host, port)
        slack = FakeSlack(
            clock=clock,
            bot_token=f"xoxb-{secrets.token_hex(16)}",
            signing_secret=secrets.token_hex(16),
            shortcuts=manifest(public, socket_mode=False)["features"]["shortcuts"],
        )
        quay = FakeQuay(clock=clock)
        for fake in (slack, quay):
            closing.push_async_callback(fake.stop)
        await slack.start()
        await open_quay(quay, host, port)
        tokens = furnish(slack, quay)
        client = quay.add_application("acme", "quaybot", f"{public}/quay/oauth/callback")
        app = await build(
            _settings(folder, public, as_quay_takes_it(host, port), slack, quay, client), closing, clock=clock
        )
        await closing.enter_async_context(app.running())
        board = Board()
        world = World(slack, quay, board, clock, app.store, Invitations(quay, client[0], tokens["carol"]))
        app.site.add_routes(routes(world))
        app.site.on_shutdown.append(board.close_streams)
        keeping.close()
        address = await closing.enter_async_context(listening(app.site, host, port))
        slack.deliver_to = f"{address}/slack/events"
        slack.on_change = quay.on_change = board.bump
        slack.unfurl_domains, slack.any_domain = [host], True
        await _introduce(app, slack, tokens)
        await subscribe(app, slack.team)
        quay.poll_seconds = 0.3
        works = (quay.run(), Builder(quay, clock).run(), world.watch())
        running = [asyncio.create_task(work) for work in works]
        closing.push_async_callback(_cancel, running)
        closing.push_async_callback(world.close)
        history(quay)
        board.tell("Welcome. Press a button and watch the channels, or type /quay help.")
        board.tell("Accounts, approvals, audit: choose at the bottom left who you are, and pick what to try below.")
        yield public, world


def _settings(
    folder: Path, public: str, webhooks: str, slack: FakeSlack, quay: FakeQuay, client: tuple[str, str]
) -> Settings:
    """The bot's settings: everything is in one folder and forgotten with it."""
    policy = folder / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    client_id, client_secret = client
    return load(
        _env_file=None,
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_app_token="",
        slack_api_url=slack.url,
        quay_url=quay.url,
        quay_client_id=client_id,
        quay_client_secret=client_secret,
        public_url=public,
        webhook_url=webhooks,
        check_seconds=10,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        secret_keys=secrets.token_urlsafe(32),
        policy_file=str(policy),
        log_level="INFO",
        log_format="text",
    )


async def _introduce(app: App, slack: FakeSlack, tokens: dict[str, str]) -> None:
    """Alice and bob have linked their accounts before; carol and dave have not, so that one can try."""
    for name in ("alice", "bob"):
        await app.desk.accounts.link(Person(slack.team, PEOPLE[name]), tokens[name])


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
