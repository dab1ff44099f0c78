"""Making Slack show one row, once: look for what may be there already, edit it, or post it."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.errors import Busy, GiveUp, Gone, TryLater
from bot.ports import Clock, Due, Outbox, Voice
from bot.services.gathering import Gathering

log = structlog.stdlib.get_logger(__name__)

SETTLING = 3.0  # seconds for a doubtful post to show up before it is looked for
SEARCHES = 6  # in vain, over half a minute, while Slack answers otherwise: then it is not searching that will help
FOR_LONG = 60  # in vain, over an hour: a message that may be there twice is better than one that is not there
SEARCH_BACK = timedelta(minutes=1)  # clocks differ: search from a little before the first try
SEARCH_ON = timedelta(minutes=5)  # after the last try: what Slack has not shown by then, it will not show
LOOKING = 12.0  # seconds for one search: then there is still time to post
_SLOW = "Slack takes too long to look for the message."


class Untaken(TryLater):
    """Slack did not take a post although it answered a search just before: it may be that very message."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Says one row. Raises what the voice raises. `answers`: as far as we know, Slack is not away."""

    outbox: Outbox
    voice: Voice
    clock: Clock
    gathering: Gathering
    answers: Callable[[], bool]

    async def show(self, row: Due) -> str | None:
        """The ts of the message that shows the row now. None: something else comes first, or the row is not ours."""
        certain = True
        if row.attempted_at is not None:
            ts, certain = await self._look(row, row.attempted_at)
            if ts is not None:
                await self.outbox.found(row, ts)  # what is left to do is an edit, and edits have a budget
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
        if not await self.outbox.attempting(row, self.clock.now()):
            log.info("taken_over", key=row.key, channel=row.channel)  # our lease is over: somebody else says it
            return None
        try:
            return await self._post(row, payload)
        except TryLater as error:
            if row.attempted_at is None or type(error) is not TryLater:
                raise
            raise Untaken(error.say, after=error.after, doubtful=error.doubtful, detail=str(error)) from None

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
            return await self._find(row, attempted_at - SEARCH_BACK, (row.tried_at or attempted_at) + SEARCH_ON), True
        except GiveUp as error:
            # Without the right to read the channel the choice is between losing it and perhaps saying it twice.
            log.warning("cannot_search", key=row.key, channel=row.channel, why=str(error))
        except TryLater as error:
            in_vain = row.attempts >= SEARCHES and (self.answers() or row.attempts % FOR_LONG == 0)
            if isinstance(error, Busy) or not in_vain:
                raise
            log.warning("search_given_up", key=row.key, channel=row.channel, why=str(error))
        return None, False

    async def _find(self, row: Due, since: datetime, until: datetime) -> str | None:
        """Wherever it may be: a reply stands on its own if there was no thread for it when it was tried."""
        try:
            async with asyncio.timeout(LOOKING):
                if row.thread:
                    with contextlib.suppress(Gone):
                        if ts := await self.voice.find(row.channel, row.key, since, until, row.thread):
                            return ts
                return await self.voice.find(row.channel, row.key, since, until)
        except TimeoutError:
            raise TryLater(_SLOW, after=SETTLING) from None
