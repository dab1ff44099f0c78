"""Summaries: what happened in a channel in a day, a week, or while it was quiet."""

from dataclasses import dataclass, replace

import structlog

from bot.blocks.summary import summary
from bot.domain.errors import BotError
from bot.domain.messages import Outgoing
from bot.ports import Channel, Channels, Clock, Notices, Trail
from bot.rules.rhythm import Due, due

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Digesting:
    """Posts the summaries whose time has come, each once."""

    channels: Channels
    trail: Trail
    notices: Notices
    clock: Clock
    quay_url: str

    async def run(self) -> None:
        """Those that are due. Trouble with one channel does not touch the others: it comes up again."""
        for channel in await self.channels.all():
            period = due(channel.rhythm, self.clock.now())
            if period is None:
                continue
            try:
                await self._tell(channel, period)
            except BotError as error:
                log.warning("summary_not_told", channel=channel.id, why=str(error))

    async def _tell(self, channel: Channel, period: Due) -> None:
        """Say it, and only then store that it was told: whoever dies in between says the same message again.

        Its key is that of the channel and the period, so that nobody is told twice.
        """
        happened = await self.trail.happened(channel.id, period.since, period.until)
        message = summary(happened, period, channel.rhythm, self.quay_url)
        if message is not None:
            key = f"summary:{channel.id}:{int(period.until.timestamp())}"
            await self.notices.say(Outgoing(key, channel.id, message.payload()), self.clock.now())
        log.info("summary", channel=channel.id, until=period.until.isoformat(), told=message is not None)
        now = await self.channels.of(channel.id)  # somebody may have decided something meanwhile
        told = max(filter(None, (now.rhythm.told_at, period.until)))
        await self.channels.keep(replace(now, rhythm=replace(now.rhythm, told_at=told)))
