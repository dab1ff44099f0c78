"""The composition root: `build` is the only wiring. serve, the demo and the tests share it."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.adapters.clock import SystemClock
from bot.adapters.metrics import Histogram, exposition
from bot.adapters.quay import QuayRegistry
from bot.adapters.scheduler import Scheduler
from bot.adapters.sealing import Sealer
from bot.adapters.slack.voice import SlackVoice
from bot.adapters.spool import FileSpool
from bot.adapters.store import open_store
from bot.adapters.store.migrate import is_current, upgrade
from bot.adapters.store.urls import normal_url
from bot.domain.errors import TryLater, UserError
from bot.ports import Clock, Store
from bot.services.accounts import AccountBook
from bot.services.arrival import Arrival
from bot.services.board import Board
from bot.services.careful import CarefulVoice
from bot.services.intake import GroupCommit
from bot.services.leader import Leader
from bot.services.outbox import Speaker
from bot.services.report import Report
from bot.services.shelter import Shelter
from bot.services.standing import Standing
from bot.settings import Settings
from handlers.command import Desk
from handlers.jobs import JOBS
from handlers.slack import Keys, SlackRoom
from webhooks.pipeline import Pipeline
from webhooks.server import Door, site

log = structlog.stdlib.get_logger(__name__)

KEPT = timedelta(days=90)  # how long settled webhooks and finished messages are remembered
# At the end, what is in flight may take so many seconds: first requests, then everything else at once. Docker kills
# after ten, Kubernetes after thirty; what is not finished then is left to the leases and lost by nobody.
LAST_ANSWERS, LAST_WORK = 2.0, 9.0
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
    arrival: Arrival
    voice: SlackVoice
    intake: GroupCommit
    shelter: Shelter
    speaker: Speaker
    pipeline: Pipeline
    room: SlackRoom
    scheduler: Scheduler
    leader: Leader
    desk: Desk
    site: web.Application

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything in the background; on leaving, finish what is in flight and stop."""
        if self.arrival.there:
            await self.leader.renew()
        # The first two end when they are told to, with their work done; the others may be cut off at any time.
        working = [asyncio.create_task(self.arrival.before(run)) for run in (self.pipeline.run, self.speaker.run)]
        others = [asyncio.create_task(self.arrival.before(run)) for run in (self.leader.run, self.shelter.run)]
        others.append(asyncio.create_task(self.arrival.run()))
        self.scheduler.start()
        await self.room.open()
        try:
            yield
        finally:
            await self._finish(working)
            for task in (*working, *others):
                task.cancel()
            await asyncio.gather(*working, *others, return_exceptions=True)
            await self.leader.close()

    async def _finish(self, working: Sequence[asyncio.Task[None]]) -> None:
        """Begin nothing new and let what is in flight end, for LAST_WORK seconds; the rest is left to the leases."""
        self.arrival.give_up()
        self.pipeline.stop()
        self.speaker.stop()
        ends = (
            self.scheduler.stop(patience=LAST_WORK),
            self.room.close(patience=LAST_WORK),
            self._hush(working[-1]),
            self.intake.close(),
            asyncio.wait(working, timeout=LAST_WORK),
        )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORK + 0.5):
                await asyncio.gather(*ends)

    async def _hush(self, speaking: asyncio.Task[None]) -> None:
        """Let messages on their way arrive, those included that are being claimed right now."""
        await asyncio.wait([speaking], timeout=1.0)
        await self.speaker.close(patience=LAST_WORK - 1.0)


