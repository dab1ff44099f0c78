"""The outbox: the only one that speaks in channels. It makes Slack show what the rows say, each message once.

A row says how one message should look (its payload and revision) for the whole life of that message. Before a first
post is tried, that is written down; if the answer gets lost, the next try looks for the message's own key in Slack
before it posts again, so neither a crash nor a time-out shows anything twice.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from typing import Any

import structlog

from bot.domain.errors import BotError, GiveUp, Gone, TryLater
from bot.domain.messages import Outgoing
from bot.ports import Clock, Due, Inbox, Outbox, Voice
from bot.rules import retrying

log = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=60)  # longer than any call's deadline
PACE = timedelta(seconds=1.05)  # Slack takes about one message a second and channel
SEARCHES = 6  # in vain, over half a minute: then a message that may be there twice is better than one that is not there
SETTLING = 3.0  # seconds for a doubtful post to show up before it is looked for
SEARCH_BACK = timedelta(minutes=1)  # clocks differ: search from a little before the attempt
HOLD = timedelta(seconds=30)  # how long a row that fails holds up the others of its channel, unless Slack says longer
AT_ONCE = 20  # rows in flight


@dataclass(slots=True)
class Speaker:
    """Works the outbox off. `wake` is called by whoever queued something; `run` goes on until it is cancelled."""

    outbox: Outbox
    inbox: Inbox
    voice: Voice
    clock: Clock
    jitter: Callable[[], float] = random.random
    counts: Counter[str] = field(default_factory=Counter)
    _away: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _not_before: dict[str, datetime] = field(default_factory=dict)
    _in_flight: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _failures: dict[int, int] = field(default_factory=dict)  # in a row, by row: edits and searches count as well

    def wake(self) -> None:
        """There may be something new to say."""
        self._woken.set()

    async def run(self, *, idle: float = 1.0) -> None:
        """Speak until cancelled; look again after `idle` seconds at the latest."""
        while True:
            self._woken.clear()
            if not await self._step_safely():
                await _wait(self._woken, self._pause(idle))

    async def _step_safely(self) -> int:
        try:
            return await self.step()
        except BotError as error:  # the storage is away: everything is kept there
            log.error("outbox_failed", why=str(error))
        except Exception:  # the loop must not die
            log.exception("outbox_failed")
        return 0

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
        except Exception:  # one row's trouble must not stop the others
            log.exception("outbox_row_failed", row=row.id, key=row.key, channel=row.channel)
            with contextlib.suppress(BotError):  # the storage is away: the lease brings the row back
                await self._put_off(row, 0.0, "quaybot failed while it said this; its log says why", posted=None)

    async def _say(self, row: Due) -> None:
        try:
            ts = await self._show(row)
        except TryLater as error:
            # Once a post's fate was unknown it stays so until it is found: a refusal now says nothing about then.
            surely_not = not error.doubtful and row.attempted_at is None
            self._note_trouble(row, error)
            after = max(error.after, SETTLING) if error.doubtful else error.after
            away = not error.after
            await self._put_off(row, after, error.say, posted=False if surely_not else None, resumable=away)
        except GiveUp as error:
            log.error("message_parked", key=row.key, channel=row.channel, why=str(error))
            await self._tell_asker(row, error.say)  # first, as saying it again is harmless and forgetting it is not
            await self.outbox.park(row.id, error.say, self.clock.now())
            self.counts.update(messages_parked=1)
            self._failures.pop(row.id, None)
        else:
            # Out of reach of the handlers above: if the storage fails here, the message is in Slack all the same.
            await self._note_sent(row, ts)

    def _note_trouble(self, row: Due, error: TryLater) -> None:
        """One line when Slack goes away, not one for each message and try. Being asked for patience is no trouble."""
        if error.after or self._away:
            log.debug("slack_later", key=row.key, channel=row.channel, after=error.after, why=str(error))
        else:
            self._away = True
            log.warning("slack_away", why=str(error), meanwhile="everything is kept")

    async def _note_back(self, channel: str) -> None:
        if self._away:
            self._away = False
            paced = self._not_before[channel]  # something was posted there just now
            self._not_before = {channel: paced}
            log.info("slack_back", resumed=await self.outbox.resume(self.clock.now()))
            self.wake()

    async def _put_off(self, row: Due, after: float, why: str, *, posted: bool | None, resumable: bool = False) -> None:
        failures = max(row.attempts, self._failures.get(row.id, 0))
        self._failures[row.id] = failures + 1
        self.counts.update(messages_put_off=1)
        now, pause = self.clock.now(), retrying.wait(failures, after, self.jitter())
        # While Slack is away the whole channel waits; a message that fails for a reason of its own holds up nobody.
        hold = min(pause, HOLD) if resumable else PACE
        self._not_before[row.channel] = now + max(hold, timedelta(seconds=after))
        await self.outbox.later(row.id, now + pause, why, posted=posted, resumable=resumable)

    async def _show(self, row: Due) -> str:
        ts = row.ts
        if row.attempted_at is not None:
            ts = await self._found(row, row.attempted_at) or ts
        if ts is not None:
            try:
                await self.voice.update(row.channel, ts, row.payload, row.key)
                return ts
            except Gone as error:  # somebody deleted it, but there is more to tell than it told
                log.info("message_gone", key=row.key, channel=row.channel, why=str(error))
        await self.outbox.attempting(row.id, self.clock.now())
        return await self.voice.post(row.channel, row.payload, row.key)

    async def _note_sent(self, row: Due, ts: str) -> None:
        now = self.clock.now()
        self._not_before[row.channel] = now + PACE
        self.counts["messages_edited" if row.ts else "messages_posted"] += 1
        await self.outbox.sent(row.id, row.revision, ts, now)
        await self._note_back(row.channel)
        self._failures.pop(row.id, None)
        log.info("sent", key=row.key, channel=row.channel, ts=ts, revision=row.revision)

    async def _found(self, row: Due, attempted_at: datetime) -> str | None:
        try:
            return await self.voice.find(row.channel, row.key, attempted_at - SEARCH_BACK)
        except GiveUp as error:
            # Without the right to read the channel the choice is between losing it and perhaps saying it twice.
            log.warning("cannot_search", key=row.key, channel=row.channel, why=str(error))
            return None
        except TryLater as error:
            if self._failures.get(row.id, 0) < SEARCHES:
                raise
            log.warning("search_given_up", key=row.key, channel=row.channel, why=str(error))
            return None

    async def _tell_asker(self, row: Due, reason: str) -> None:
        if row.asker is None or row.asker == row.channel:
            return
        note = Outgoing(f"parked:{row.key}", row.asker, _parked_note(row, reason), asker=None)
        async with self.inbox.ledger() as ledger:
            await ledger.say(note, self.clock.now())
        self.wake()

    async def close(self, *, patience: float = 10.0) -> None:
        """Let what is in flight finish, for `patience` seconds at most; the rest is left to the leases."""
        if not self._in_flight:
            return
        _, late = await asyncio.wait(self._in_flight.values(), timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _parked_note(row: Due, reason: str) -> dict[str, Any]:
    about = str(row.payload.get("text") or "a message")[:500]
    # The channel is an element of its own, so that no markup is needed to show its name.
    start = {"type": "text", "text": "I could not post in "}
    end = {"type": "text", "text": f". {reason} It was: {unescape(about)}"}
    line = {"type": "rich_text_section", "elements": [start, {"type": "channel", "channel_id": row.channel}, end]}
    blocks = [{"type": "rich_text", "elements": [line]}] if row.channel[:1] in {"C", "G"} else []
    return {"text": f"I could not post where you asked me to. {reason} It was: {about}", "blocks": blocks}


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
