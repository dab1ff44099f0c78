"""What becomes of messages that Slack refuses for good, and who hears of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.blocks import notes
from bot.domain.errors import Barred, GiveUp
from bot.domain.messages import Outgoing
from bot.ports import Channels, Clock, Due, Inbox, Outbox, Rest
from bot.rules.lateness import gathers

log = structlog.stdlib.get_logger(__name__)

PROBE = timedelta(minutes=5)  # between two tries in a channel that is parked


@dataclass(frozen=True, slots=True)
class Parking:
    """A channel that takes nothing is parked whole and nothing is lost; a message that nobody takes is set aside.

    Its owner is told; if it has none, whoever asked for the message; if nobody did, `owner` (a Slack user id, empty for
    none).
    """

    outbox: Outbox
    inbox: Inbox
    channels: Channels | None
    clock: Clock
    owner: str
    counts: Counter[str]
    said: Callable[[], None]

    async def refused(self, row: Due, error: GiveUp) -> None:
        """Slack refuses the row, or everything in its channel."""
        # In direct messages there is nothing to mend: who is not there any more does not miss them.
        if isinstance(error, Barred) and row.channel[:1] not in {"U", "W", "D"}:
            await self._bar(row, error)
        else:
            await self._give_up(row, error)

    async def _bar(self, row: Due, error: Barred) -> None:
        now = self.clock.now()
        posted = False if row.attempted_at is None else None
        since = await self.outbox.park_lane(row, error.say, now, now + PROBE, posted=posted)
        if since is None:
            return  # our lease was over: whoever has it now has seen the same
        if since == now:
            self.counts.update(channels_parked=1)
            log.error("channel_parked", channel=row.channel, why=str(error), meanwhile="everything is kept")
        # Once for each parking: the key is the same at each further try. So nobody is forgotten if we die here.
        if owner := await self._owner(row):
            key = f"barred:{row.channel}:{int(since.timestamp() * 1_000_000)}"
            await self._tell(Outgoing(key, owner, notes.barred(row.channel, error.say, error.advice)))

    async def _owner(self, row: Due) -> str:
        decided = await self.channels.of(row.channel) if self.channels else None
        return (decided.owner if decided else "") or row.asker or self.owner

    async def _give_up(self, row: Due, error: GiveUp) -> None:
        log.error("message_parked", key=row.key, channel=row.channel, why=str(error))
        # First the notes, as saying them again is harmless and forgetting them is not.
        note = notes.undelivered(row.channel, row.payload, error.say)
        for person in await self._missing(row):
            await self._tell(Outgoing(f"parked:{row.key}:{person}", person, note))
        now = self.clock.now()
        await self.outbox.park(row, error.say, now, Rest(row.channel, now + row.pace, row.pace))
        self.counts.update(messages_parked=1)

    async def _missing(self, row: Due) -> list[str]:
        """Who will not read what they wait for: whoever asked for it, or for something that it tells."""
        people = {row.asker}
        if gathers(row.key):
            owner = await self._owner(row)
            people |= {one.asker or owner for one in await self.outbox.told(row.id)}
        return sorted(person for person in people if person and person != row.channel)

    async def _tell(self, note: Outgoing) -> None:
        async with self.inbox.ledger() as ledger:
            await ledger.say(note, self.clock.now())
        self.said()
