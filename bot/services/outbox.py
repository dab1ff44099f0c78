"""The outbox: the only one that speaks in channels. It makes Slack show what the rows say, each message once.

A row says how one message should look (its payload and revision) for the whole life of that message. Before a first
post is tried, that is written down; if the answer gets lost, the next try looks for the message's own key in Slack
before it posts again, so neither a crash nor a time-out shows anything twice.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.errors import GiveUp, TryLater
from bot.domain.messages import Outgoing
from bot.ports import Clock, Due, Inbox, Outbox, Voice
from bot.rules import retrying

log = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=60)  # longer than any call's deadline
PACE = timedelta(seconds=1.05)  # Slack takes about one message a second and channel
SEARCH_BACK = timedelta(minutes=1)  # clocks differ: search from a little before the attempt
AT_ONCE = 20  # rows in flight
PARKED_NOTE = "I could not post in <#{channel}>: {reason}"


@dataclass(slots=True)
class Speaker:
    """Works the outbox off. `wake` is called by whoever queued something; `run` goes on until it is cancelled."""

    outbox: Outbox
    inbox: Inbox
    voice: Voice
    clock: Clock
    jitter: Callable[[], float] = random.random
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _not_before: dict[str, datetime] = field(default_factory=dict)
    _in_flight: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def wake(self) -> None:
        """There may be something new to say."""
        self._woken.set()

    async def run(self, *, idle: float = 1.0) -> None:
        """Speak until cancelled; look again after `idle` seconds at the latest."""
        while True:
            self._woken.clear()
            if not await self.step():
                await _wait(self._woken, self._pause(idle))

    async def step(self) -> int:
        """Start what is due now; returns how many rows were taken."""
        now = self.clock.now()
        self._not_before = {channel: at for channel, at in self._not_before.items() if at > now}
        free = AT_ONCE - len(self._in_flight)
        if free <= 0:
            await asyncio.wait(self._in_flight.values(), return_when=asyncio.FIRST_COMPLETED)
            return 1
        due = await self.outbox.claim(free, now, LEASE, skip={*self._not_before, *self._in_flight})
        for row in due:
            task = asyncio.create_task(self._say_safely(row))
            self._in_flight[row.channel] = task
            task.add_done_callback(partial(self._landed, row.channel))
        return len(due)

    def _landed(self, channel: str, _: asyncio.Task[None]) -> None:
        self._in_flight.pop(channel, None)
        self._woken.set()

    def _pause(self, idle: float) -> float:
        soonest = min(self._not_before.values(), default=None)
        return idle if soonest is None else min(idle, max(0.01, (soonest - self.clock.now()).total_seconds()))

    async def _say_safely(self, row: Due) -> None:
        try:
            await self._say(row)
        except Exception:  # one row's trouble must not stop the others; the lease brings it back
            log.exception("outbox_row_failed", row=row.id, key=row.key, channel=row.channel)

    async def _say(self, row: Due) -> None:
        try:
            await self._show(row)
        except TryLater as error:
            pause = retrying.wait(row.attempts, error.after, self.jitter())
            log.warning(
                "slack_later", key=row.key, channel=row.channel, seconds=round(pause.total_seconds(), 1), why=str(error)
            )
            self._not_before[row.channel] = self.clock.now() + min(pause, timedelta(seconds=30))
            # Once a post's fate was unknown it stays so until it is found: a refusal now says nothing about then.
            surely_not = not error.doubtful and row.attempted_at is None
            await self.outbox.later(row.id, self.clock.now() + pause, error.say, posted=False if surely_not else None)
        except GiveUp as error:
            log.error("message_parked", key=row.key, channel=row.channel, why=str(error))
            await self.outbox.park(row.id, error.say, self.clock.now())
            await self._tell_asker(row, error.say)

    async def _show(self, row: Due) -> None:
        ts = row.ts
        if ts is None and row.attempted_at is not None:
            ts = await self._found(row, row.attempted_at)
        if ts is not None:
            await self.voice.update(row.channel, ts, row.payload, row.key)
        else:
            await self.outbox.attempting(row.id, self.clock.now())
            ts = await self.voice.post(row.channel, row.payload, row.key)
        now = self.clock.now()
        self._not_before[row.channel] = now + PACE
        await self.outbox.sent(row.id, row.revision, ts, now)
        log.info("sent", key=row.key, channel=row.channel, ts=ts, revision=row.revision)

    async def _found(self, row: Due, attempted_at: datetime) -> str | None:
        try:
            return await self.voice.find(row.channel, row.key, attempted_at - SEARCH_BACK)
        except GiveUp as error:
            # Without the right to read the channel the choice is between losing it and perhaps saying it twice.
            log.warning("cannot_search", key=row.key, channel=row.channel, why=str(error))
            return None

    async def _tell_asker(self, row: Due, reason: str) -> None:
        if row.asker is None or row.asker == row.channel:
            return
        text = PARKED_NOTE.format(channel=row.channel, reason=reason)
        note = Outgoing(f"parked:{row.key}", row.asker, {"text": text, "blocks": []}, asker=None)
        async with self.inbox.ledger() as ledger:
            await ledger.say(note, self.clock.now())
        self.wake()

    async def close(self, *, patience: float = 10.0) -> None:
        """Let what is in flight finish, for `patience` seconds at most."""
        if self._in_flight:
            await asyncio.wait(self._in_flight.values(), timeout=patience)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
