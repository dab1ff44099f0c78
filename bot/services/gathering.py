"""Messages that come late: three or more of a channel become one, a single one says how late it is."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.blocks import away
from bot.domain.late import Cause, Late, Pile
from bot.domain.messages import Outgoing
from bot.ports import Clock, Due, Outbox
from bot.rules.lateness import LATE, MANY, gathering_key, gathers, is_late

log = structlog.stdlib.get_logger(__name__)

TRIES = 3  # to gather messages that change meanwhile


@dataclass(frozen=True, slots=True)
class Gathering:
    """Decides with which words a message that was never posted is said, and whether another one says it instead.

    Replies in threads are no alerts: they stay as they are.

    `was_away` tells whether Slack was away for long after that time.
    """

    outbox: Outbox
    clock: Clock
    counts: Counter[str]
    was_away: Callable[[datetime], bool]

    async def words(self, row: Due, *, certain: bool) -> Mapping[str, Any] | None:
        """What to post now, or None if the row was given back because others will tell it.

        `certain`: it is surely not in Slack, so another message may tell it.
        """
        now = self.clock.now()
        if certain and not row.thread and (gathers(row.key) or is_late(row.since, now)):
            for _ in range(TRIES):
                pile = await self.outbox.late(row, now - LATE, now)
                if not _worth(row, pile):
                    break
                if await self._gathered(row, pile):
                    return None
        if gathers(row.key):
            return await self._fresh(row)
        if is_late(row.since, now) and not row.thread:
            return away.noted(row.payload, self._cause(row, ()), row.since, now)
        return row.payload

    async def _gathered(self, row: Due, pile: Pile) -> bool:
        now, late = self.clock.now(), (*pile.told, *pile.late)
        first = late[0]
        key = pile.into.key if pile.into else gathering_key(row.channel, first.id, first.revision)
        payload = away.show(late, key, self._cause(row, late), now).payload()
        message = Outgoing(key, row.channel, payload, row.asker, weight=max(one.weight for one in late))
        if not await self.outbox.gather(row, message, pile, now):
            return False
        self.counts.update(messages_gathered=len(pile.late))
        log.info("gathered", key=key, channel=row.channel, messages=len(pile.late))
        return True

    async def _fresh(self, row: Due) -> Mapping[str, Any] | None:
        """The words of a message that tells others, with the lag as it is now. None: each of them tells itself now."""
        now, told = self.clock.now(), await self.outbox.told(row.id)
        if told:
            return away.show(told, row.key, self._cause(row, told), now).payload()
        await self.outbox.needless(row, now)
        return None

    def _cause(self, row: Due, late: Sequence[Late]) -> Cause:
        if row.parked:
            return Cause.BARRED
        tried = row.attempts or any(one.tried for one in late)
        since = min((one.since for one in late), default=row.since)
        return Cause.AWAY if tried or self.was_away(since) else Cause.CROWD


def _worth(row: Due, pile: Pile) -> bool:
    """Whether one message tells what is late: there is enough of it, or such a message waits already."""
    if gathers(row.key):
        return pile.into is not None and pile.into.id == row.id and bool(pile.late)
    return any(one.id == row.id for one in pile.late) and (pile.into is not None or len(pile.late) >= MANY)
