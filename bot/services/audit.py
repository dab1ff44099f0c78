"""The audit: who did what, as which Quay account, and what came of it."""

from dataclasses import dataclass

import structlog

from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from bot.ports import Audit, Clock, Line

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AuditBook:
    """Writes lines. What cannot be written down is not done: every error goes through to the caller."""

    store: Audit
    clock: Clock

    async def note(  # noqa: PLR0913 - a line has so many columns
        self,
        reference: str,
        person: Person,
        username: str,
        channel: str,
        act: Act,
        outcome: Outcome,
        *,
        detail: str = "",
        approval: str = "",
        quay_log: str = "",
    ) -> Line:
        """Write one line, and tell the log its number and hash, so that a copy of the chain's head is elsewhere."""
        deed = Deed(self.clock.now(), reference, person, username, channel, act, outcome, detail, approval, quay_log)
        line = await self.store.append(deed)
        log.info("audited", number=line.number, hash=line.hash, outcome=outcome.value, reference=reference)
        return line

    async def head(self) -> Line | None:
        """The newest line, whose hash covers all others; None if nothing was written yet."""
        return next(iter(await self.store.newest(limit=1)), None)
