"""Summaries: what happened in a channel in a day, a week, or while it was quiet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import structlog

from bot.blocks.summary import summary
from bot.domain.errors import BotError
from bot.domain.messages import Outgoing
from bot.ports import Channel, Channels, Clock, Inbox, Trail
from bot.rules.rhythm import Due, due, may_tell_rest

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Digesting:
    """Posts the summaries whose time has come, each once."""

    channels: Channels
    trail: Trail
    inbox: Inbox
    clock: Clock
    quay_url: str
    said: Callable[[], None]  # called after something was queued
    new_id: Callable[[], str] = lambda: uuid4().hex

    async def run(self) -> None:
        """Those that are due. Trouble with one channel does not touch the others: it comes up again."""
        now, channels = self.clock.now(), await self.channels.all()
        waiting = await self.trail.waiting([one.id for one in channels if may_tell_rest(one.rhythm, now)])
        for channel in channels:
            period = due(channel.rhythm, now, waiting.get(channel.id))
            if period is None:
                continue
            try:
                await self._tell(channel, period)
            except BotError as error:
                log.warning("summary_not_told", channel=channel.id, why=str(error))

    async def _tell(self, channel: Channel, period: Due) -> None:
        """In one transaction it is queued, and what it tells is told: whoever dies in between has done nothing.

        The channel's times are locked meanwhile. If they are other ones by now, because somebody has changed them or
        another replica was faster, the next round looks again.
        """
        before = channel.rhythm
        after = replace(before, told_at=period.until) if period.digest else before
        async with self.inbox.ledger() as ledger:
            if not await ledger.set_rhythm(channel.id, before, after):
                return
            happened = await ledger.sum_up(channel.id, period.since, period.until)
            message = summary(happened, period, before, self.quay_url)
            if message is not None:
                outgoing = Outgoing(f"summary:{channel.id}:{self.new_id()}", channel.id, message.payload())
                await ledger.say(outgoing, self.clock.now())
        self.said()
        log.info("summary", channel=channel.id, until=period.until.isoformat(), told=message is not None)
