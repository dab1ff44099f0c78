"""The composition root: `build` is the only wiring. serve, the demo and the tests share it."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from bot.adapters.clock import SystemClock
from bot.adapters.metrics import COUNTED, exposition
from bot.adapters.quay import QuayRegistry
from bot.adapters.scheduler import Scheduler
from bot.adapters.sealing import Sealer
from bot.adapters.slack.voice import SlackVoice
from bot.adapters.store import open_store
from bot.adapters.store.migrate import is_current, upgrade
from bot.domain.errors import UserError
from bot.ports import Clock, Store
from bot.services.accounts import AccountBook
from bot.services.board import Board
from bot.services.careful import CarefulVoice
from bot.services.intake import GroupCommit
from bot.services.outbox import Speaker
from bot.settings import Settings
from handlers.command import Desk
from handlers.jobs import JOBS
from handlers.slack import Keys, SlackRoom
from webhooks.pipeline import Pipeline
from webhooks.server import Door, site

log = structlog.stdlib.get_logger(__name__)

KEPT = timedelta(days=90)  # how long settled webhooks and finished messages are remembered
_WHY_NOT = {
    errno.EADDRINUSE: "it is in use already",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.EACCES: "this user may not use it",
}


@dataclass(slots=True)
class App:
    """The whole bot, wired. Nothing runs before `running` is entered."""

    settings: Settings
    clock: Clock
    store: Store
    voice: SlackVoice
    intake: GroupCommit
    speaker: Speaker
    pipeline: Pipeline
    room: SlackRoom
    scheduler: Scheduler
    desk: Desk
    site: web.Application
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything in the background; on leaving, finish what is in flight and stop."""
        self._begin(self.pipeline.run())
        self._begin(self.speaker.run())
        self.scheduler.start()
        await self.room.open()
        try:
            yield
        finally:
            self.scheduler.stop()
            await self.room.close()
            await self.intake.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self.speaker.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


async def build(settings: Settings, closing: AsyncExitStack, *, clock: Clock | None = None) -> App:
    """Wire the bot. What is opened is closed by `closing`, last opened first. Raises BotError if it cannot."""
    clock = clock or SystemClock()
    store = await open_database(settings, closing)
    await store.begin(clock.now())
    session = await closing.enter_async_context(aiohttp.ClientSession())
    voice = SlackVoice(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
    registry = QuayRegistry(settings.quay_url)
    closing.push_async_callback(registry.aclose)
    careful = CarefulVoice(voice)
    speaker = Speaker(store.outbox, store.inbox, careful, clock)
    board = Board(store.inbox, clock, settings.quay_url, speaker.wake)
    intake = GroupCommit(store.intake, clock)
    desk = Desk(
        registry=registry,
        accounts=AccountBook(store.accounts, registry, clock),
        board=board,
        watches=store.watches,
        voice=careful,
        clock=clock,
        quay_url=settings.quay_url,
        once=store.once,
    )
    pipeline = Pipeline(
        store.inbox, board, clock, intake.stored, lambda: intake.arrivals, partial(_hurry, store, clock)
    )
    keys = Keys(
        settings.slack_bot_token.get_secret_value(),
        tuple(secret.get_secret_value() for secret in settings.slack_signing_secret),
        settings.slack_app_token.get_secret_value(),
    )
    room = SlackRoom(desk=desk, keys=keys, api_url=settings.slack_api_url, session=session)
    scheduler = Scheduler()
    for job in JOBS:
        scheduler.every(job.seconds, job.name, partial(job.run, desk))
    scheduler.every(3600, "forget", partial(_forget, store, clock))
    counts = partial(_counted, intake, pipeline, speaker)
    door = Door(intake, partial(_readiness, store), partial(_numbers, store, counts))
    http = None if keys.app_token else room.http
    return App(settings, clock, store, voice, intake, speaker, pipeline, room, scheduler, desk, site(door, http))


async def open_database(settings: Settings, closing: AsyncExitStack) -> Store:
    """The store, its schema up to date: an SQLite file is migrated here, PostgreSQL only by `quaybot migrate`."""
    url = settings.database_url
    if url.startswith("sqlite") and not await is_current(url):
        await upgrade(url)
    keys = [key.get_secret_value() for key in settings.secret_keys]
    store = open_store(url, Sealer(keys) if keys else None)
    closing.push_async_callback(store.close)
    await store.ready()
    return store


async def _hurry(store: Store, clock: Clock, build_id: str) -> None:
    await store.watches.hurry(build_id, clock.now())


async def _forget(store: Store, clock: Clock) -> None:
    await store.inbox.sweep(clock.now() - KEPT)


async def _readiness(store: Store) -> dict[str, object]:
    await store.ready()
    return {
        "deliveries_waiting": await store.inbox.waiting(),
        "deliveries_aside": await store.inbox.aside_count(),
        "messages_waiting": await store.outbox.waiting(),
    }


def _counted(intake: GroupCommit, pipeline: Pipeline, speaker: Speaker) -> dict[str, int]:
    return dict.fromkeys(COUNTED, 0) | {"deliveries_stored": intake.arrivals} | pipeline.counts | speaker.counts


async def _numbers(store: Store, counts: Callable[[], dict[str, int]]) -> bytes:
    waiting = {"deliveries_waiting": await store.inbox.waiting(), "messages_waiting": await store.outbox.waiting()}
    return exposition(counts(), waiting)


@contextlib.asynccontextmanager
async def listening(site: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve a site; gives its address. No access log: paths hold capabilities."""
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, backlog=1024).start()
        except OSError as error:
            reason = _WHY_NOT.get(error.errno or 0) or error.strerror or type(error).__name__
            raise UserError(
                f"Cannot listen on {host} port {port}: {reason}. Choose another with HOST and PORT."
            ) from None
        server = runner.addresses[0]
        name = f"[{server[0]}]" if ":" in server[0] else server[0]
        yield f"http://{name}:{server[1]}"
    finally:
        await runner.cleanup()


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = stopping()
    async with AsyncExitStack() as closing:
        app = await build(settings, closing)
        await closing.enter_async_context(app.running())
        address = await closing.enter_async_context(listening(app.site, settings.host, settings.port))
        log.info(
            "serving",
            address=address,
            quay=settings.quay_url,
            socket_mode=bool(settings.slack_app_token.get_secret_value()),
        )
        if not settings.secret_keys:
            log.warning("no_secret_keys", effect="nobody can link a Quay account; set SECRET_KEYS (quaybot keygen)")
        await stop.wait()
        log.info("stopping")


def stopping() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, event.set)
    return event
