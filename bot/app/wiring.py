"""The wiring: everything that the bot consists of, put together once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import aiohttp
import structlog
from aiohttp import web

from bot.adapters.clock import SystemClock
from bot.adapters.metrics import Histogram, exposition
from bot.adapters.quay import QuayRegistry
from bot.adapters.scheduler import Scheduler
from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.voice import SlackVoice
from bot.adapters.spool import FileSpool
from bot.app.databases import look_for, open_database, spool_folder
from bot.app.desks import Slack, desk_of
from bot.ports import Clock, Store
from bot.services.arrival import Arrival
from bot.services.board import Board
from bot.services.careful import CarefulVoice
from bot.services.intake import GroupCommit
from bot.services.leader import Leader
from bot.services.limits import Limits
from bot.services.outbox import Speaker
from bot.services.report import Report
from bot.services.shelter import Shelter
from bot.services.standing import Standing, keep_asking
from bot.settings import Settings
from handlers.command import Desk
from handlers.jobs import JOBS
from handlers.slack import Keys, SlackRoom
from webhooks.pages import LinkPages, RevealPages
from webhooks.pipeline import Pipeline
from webhooks.server import Door, site

log = structlog.stdlib.get_logger(__name__)

KEPT = timedelta(days=90)  # how long settled webhooks and finished messages are remembered
# At the end, what is in flight may take so many seconds, after the last requests. Docker kills after ten, Kubernetes
# after thirty; what is not finished then is left to the leases and lost by nobody.
LAST_WORK = 9.0


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
        others.append(asyncio.create_task(keep_asking(self.voice.identity, self.clock)))
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
    arrival = await look_for(settings, store, clock)
    session = await closing.enter_async_context(aiohttp.ClientSession())
    registry = QuayRegistry(settings.quay_url, now=clock.now)
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
    board = Board(store.inbox, clock, settings.quay_url, speaker.wake, scarce=speaker.scarce)
    news = asyncio.Event()
    shelter = await _shelter(settings, closing, store, clock, news, away=not arrival.there)
    intake = GroupCommit(store.intake, clock, news, shelter if settings.spool_limit_mb else None)
    hurry = partial(_hurry, store, clock)
    pipeline = Pipeline(store.inbox, board, clock, news, lambda: intake.arrivals, hurry, took=settled.observe)
    desk = desk_of(settings, store, registry, board, Slack(careful, SlackDirectory(voice, clock)), clock)
    await desk.policies.load()
    limits = Limits(clock, settings.limit_per_person, settings.limit_per_workspace)
    room = SlackRoom(desk=desk, keys=keys, api_url=settings.slack_api_url, session=session, limits=limits)
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
        (shelter.counts, pipeline.counts, speaker.counts, desk.upkeep.tending.counts),
        desk.policies.checked,
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
        site=site(door, None if keys.app_token else room.http, *_pages(desk)),
    )


async def _shelter(
    settings: Settings, closing: AsyncExitStack, store: Store, clock: Clock, news: asyncio.Event, *, away: bool
) -> Shelter:
    spool = FileSpool(spool_folder(settings), settings.spool_limit_mb * 1024 * 1024)
    closing.push_async_callback(spool.close)
    shelter = Shelter(spool, store.intake, store.hooks, clock, news, away=away)
    await shelter.open()
    return shelter


def _pages(desk: Desk) -> tuple[RevealPages, LinkPages]:
    """Those with the longer path first."""
    return RevealPages(desk.revealing, desk.directory), LinkPages(desk.linking)


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


async def _hurry(store: Store, clock: Clock, build_id: str) -> None:
    await store.watches.hurry(build_id, clock.now())


async def _forget(store: Store, clock: Clock) -> None:
    await store.inbox.sweep(clock.now() - KEPT)


async def _readiness(store: Store, report: Report) -> dict[str, object]:
    await store.ready()
    return await report.details()


async def _numbers(report: Report, timed: Mapping[str, Histogram]) -> bytes:
    return exposition(report.counted(), await report.measured(), timed)
