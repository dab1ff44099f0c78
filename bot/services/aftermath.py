"""What the outcome of a try means for the row, for its channel and for everything else that waits."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import Busy, MendToken, TryLater
from bot.ports import Clock, Due, Outbox, Rest
from bot.rules import pacing, retrying
from bot.rules.lateness import is_late

log = structlog.stdlib.get_logger(__name__)

SETTLING = 3.0  # seconds for a doubtful post to show up before it is looked for
_BUDGETS = {  # methods that share a budget over all channels
    "chat.update": pacing.EDIT,
    "conversations.history": pacing.SEARCH,
    "conversations.replies": pacing.SEARCH,
}


def unheard(_: float) -> None:
    """Nobody wants to know how long messages took."""


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

    async def sent(self, row: Due, ts: str) -> None:
        """Slack shows the row as message `ts`."""
        now, pace = self.clock.now(), pacing.quicker(row.pace)
        kind = "edited" if row.ts else "replied" if row.thread else "posted"
        self.counts[f"messages_{kind}"] += 1
        await self.outbox.sent(row.id, row.revision, ts, now, Rest(row.channel, now + pace, pace))
        age = max(0.0, (now - row.since).total_seconds())
        if row.ts is None:
            self.took(age)
        log.info("sent", key=row.key, channel=row.channel, ts=ts, revision=row.revision, age=round(age, 3))
        if row.parked:
            self.counts.update(channels_opened=1)
            log.info("channel_open", channel=row.channel)
        await self._note_back()

    async def put_off(self, row: Due, error: TryLater) -> None:
        """Try again, later each time. While Slack is away the whole channel waits.

        A message that fails for a reason of its own holds up nobody.
        """
        self._note_trouble(row, error)
        self.counts.update(messages_put_off=1)
        after = max(error.after, SETTLING) if error.doubtful else error.after
        now, pause, away = self.clock.now(), retrying.wait(row.attempts, after, self.jitter()), _is_away(error)
        rest = Rest(row.channel, now + (pause if away else row.pace), row.pace, away=away)
        # Once a post's fate was unknown it stays so until it is found: a refusal now says nothing about then.
        posted = False if row.attempted_at is None and not error.doubtful else None
        await self.outbox.later(row.id, now + pause, error.say, posted=posted, resumable=away, rest=rest)

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
        await self.outbox.later(row.id, now, error.say, posted=posted, failed=False, rest=rest)

    async def _note_back(self) -> None:
        if self._away_since is None:
            return
        now = self.clock.now()
        if is_late(self._away_since, now):
            self._back_at = now
        self._away_since = None
        log.info("slack_back", resumed=await self.outbox.resume(now))
        self.said()

    def _note_trouble(self, row: Due, error: TryLater) -> None:
        """One line when Slack goes away, not one for each message and try."""
        if self._away_since is not None or not _is_away(error):
            log.debug("slack_later", key=row.key, channel=row.channel, after=error.after, why=str(error))
            return
        self._away_since = self.clock.now()
        event = "slack_refuses_the_token" if isinstance(error, MendToken) else "slack_away"
        log.warning(event, why=str(error), meanwhile="everything is kept")


def _is_away(error: TryLater) -> bool:
    """Whether Slack takes nothing from us, as opposed to what we just said."""
    return isinstance(error, MendToken) or not error.after
