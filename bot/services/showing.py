"""Making Slack show one row, once: look for what may be there already, edit it, or post it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.errors import Busy, GiveUp, Gone, TryLater
from bot.ports import Clock, Due, Outbox, Voice
from bot.services.gathering import Gathering

log = structlog.stdlib.get_logger(__name__)

SEARCHES = 6  # in vain, over half a minute, while Slack answers otherwise: then it is not searching that will help
FOR_LONG = 60  # in vain, over an hour: a message that may be there twice is better than one that is not there
SEARCH_BACK = timedelta(minutes=1)  # clocks differ: search from a little before the attempt


@dataclass(frozen=True, slots=True)
class Showing:
    """Says one row. Raises what the voice raises. `answers`: as far as we know, Slack is not away."""

    outbox: Outbox
    voice: Voice
    clock: Clock
    gathering: Gathering
    answers: Callable[[], bool]

    async def show(self, row: Due) -> str | None:
        """The ts of the message that shows the row now. None: it was given back, as something else comes first."""
        certain = True
        if row.attempted_at is not None:
            ts, certain = await self._look(row, row.attempted_at)
            if ts is not None:
                await self.outbox.found(row.id, ts)  # what is left to do is an edit, and edits have a budget
                return None
        if row.ts is not None:
            try:
                await self.voice.update(row.channel, row.ts, row.payload, row.key)
                return row.ts
            except Gone as error:  # somebody deleted it, but there is more to tell than it told
                log.info("message_gone", key=row.key, channel=row.channel, why=str(error))
        payload = row.payload if row.ts is not None else await self.gathering.words(row, certain=certain)
        if payload is None:
            return None
        await self.outbox.attempting(row.id, self.clock.now())
        return await self._post(row, payload)

    async def _post(self, row: Due, payload: Mapping[str, Any]) -> str:
        if row.thread:
            try:
                return await self.voice.post(row.channel, {**payload, "thread_ts": row.thread}, row.key)
            except Gone as error:  # it stands on its own as well
                log.info("thread_gone", key=row.key, channel=row.channel, why=str(error))
        return await self.voice.post(row.channel, payload, row.key)

    async def _look(self, row: Due, attempted_at: datetime) -> tuple[str | None, bool]:
        """The ts of a post of unknown fate, if it is there, and whether we know."""
        try:
            return await self.voice.find(row.channel, row.key, attempted_at - SEARCH_BACK, row.thread), True
        except GiveUp as error:
            # Without the right to read the channel the choice is between losing it and perhaps saying it twice.
            log.warning("cannot_search", key=row.key, channel=row.channel, why=str(error))
        except TryLater as error:
            in_vain = row.attempts >= SEARCHES and (self.answers() or row.attempts % FOR_LONG == 0)
            if isinstance(error, Busy) or not in_vain:
                raise
            log.warning("search_given_up", key=row.key, channel=row.channel, why=str(error))
        return None, False
