"""What the bot says of itself: the details of /readyz and the numbers of /metrics, as plain values.

Both are asked for every few seconds, so they look only at what waits or was given up, never at what is done.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import BotError
from bot.ports import Clock, DeadLetters, Inbox, Lane, Outbox
from bot.services.leader import Leader
from bot.services.standing import Standing

PATIENCE = 3.0  # seconds for the database: whoever collects numbers gives up after ten
WORST = 20  # lanes that are named in the numbers: each name is a time series for whoever collects them


async def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Report:
    """Gathers what the others know. `spool` gives how full it is, `received` how many bodies were accepted so far.

    `counts` are the counters of the parts, which go on counting. `policy` says why the policy file as it is now is not
    used.
    """

    inbox: Inbox
    outbox: Outbox
    dead: DeadLetters
    leader: Leader
    standing: Standing
    clock: Clock
    spool: Callable[[], Mapping[str, int]]
    received: Callable[[], int]
    counts: Sequence[Counter[str]]
    policy: Callable[[], Awaitable[str]] = _nothing

    async def details(self) -> dict[str, object]:
        """What waits, what was given up and what is in the way. Channels by their ids, and no secrets."""
        return {
            "deliveries_waiting": await self.inbox.waiting(),
            "messages_waiting": await self.outbox.waiting(),
            "dead": dict(await self.dead.counts()),
            "parked_lanes": [_lane(lane) for lane in await self.dead.lanes()],
            "spool": dict(self.spool()),
            "slack": self.standing.trouble or "ok",
            "policy": await self.policy() or "ok",
            "leader": self.leader.leads(),
        }

    def counted(self) -> dict[str, int | Mapping[str, int]]:
        """Totals since the start."""
        received, counted = self.received(), sum(self.counts, Counter[str]())
        stored = received - counted["deliveries_spooled"] + counted["deliveries_drained"]
        totals = {"deliveries_received": received, "deliveries_stored": stored}
        return {**counted, **totals, "calls_refused": self.standing.refused}

    async def measured(self) -> dict[str, float | Mapping[str, float]]:
        """What is true right now. While the database does not answer, what only it knows is left out."""
        try:
            async with asyncio.timeout(PATIENCE):
                stored = await self._stored()
        except (BotError, TimeoutError):
            stored = {"database_answers": 0}
        return {
            **stored,
            **{f"spool_{name}": int(number) for name, number in self.spool().items()},
            "slack_answers": int(not self.standing.trouble),
            "leader": int(self.leader.leads()),
        }

    async def _stored(self) -> dict[str, float | Mapping[str, float]]:
        lag = await self.outbox.lag(self.clock.now())
        worst = sorted(lag, key=lambda channel: (-lag[channel], channel))[:WORST]
        return {
            "database_answers": 1,
            "deliveries_waiting": await self.inbox.waiting(),
            "messages_waiting": await self.outbox.waiting(),
            "dead": dict(await self.dead.counts()),
            "lanes_parked": len(await self.dead.lanes()),
            "lane_lag_seconds": {channel: lag[channel] for channel in worst},
        }


def _lane(lane: Lane) -> dict[str, object]:
    since = lane.parked_at.isoformat(timespec="seconds")
    return {"channel": lane.channel, "since": since, "reason": lane.reason, "waiting": lane.waiting}
