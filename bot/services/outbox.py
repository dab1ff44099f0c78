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

import structlog

from bot.domain.errors import BotError, Busy, GiveUp, Odd, TryLater
from bot.ports import Channels, Clock, Due, Inbox, Outbox, Voice
from bot.rules.pacing import PER_MINUTE
from bot.services.aftermath import Aftermath, unheard
from bot.services.gathering import Gathering
from bot.services.nap import nap
from bot.services.parking import Parking
from bot.services.showing import Showing

log = structlog.stdlib.get_logger(__name__)

DEADLINE = 25.0  # seconds for everything that is done to say one row
MARGIN = 5.0  # seconds between the end of that and the end of the lease at least
LEASE = timedelta(seconds=30)  # longer than that: nobody else takes up a row that is still being said
AT_ONCE = 20  # rows in flight
_FAILED = "quaybot failed while it said this; its log says why."
BREATH = 0.02  # seconds between waking up and looking: what is queued in a burst is looked at together


@dataclass(slots=True)
class Speaker:
    """Works the outbox off. `wake` is called by whoever queued something; `run` goes on until `stop`.

    `owner` is a Slack user who is told about parked channels that have no owner of their own; `edits` is how many the
    workspace takes a minute; `took` hears for each post how many seconds it waited.
    """

    outbox: Outbox
    inbox: Inbox
    voice: Voice
    clock: Clock
    jitter: Callable[[], float] = random.random
    counts: Counter[str] = field(default_factory=Counter)
    channels: Channels | None = None
    owner: str = ""
    edits: int = PER_MINUTE
    took: Callable[[float], None] = unheard
    _showing: Showing = field(init=False)
    _parking: Parking = field(init=False)
    _after: Aftermath = field(init=False)
    _stopped: bool = False
    _again: datetime | None = None
    _scarce: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parking = Parking(self.outbox, self.inbox, self.channels, self.clock, self.owner, self.counts, self.wake)
        self._after = Aftermath(self.outbox, self.clock, self.counts, self.wake, self.jitter, self.edits, self.took)
        gathering = Gathering(self.outbox, self.clock, self.counts, self._after.was_away)
        self._showing = Showing(self.outbox, self.voice, self.clock, gathering, self._after.answers)

    def wake(self) -> None:
        """There may be something new to say."""
        self._woken.set()

    def scarce(self) -> bool:
        """Whether more edits wait than Slack will take soon, as of the last look."""
        return self._scarce

    def stop(self) -> None:
        """Begin nothing new: `run` ends soon. What is in flight goes on; see `close`."""
        self._stopped = True
        self.wake()

    async def run(self, *, idle: float = 1.0) -> None:
        """Speak until stopped or cancelled; look again after `idle` seconds at the latest."""
        while not self._stopped:
            self._woken.clear()
            if not await self._step_safely():
                await nap(self._woken, self._pause(idle))
                await asyncio.sleep(BREATH)

    async def _step_safely(self) -> int:
        try:
            return await self.step()
        except BotError as error:  # the storage is away: everything is kept there
            log.error("outbox_failed", why=str(error))
        except Exception:  # the loop must not die
            log.exception("outbox_failed")
        self._again = None
        return 0

    async def step(self) -> int:
        """Start what may be said now; returns how many rows were taken."""
        free = AT_ONCE - len(self._in_flight)
        if free <= 0:
            await asyncio.wait(self._in_flight.values(), return_when=asyncio.FIRST_COMPLETED)
            return 1
        claim = await self.outbox.claim(free, self.clock.now(), LEASE, skip=set(self._in_flight), edits=self.edits)
        self._again, self._scarce = claim.again, claim.scarce
        for row in claim:
            task = asyncio.create_task(self._say_safely(row))
            self._in_flight[row.channel] = task
            task.add_done_callback(partial(self._landed, row.channel))
        return len(claim)

    def _landed(self, channel: str, _: asyncio.Task[None]) -> None:
        self._in_flight.pop(channel, None)
        self._woken.set()

    def _pause(self, idle: float) -> float:
        if self._again is None:
            return idle
        return min(idle, max(0.01, (self._again - self.clock.now()).total_seconds()))

    async def _say_safely(self, row: Due) -> None:
        try:
            await self._say(row)
        except Exception as error:  # one row's trouble must not stop the others
            log.exception("outbox_row_failed", row=row.id, key=row.key, channel=row.channel)
            with contextlib.suppress(BotError):  # the storage is away: the lease brings the row back
                if isinstance(error, BotError):
                    await self._after.put_off(row, TryLater(_FAILED, after=0.5, doubtful=True))
                else:
                    await self._puzzled(row, Odd(_FAILED, doubtful=True))

    async def _say(self, row: Due) -> None:
        left = min(DEADLINE, (row.lease - self.clock.now()).total_seconds() - MARGIN)
        if left <= 0:
            return  # the claim took long: somebody else takes it up soon
        try:
            async with asyncio.timeout(left):
                ts = await self._showing.show(row)
        except Busy as error:
            await self._after.slow_down(row, error)
        except Odd as error:
            await self._puzzled(row, error)
        except TryLater as error:
            await self._after.put_off(row, error)
        except TimeoutError:
            await self._after.put_off(row, TryLater("Slack took too long.", doubtful=True))
        except GiveUp as error:
            await self._parking.refused(row, error)
        else:
            if ts is not None:
                # Out of reach of the handlers above: if the storage fails here, the message is in Slack all the same.
                await self._after.sent(row, ts)

    async def _puzzled(self, row: Due, error: Odd) -> None:
        if self._after.hopeless(row):
            await self._parking.refused(row, GiveUp(error.say, detail=str(error)))
        else:
            await self._after.put_off(row, error)

    async def close(self, *, patience: float = 10.0) -> None:
        """Let what is in flight finish, for `patience` seconds at most; the rest is left to the leases."""
        if not self._in_flight:
            return
        _, late = await asyncio.wait(self._in_flight.values(), timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
