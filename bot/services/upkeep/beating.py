"""The heartbeat: proves the way from Quay to the bot with Quay's test call, and says when it is broken."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import BotError, TryLater
from bot.domain.subscriptions import Part, State, Subscription
from bot.ports import Clock, Notices, Subscriptions
from bot.rules.beating import heard, pulse
from bot.services.gate import Gate
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.telling import Teller

log = structlog.stdlib.get_logger(__name__)

AT_ONCE = 5  # test calls in one round: they are spread over time
_REST = timedelta(minutes=2)  # until a test call that could not be asked for is tried again
_LOOK = timedelta(minutes=5)  # how often it is looked up whether a silence was told: another process may have led


@dataclass(frozen=True, slots=True)
class Beating:
    """Tries the notifications through which nothing came for `every`; None: never."""

    subscriptions: Subscriptions
    gate: Gate
    notices: Notices
    clock: Clock
    every: timedelta | None
    _rests: dict[str, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)
    _looked: dict[str, datetime] = field(default_factory=dict, init=False, repr=False, compare=False)

    async def run(self) -> None:
        """Ask for test calls that are due, and look which have not arrived. Trouble with one does not touch others."""
        if self.every is None:
            return
        now, asked = self.clock.now(), 0
        resting = self._resting(now)
        parts: dict[str, list[Part]] = defaultdict(list)
        for part in await self.subscriptions.parts():
            parts[part.subscription].append(part)
        for one in await self.subscriptions.all():
            if one.state is not State.ACTIVE or (one.paused_until is not None and one.paused_until > now):
                continue
            found = pulse(parts[one.name], now, self.every, resting)
            await self._heard(one, parts[one.name], now)
            if found.silent is not None:
                await self._silent(one, found.silent, heard(parts[one.name]))
            if found.ask is not None and asked < AT_ONCE and one.name not in resting:
                asked += 1
                await self._ask(one, found.ask, now)

    async def _ask(self, subscription: Subscription, part: Part, now: datetime) -> None:
        """The test call is expected before it is asked for: when it arrives, it is no alert."""
        try:
            quay = await eyes(subscription.person, self.gate.accounts, self.gate.registry)
            await self.subscriptions.keep_part(part)
            await self.subscriptions.beat(part.hook, now)
            there = await quay.notifications.test(part.target, part.uuid)
        except BotError as error:
            log.info("no_test_call", name=subscription.name, target=part.target, why=str(error))
            away = isinstance(error, TryLater)
            self._rests[subscription.name if away else part.hook] = now + _REST  # another part may be tried meanwhile
            if isinstance(error, TryLater):
                if not error.doubtful:
                    await self._unasked(part)
                return
            there = False
        if not there:  # whatever it is, the look at the subscription finds it
            await self._unasked(part)
            await self.subscriptions.hurry([subscription.name], now)

    def _resting(self, now: datetime) -> set[str]:
        """Subscriptions and hooks that are not tried now."""
        for key in [key for key, until in self._rests.items() if until <= now]:
            del self._rests[key]
        return set(self._rests)

    async def _unasked(self, part: Part) -> None:
        """What was not asked for cannot get lost."""
        await self.subscriptions.keep_part(replace(part, beat_at=None, beaten=0))

    async def _silent(self, subscription: Subscription, part: Part, last: datetime | None) -> None:
        """Nothing arrives: the channel hears that once, and the subscription is looked at now."""
        if await self._teller.silent_since(subscription) is not None:
            return
        log.warning("subscription_silent", name=subscription.name, target=part.target, calls=part.beaten)
        await self._teller.silent(subscription, part, last)
        self._looked.pop(subscription.name, None)
        await self.subscriptions.hurry([subscription.name], self.clock.now())

    async def _heard(self, subscription: Subscription, parts: Sequence[Part], now: datetime) -> None:
        """If the channel was told of a silence, and something has arrived since: it hears that, too."""
        last = heard(parts)
        if last is None or now - self._looked.get(subscription.name, datetime.min.replace(tzinfo=now.tzinfo)) < _LOOK:
            return
        if await self._teller.silent_since(subscription) is None:
            self._looked[subscription.name] = now
            return
        await self._teller.heard(subscription, last)

    @property
    def _teller(self) -> Teller:
        return Teller(self.subscriptions, self.notices, self.clock)
