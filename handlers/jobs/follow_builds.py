"""Follows builds: those that people requested here, and those of repositories that somebody subscribed to.

Each is looked at with the account of whoever requested it, or looks after the subscription: Quay's webhooks come late,
in any order, or not at all, and tell nothing about progress, so the bot looks for itself.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import BotError, TryLater, UserError
from bot.domain.events import BuildMoved, Phase
from bot.ports import Build, Watch
from bot.rules.audiences import end_of
from bot.rules.recovering import late_note
from handlers.alerted import build_audience, tellings
from handlers.building import FINAL, moved
from handlers.causes import Causes
from handlers.command import Desk, Job

log = structlog.stdlib.get_logger(__name__)

AT_ONCE = 20  # builds looked at in one round
LEASE = timedelta(seconds=60)  # longer than all the calls for one build may take
GIVE_UP = timedelta(hours=24)
SECOND_LIFE = timedelta(minutes=10)  # how long Quay may take to queue a build with an internal error again
OVERDUE = timedelta(seconds=60)  # so long after it was due, nobody was there to look: its end is told late
AWAY = timedelta(seconds=5)  # Quay is away or busy: most often for a moment only
REPEAT = timedelta(seconds=60)  # the same is told again after this time, in case another replica told otherwise
_PAUSES = (  # the longer a build runs, the rarer anything new
    (timedelta(minutes=1), timedelta(seconds=2)),
    (timedelta(minutes=5), timedelta(seconds=5)),
    (timedelta(minutes=30), timedelta(seconds=15)),
)
_LONGEST_PAUSE = timedelta(seconds=60)


def pause(age: timedelta) -> timedelta:
    """How long to wait before the next look at a build that has been followed for `age`."""
    return next((wait for limit, wait in _PAUSES if age < limit), _LONGEST_PAUSE)


@dataclass(slots=True)
class Follower:
    """Looks at builds. It remembers what it has told, so as not to repeat it, since when a build is broken, and why.

    All may be lost at any time: then one thing is told twice, a log is read twice, or a broken build is followed some
    minutes longer.
    """

    _told: dict[str, tuple[Build, datetime]] = field(default_factory=dict)
    _broken_since: dict[str, datetime] = field(default_factory=dict)
    _causes: Causes = field(default_factory=Causes)

    async def run(self, desk: Desk) -> None:
        """Look at all the builds that are due. Trouble with one does not touch the others."""
        watches = await desk.watches.claim(AT_ONCE, desk.clock.now(), LEASE)
        results = await asyncio.gather(*(self._look(watch, desk) for watch in watches), return_exceptions=True)
        for watch, result in zip(watches, results, strict=True):
            if isinstance(result, Exception):  # its lease runs out, and then it is looked at again
                log.error("could not follow a build", build=watch.build, exc_info=result)

    async def _look(self, watch: Watch, desk: Desk) -> None:
        age = desk.clock.now() - watch.since
        if age > GIVE_UP:
            log.warning("gave up following a build", build=watch.build)
            await self._end(watch, desk)
            return
        try:
            over = await self._tell(watch, desk)
        except UserError as error:  # the account is gone or may not look any more; webhooks still feed the card
            log.info("stopped following a build", build=watch.build, error=str(error))
            await desk.board.tell(_lost_sight(watch, desk.clock.now()))
            over = True
        except BotError as error:
            wait = max(pause(age), AWAY) if isinstance(error, TryLater) else _LONGEST_PAUSE
            log.warning("will look at a build later", build=watch.build, error=str(error), seconds=wait.seconds)
            await desk.watches.later(watch.build, desk.clock.now() + wait)
            return
        if over:
            await self._end(watch, desk)
        else:
            await desk.watches.later(watch.build, desk.clock.now() + pause(age))

    async def _tell(self, watch: Watch, desk: Desk) -> bool:
        """Read the build, tell the board, and say whether that was the last time."""
        account = await desk.accounts.of(watch.person)
        quay = desk.registry.as_token(account.token)
        build = await quay.build(watch.repository, watch.build)
        now = desk.clock.now()
        over = build.phase in FINAL or self._broken_for_good(build, now)
        if over:
            await self._tell_end(build, watch, desk)
        elif self._is_news(build, now):
            error, tail = await self._causes.of(build, watch, desk)
            await desk.board.tell(moved(build, "build_polled", now, error=error, log_tail=tail))
            self._told[build.id] = (build, now)
        return over

    async def _tell_end(self, build: Build, watch: Watch, desk: Desk) -> None:
        """To those who see the card, and to those who have subscribed to such ends: Quay does not tell all of them."""
        event = _perhaps_late(moved(build, end_of(build.phase), desk.clock.now()), watch)
        there = await build_audience(event, desk)
        error, tail = await self._causes.of(build, watch, desk, also=tuple(there.told))
        learned = event.model_copy(update={"error": event.error or error, "log_tail": tail})
        await desk.board.release(tellings(learned, there), ())

    def _is_news(self, build: Build, now: datetime) -> bool:
        told, at = self._told.get(build.id, (None, now))
        return told != build or now - at >= REPEAT

    def _broken_for_good(self, build: Build, now: datetime) -> bool:
        if build.phase is not Phase.INTERNAL_ERROR:
            self._broken_since.pop(build.id, None)
            return False
        return now - self._broken_since.setdefault(build.id, now) > SECOND_LIFE

    async def _end(self, watch: Watch, desk: Desk) -> None:
        self._broken_since.pop(watch.build, None)
        self._told.pop(watch.build, None)
        self._causes.forget(watch.build)
        await desk.watches.end(watch.build)


def _perhaps_late(event: BuildMoved, watch: Watch) -> BuildMoved:
    """An end that came while nobody looked says how late it may be: Quay does not tell when a build ended."""
    if watch.due_at is None or event.at - watch.due_at <= OVERDUE:
        return event
    return event.model_copy(update={"recovered": True, "note": late_note(watch.due_at, event.at)})


def _lost_sight(watch: Watch, now: datetime) -> BuildMoved:
    """A card must not look as if it were still followed. WAITING never moves a card back: only the note is learned."""
    return BuildMoved(
        kind="build_polled",
        namespace=watch.repository.partition("/")[0],
        repository=watch.repository,
        at=now,
        build_id=watch.build,
        phase=Phase.WAITING,
        note="quaybot no longer follows this build, because the account that asked for it may not look any more. "
        "Open it in Quay for its state.",
    )


JOB = Job(name="follow_builds", seconds=1, run=Follower().run)  # half of the shortest pause: what is due is seen soon
