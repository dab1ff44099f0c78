"""Who does the scheduled work: of all processes on one database, one at a time.

The one that leads has to say so again and again. If it dies or hangs, its time runs out and another takes over; if it
ends in order, it gives the lead back at once.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.domain.errors import BotError
from bot.ports import Clock, Lease

log = structlog.stdlib.get_logger(__name__)

NAME = "schedule"
SPAN = timedelta(seconds=15)  # after a death, nothing scheduled happens for so long at most, and one RENEWAL
RENEWAL = 5.0  # seconds: two may fail before the lead is lost
GOODBYE = 2.0  # seconds for giving it back: otherwise it runs out by itself


@dataclass(slots=True)
class Leader:
    """Holds the lead for this process when nobody else does. Its time is counted from before it asked for it."""

    lease: Lease
    clock: Clock
    holder: str = field(default_factory=lambda: uuid4().hex)
    _until: datetime | None = None
    _led: bool = False  # the log was told that we lead

    def leads(self) -> bool:
        """Is it us, right now? Not any more as soon as our time is over, whoever has noticed."""
        return self._until is not None and self.clock.now() < self._until

    async def run(self) -> None:
        """Reach for the lead, or renew it, until cancelled."""
        while True:
            await self.renew()
            await self.clock.sleep(RENEWAL)

    async def renew(self) -> None:
        """Once. While the database does not answer, the lead lasts as long as it was given for, and no longer."""
        asked = self.clock.now()
        try:
            ours = await self.lease.hold(NAME, self.holder, asked, SPAN)
        except BotError as error:
            log.warning("lead_not_renewed", why=str(error))
        except Exception:  # the loop must not die: nobody else would know that nothing is scheduled any more
            log.exception("lead_not_renewed")
        else:
            self._until = asked + SPAN if ours else None
        self._tell()

    async def close(self) -> None:
        """Give it back, so that nobody has to wait for our end."""
        if self._until is None:
            return
        self._until = None
        try:
            async with asyncio.timeout(GOODBYE):
                await self.lease.let_go(NAME, self.holder)
        except (BotError, TimeoutError) as error:
            log.warning("lead_not_given_back", why=str(error) or "the database is slow", seconds=SPAN.total_seconds())
        self._tell()

    def _tell(self) -> None:
        leads = self.leads()
        if leads != self._led:
            log.info("lead_taken" if leads else "lead_lost", holder=self.holder)
            self._led = leads
