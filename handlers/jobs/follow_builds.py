"""Follows the builds that people requested here, each with the account of the person who requested it.

Quay's webhooks come late, in any order, or not at all, and tell nothing about progress, so the bot looks for itself.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.acts import Outcome
from bot.domain.errors import BotError, TryLater, UserError
from bot.domain.events import BuildMoved, Phase
from bot.ports import Build, Watch
from bot.rules.policy import Effect
from handlers.acts.build_logs import wanted
from handlers.building import FAILED, FINAL, moved
from handlers.command import Desk, Job
from handlers.logs import end_of_log, failing_step, last_error

log = structlog.stdlib.get_logger(__name__)

Why = tuple[str, tuple[str, ...]]
"""Quay's error, and the end of the failing step."""
NOTHING: Why = ("", ())

AT_ONCE = 20  # builds looked at in one round
LEASE = timedelta(seconds=60)  # longer than all the calls for one build may take
GIVE_UP = timedelta(hours=24)
SECOND_LIFE = timedelta(minutes=10)  # how long Quay may take to queue a build with an internal error again
AWAY = timedelta(seconds=5)  # Quay is away or busy: most often for a moment only
REPEAT = timedelta(seconds=60)  # the same is told again after this time, in case another replica told otherwise
READ = 200  # log entries in which the failing step is looked for
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
    _read: dict[str, tuple[Phase, Why]] = field(default_factory=dict)  # what the log said, by build

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
        if self._is_news(build, now):
            error, tail = await self._why(build, watch, desk)
            await desk.board.tell(moved(build, "build_polled", now, error=error, log_tail=tail))
            self._told[build.id] = (build, now)
        return build.phase in FINAL or self._broken_for_good(build, now)

    async def _why(self, build: Build, watch: Watch, desk: Desk) -> Why:
        """What the log says about a failure: read once for each, for it stands in the audit."""
        phase, why = self._read.get(build.id, (None, NOTHING))
        if build.phase not in FAILED:
            self._read.pop(build.id, None)
            return NOTHING
        if phase is not build.phase:
            try:
                why = await _end_of_log(build, watch, desk)
            except UserError as error:  # whoever asked may not read it: the card does without
                log.info("no log for a failed build", build=build.id, error=str(error))
                why = NOTHING
            except BotError as error:  # perhaps next time
                log.info("no log for a failed build", build=build.id, error=str(error))
                return NOTHING
            self._read[build.id] = (build.phase, why)
        return why

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
        self._read.pop(watch.build, None)
        await desk.watches.end(watch.build)


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


async def _end_of_log(build: Build, watch: Watch, desk: Desk) -> Why:
    """The end of the log, if whoever asked for the build may read it in every channel where its card hangs.

    Raises what the gate raises. Nobody is asked for an approval: where it takes one, nothing is shown.
    """
    channels = await desk.board.channels(moved(build, "build_polled", desk.clock.now()))
    first, *others = channels or ("",)
    act = wanted(build.repository, build.id)
    async with desk.gate.entering(act, watch.person, first, also=others) as going:
        if going.decision.effect is Effect.APPROVE:
            going.result.outcome, going.result.detail = Outcome.REFUSED, "It takes approvals, so the card does without."
            return NOTHING
        found = await end_of_log(going.quay, build.repository, build.id, READ)
        going.result.detail = "The end of the log is shown on the card of the build."
    return last_error(found.lines), failing_step(found.lines)


JOB = Job(name="follow_builds", seconds=1, run=Follower().run)  # half of the shortest pause: what is due is seen soon
