"""What the outcome of a try means for the row, for its channel and for everything else that waits."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import Busy, MendToken, Odd, TryLater
from bot.ports import Clock, Due, Outbox, Rest
from bot.rules import pacing, retrying
from bot.rules.lateness import is_late
from bot.services.showing import SETTLING, Untaken

log = structlog.stdlib.get_logger(__name__)

JUST_NOW = timedelta(minutes=2)  # more than the longest pause between two tries
_BUDGETS = {  # methods that share a budget over all channels
    "chat.update": pacing.EDIT,
    "conversations.history": pacing.SEARCH,
    "conversations.replies": pacing.SEARCH,
}


def unheard(_: float) -> None:
    """Nobody wants to know how long something took."""


@dataclass(slots=True)
class Aftermath:
    """Writes down what became of a try. `edits` is how many a minute the workspace takes, if Slack never complains.

    `said` is called when more may be said than before; `took` hears for each post how many seconds it waited.
    """

    outbox: Outbox
    clock: Clock
    counts: Counter[str]
    said: Callable[[], None]
    jitter: Callable[[], float] = random.random
    edits: int = pacing.PER_MINUTE
    took: Callable[[float], None] = field(default=unheard)
    _failing: set[int] = field(default_factory=set)  # rows for which Slack seemed to be away, since it last took one
    _taken_at: datetime | None = None  # the last row that it took
    _away_since: datetime | None = None
    _back_at: datetime | None = None  # after the last time when it was away for long

    def answers(self) -> bool:
        """Whether Slack took the last thing that was said, so that it is not away."""
        return self._away_since is None

    def was_away(self, since: datetime) -> bool:
        """Whether Slack was away for long at some time after `since`, as far as this process knows."""
        now = self.clock.now()
        away = self._away_since is not None and is_late(self._away_since, now)
        return away or (self._back_at is not None and self._back_at > since)

    def hopeless(self, row: Due) -> bool:
        """Whether trying that row once more cannot help: it failed often, and Slack takes others meanwhile."""
        taken = self._taken_at is not None and self.clock.now() - self._taken_at <= JUST_NOW
        return taken and row.attempts + 1 >= retrying.HOPELESS

    async def sent(self, row: Due, ts: str) -> None:
        """Slack shows the row as message `ts`."""
        now, pace = self.clock.now(), pacing.quicker(row.pace)
        kind = "edited" if row.ts else "replied" if row.thread else "posted"
        self.counts[f"messages_{kind}"] += 1
        await self.outbox.sent(row, ts, now, Rest(row.channel, now + pace, pace))
        age = max(0.0, (now - row.since).total_seconds())
        if row.ts is None:
            self.took(age)
        log.info("sent", key=row.key, channel=row.channel, ts=ts, revision=row.revision, age=round(age, 3))
        if row.parked:
            self.counts.update(channels_opened=1)
            log.info("channel_open", channel=row.channel)
        await self._note_back(row)

    async def put_off(self, row: Due, error: TryLater) -> None:
        """Try again, later each time. While Slack is away the whole channel waits.

        A message that fails for a reason of its own holds up nobody, and one that may have such a reason not for ever.
        """
        away = not self._is_its_own(row, error)
        self._note_trouble(row, error, away)
        self.counts.update(messages_put_off=1)
        after = max(error.after, SETTLING) if error.doubtful or isinstance(error, Odd) else error.after
        now, pause = self.clock.now(), retrying.wait(row.attempts, after, self.jitter())
        rest = Rest(row.channel, now + (pause if away else row.pace), row.pace, away=away)
        until = now + (pause if away else max(pause, 2 * row.pace))  # so that the next one has its turn
        # Once a post's fate was unknown it stays so until it is found: a refusal now says nothing about then.
        posted = False if row.attempted_at is None and not error.doubtful else None
        await self.outbox.later(row, until, error.say, posted=posted, resumable=away, rest=rest)

    async def slow_down(self, row: Due, error: Busy) -> None:
        """Slack asked for patience: with one channel, or with a method that all channels share. That is no failure."""
        self.counts.update(messages_paced=1)
        log.debug("slack_paced", key=row.key, channel=row.channel, method=error.method, after=error.after)
        now = self.clock.now()
        if shared := _BUDGETS.get(error.method):
            usual = self.edits if shared == pacing.EDIT else pacing.PER_MINUTE
            await self.outbox.slow_down(shared, now, error.after, usual)
            rest = Rest(row.channel, now + row.pace, row.pace)
        else:
            pace = pacing.slower(row.pace)
            rest = Rest(row.channel, now + max(timedelta(seconds=error.after), pace), pace)
        posted = False if row.attempted_at is None else None
        await self.outbox.later(row, None, error.say, posted=posted, failed=False, rest=rest)

    def _is_its_own(self, row: Due, error: TryLater) -> bool:
        """Whether it is this message that fails, as opposed to Slack, which takes nothing from us."""
        if isinstance(error, MendToken):
            return False
        if isinstance(error, Odd) or error.after:
            return True
        self._failing.add(row.id)
        failures, others_go = row.attempts + 1, self._away_since is None and self._taken_at is not None
        if others_go:
            return failures >= retrying.PATIENCE
        # Trying other posts is not for nothing: each would have to be looked for later.
        harmless = row.ts is not None or isinstance(error, Untaken)
        return harmless and retrying.lets_others_go(failures, len(self._failing))

    async def _note_back(self, row: Due) -> None:
        """Slack took a message. What waited only for that is due now.

        That may be what another process had put off, or this one before it was started anew: so the first success of a
        process counts, and that of a message which had failed before.
        """
        now, first = self.clock.now(), self._taken_at is None
        self._taken_at = now
        self._failing.clear()
        was_away, self._away_since = self._away_since, None
        if was_away is None and not first and not row.attempts:
            return
        if was_away is not None and is_late(was_away, now):
            self._back_at = now
        resumed = await self.outbox.resume(now)
        if was_away is not None or resumed:
            log.info("slack_back", resumed=resumed)
            self.said()

    def _note_trouble(self, row: Due, error: TryLater, away: bool) -> None:
        """One line when Slack goes away, not one for each message and try."""
        if self._away_since is not None or not away:
            log.debug("slack_later", key=row.key, channel=row.channel, after=error.after, why=str(error))
            return
        self._away_since = self.clock.now()
        event = "slack_refuses_the_token" if isinstance(error, MendToken) else "slack_away"
        log.warning(event, why=str(error), meanwhile="everything is kept")