async def build(settings: Settings, closing: AsyncExitStack, *, clock: Clock | None = None) -> App:
    """Wire the bot. What is opened is closed by `closing`, last opened first. Raises BotError if it cannot."""
    clock = clock or SystemClock()
    store = await open_database(settings, closing, checked=False)
    arrival = await _arrival(settings, store, clock)
    session = await closing.enter_async_context(aiohttp.ClientSession())
    registry = QuayRegistry(settings.quay_url)
    closing.push_async_callback(registry.aclose)
    standing, keys = Standing(), _keys(settings)
    voice = SlackVoice(keys.bot_token, settings.slack_api_url, session, heard=standing.heard)
    careful = CarefulVoice(voice)
    settled, posted = Histogram(), Histogram()
    speaker = Speaker(
        store.outbox,
        store.inbox,
        careful,
        clock,
        channels=store.channels,
        owner=settings.slack_owner,
        edits=settings.slack_edits_per_minute,
        took=posted.observe,
    )
    board = Board(store.inbox, clock, settings.quay_url, speaker.wake)
    news = asyncio.Event()
    shelter = await _shelter(settings, closing, store, clock, news, away=not arrival.there)
    intake = GroupCommit(store.intake, clock, news, shelter if settings.spool_limit_mb else None)
    hurry = partial(_hurry, store, clock)
    pipeline = Pipeline(store.inbox, board, clock, news, lambda: intake.arrivals, hurry, took=settled.observe)
    accounts = AccountBook(store.accounts, registry, clock)
    desk = Desk(
        registry=registry,
        accounts=accounts,
        board=board,
        watches=store.watches,
        voice=careful,
        clock=clock,
        quay_url=settings.quay_url,
        once=store.once,
        trail=store.trail,
    )
    room = SlackRoom(desk=desk, keys=keys, api_url=settings.slack_api_url, session=session)
    leader = Leader(store.lease, clock)
    report = Report(
        store.inbox,
        store.outbox,
        store.dead,
        leader,
        standing,
        clock,
        shelter.numbers,
        lambda: intake.arrivals,
        (shelter.counts, pipeline.counts, speaker.counts),
    )
    timed = {"settled_seconds": settled, "posted_seconds": posted}
    door = Door(intake, partial(_readiness, store, report), partial(_numbers, report, timed))
    return App(
        settings=settings,
        clock=clock,
        store=store,
        arrival=arrival,
        voice=voice,
        intake=intake,
        shelter=shelter,
        speaker=speaker,
        pipeline=pipeline,
        room=room,
        scheduler=_scheduler(leader, desk, store),
        leader=leader,
        desk=desk,
        site=site(door, None if keys.app_token else room.http),
    )


async def _arrival(settings: Settings, store: Store, clock: Clock) -> Arrival:
    """Whether the database is there. PostgreSQL may come later; an SQLite file is there or never will be."""
    arrival = Arrival(store, clock)
    try:
        await arrival.look()
    except TryLater as error:
        if settings.database_url.startswith("sqlite"):
            raise
        log.error("database_away", why=str(error), effect="webhooks are kept in the spool until it is there")
    return arrival


async def _shelter(
    settings: Settings, closing: AsyncExitStack, store: Store, clock: Clock, news: asyncio.Event, *, away: bool
) -> Shelter:
    spool = FileSpool(_spool_folder(settings), settings.spool_limit_mb * 1024 * 1024)
    closing.push_async_callback(spool.close)
    shelter = Shelter(spool, store.intake, store.hooks, clock, news, away=away)
    await shelter.open()
    return shelter


def _keys(settings: Settings) -> Keys:
    return Keys(
        settings.slack_bot_token.get_secret_value(),
        tuple(secret.get_secret_value() for secret in settings.slack_signing_secret),
        settings.slack_app_token.get_secret_value(),
    )


def _scheduler(leader: Leader, desk: Desk, store: Store) -> Scheduler:
    scheduler = Scheduler(leader.leads)
    for job in JOBS:
        scheduler.every(job.seconds, job.name, partial(job.run, desk))
    scheduler.every(3600, "forget", partial(_forget, store, desk.clock))
    return scheduler


async def open_database(settings: Settings, closing: AsyncExitStack, *, checked: bool = True) -> Store:
    """The store, its schema up to date: an SQLite file is migrated here, PostgreSQL only by `quaybot migrate`.

    `checked`: raises TryLater if it does not answer, UserError if its tables are not this version's.
    """
    url = settings.database_url
    if url.startswith("sqlite") and not await is_current(url):
        await upgrade(url)
    keys = [key.get_secret_value() for key in settings.secret_keys]
    store = open_store(url, Sealer(keys) if keys else None)
    closing.push_async_callback(store.close)
    if checked:
        await store.ready()
    return store


def _spool_folder(settings: Settings) -> Path:
    """Beside the SQLite file; else, unless it is set, in the working directory."""
    url = normal_url(settings.database_url)
    beside = Path(str(url.database)) if url.get_backend_name() == "sqlite" else Path("quaybot.db")
    return Path(settings.spool_dir) if settings.spool_dir else beside.with_name(f"{beside.stem}-spool")


async def _hurry(store: Store, clock: Clock, build_id: str) -> None:
    await store.watches.hurry(build_id, clock.now())


async def _forget(store: Store, clock: Clock) -> None:
    await store.inbox.sweep(clock.now() - KEPT)


async def _readiness(store: Store, report: Report) -> dict[str, object]:
    await store.ready()
    return await report.details()


async def _numbers(report: Report, timed: Mapping[str, Histogram]) -> bytes:
    return exposition(report.counted(), await report.measured(), timed)


@contextlib.asynccontextmanager
async def listening(site: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve a site; gives its address. No access log: paths hold capabilities."""
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=LAST_ANSWERS)
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
        app.arrival.failed = stop.set
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
        if app.arrival.mistake is not None:
            raise app.arrival.mistake


def stopping() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, event.set)
    return event
