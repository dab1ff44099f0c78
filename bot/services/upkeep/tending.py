"""Comparing a subscription with Quay, and bringing its notifications in order."""

import asyncio
from collections import Counter
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.domain.acts import Act
from bot.domain.errors import BotError, Denied, Odd, TryLater
from bot.domain.subscriptions import Part, State, Subscription
from bot.ports import Clock, Gaps, Notices, Quay, Registry, Subscriptions
from bot.rules.policy import Effect
from bot.rules.quay_side import needs
from bot.rules.subscribing import covers, is_pattern
from bot.services.gate import Gate
from bot.services.upkeep.covering import covered
from bot.services.upkeep.ending import end
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.looks import Look, Tended
from bot.services.upkeep.mending import Mending
from bot.services.upkeep.telling import Teller
from bot.services.upkeep.troubles import in_words, is_account, is_gone, is_lost

log = structlog.stdlib.get_logger(__name__)

__all__ = ["MOST", "SUBSCRIBE", "Tended", "Tending"]

SUBSCRIBE = "subscribe"  # the act by which the policy decides about a repository that came later
MOST = 500  # repositories of one subscription
AT_ONCE = 4  # repositories of one subscription, and as many subscriptions
_ROUND = 100  # subscriptions that one worker looks at in a round
LEASE = timedelta(minutes=10)  # longer than a look at many repositories takes
_AWAY = 30.0  # seconds until the next look if Quay is away

NO_ADDRESS = "Nobody has set PUBLIC_URL, so Quay cannot be told where to send anything. Please tell my operator."
GONE = "{target} is not there any more."
FULL = "{target} covers more than {most} repositories: only {most} of them are looked after."
ASKS = "{target} is new. The policy wants approvals for it, so please subscribe to it by itself."


@dataclass(frozen=True, slots=True)
class Tending:
    """Looks after subscriptions with the account of whoever does. `often` is how long between two looks."""

    subscriptions: Subscriptions
    gaps: Gaps
    gate: Gate
    registry: Registry
    notices: Notices
    clock: Clock
    public_url: str
    often: timedelta
    rotate: timedelta | None
    new_token: Callable[[], str]
    counts: Counter[str] = field(default_factory=Counter, init=False, compare=False)
    _refusals: dict[tuple[str, str, str], tuple[datetime, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _begun: list[datetime] = field(default_factory=list, init=False, repr=False, compare=False)
    _locks: MutableMapping[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, init=False, repr=False, compare=False
    )

    async def tend(self, subscription: Subscription) -> Tended:
        """Bring it in order now. Raises TryLater if Quay or the store is away; what is wrong with it is stored."""
        lock = self._locks.setdefault(subscription.name, asyncio.Lock())  # two at the same time would make doubles
        async with lock:
            found = await self.subscriptions.get(subscription.name)
            if found is None:
                return Tended()
            parts = await self.subscriptions.parts(found.name)
            try:
                done = await (self._end if found.state is State.ENDED else self._look)(found, parts)
            except TryLater as error:
                now = self.clock.now()
                await self.subscriptions.checked(found.name, now, now + timedelta(seconds=max(error.after, _AWAY)))
                raise
            self.counts.update(notifications_made=done.made, notifications_reset=done.reset)
            self.counts.update(notifications_removed=done.removed, notifications_rotated=done.rotated)
            return done

    async def run(self) -> None:
        """Those that are due; the first time, all of them. Trouble with one does not touch the others."""
        if not self._begun:  # nobody knows what happened while this process was not there
            await self.subscriptions.hurry((), self.clock.now())
            self._begun.append(self.clock.now())
        await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))

    async def _work(self) -> None:
        """One after the other, until none is due."""
        for _ in range(_ROUND):
            due = await self.subscriptions.claim(1, self.clock.now(), LEASE)
            for one in due:
                try:
                    await self.tend(one)
                except BotError as error:
                    log.warning("subscription_not_checked", name=one.name, why=str(error))
                except Exception:  # its lease runs out, and then it is looked at again
                    log.exception("subscription_not_checked", name=one.name)
            if not due:
                return

    async def _look(self, subscription: Subscription, parts: Sequence[Part]) -> Tended:
        look = Look()
        if not self.public_url:
            look.missing.append(NO_ADDRESS)
            return await self._settle(subscription, look)
        try:
            account = await self.gate.accounts.of(subscription.person)
            look.username = account.username
            quay = await eyes(subscription.person, self.gate.accounts, self.gate.registry)
            targets = await self._targets(subscription, parts, quay, look)
        except TryLater:
            raise
        except BotError as error:
            await self._trouble(error, subscription, subscription.wanted.target, parts, look)
            return await self._settle(subscription, look)
        await self._each(targets, subscription, parts, quay, look)
        return await self._settle(subscription, look)

    async def _targets(
        self, subscription: Subscription, parts: Sequence[Part], quay: Quay, look: Look
    ) -> tuple[str, ...]:
        """Everything that is covered now, and what was covered before; what is known already comes first."""
        wanted = subscription.wanted.target
        found = await covered(quay, wanted, most=MOST + 1)
        known = tuple(dict.fromkeys(part.target for part in parts))
        new = tuple(target for target in found if target not in known)
        if len(found) > MOST:
            look.missing.append(FULL.format(target=wanted, most=MOST))
        every = (*known, *new[: max(MOST - len(known), 0)])
        look.targets = len(every)
        return every

    async def _each(
        self, targets: Sequence[str], subscription: Subscription, parts: Sequence[Part], quay: Quay, look: Look
    ) -> None:
        """One repository after the other, a few at a time; whatever is wrong with one, the others are looked at."""
        for start in range(0, len(targets), AT_ONCE):
            some = targets[start : start + AT_ONCE]
            of = {target: [part for part in parts if part.target == target] for target in some}
            ones = [self._one(target, subscription, of[target], quay, look) for target in some]
            results = await asyncio.gather(*ones, return_exceptions=True)
            for target, result in zip(some, results, strict=True):
                if isinstance(result, BotError):
                    await self._trouble(result, subscription, target, of[target], look)
                elif isinstance(result, BaseException):
                    raise result
            if look.dead:  # the others would say the same
                return

    async def _one(
        self, target: str, subscription: Subscription, parts: Sequence[Part], quay: Quay, look: Look
    ) -> None:
        wanted = subscription.wanted
        if not parts and is_pattern(wanted.target) and not await self._let(target, subscription, quay, look):
            return
        needed = needs(wanted) if covers(wanted.target, target) else ()
        mended = await self._mending.mend(subscription, target, needed, parts, quay)
        look.add(mended)
        await self._teller.strays(subscription, target, mended.strays)

    async def _let(self, target: str, subscription: Subscription, quay: Quay, look: Look) -> bool:
        """May a repository that is covered since its creation be subscribed to?"""
        act, person = Act(SUBSCRIBE, target, {"subscription": subscription.name}), subscription.person
        try:
            decision = await self.gate.decide(act, person, look.username, quay, subscription.channel)
        except Denied as error:
            look.missing.append(f"{target} is left out: {error.say}")
            return False
        if decision.effect is Effect.APPROVE:
            look.missing.append(ASKS.format(target=target))
            return False
        return True

    async def _trouble(
        self, error: BotError, subscription: Subscription, target: str, parts: Sequence[Part], look: Look
    ) -> None:
        """What an error means for the subscription. Raises TryLater for what may pass everywhere."""
        if isinstance(error, TryLater) and not isinstance(error, Odd):
            raise error
        if isinstance(error, Denied) and error.unsure:
            raise TryLater(error.say, detail=str(error)) from error
        log.info("subscription_in_trouble", name=subscription.name, target=target, why=str(error))
        said = in_words(error, look.username or subscription.username, target)
        if is_gone(error):
            for part in parts:
                await self.subscriptions.drop_part(part.hook)
            look.missing.append(GONE.format(target=target))
        elif not is_lost(error):
            look.missing.append(said)
        elif parts or not is_pattern(subscription.wanted.target) or target == subscription.wanted.target:
            look.lost.append(said)
        else:
            look.left.append(said)
        look.dead = look.dead or is_account(error)

    async def _settle(self, subscription: Subscription, look: Look) -> Tended:
        """Store what was found, unless somebody has changed the subscription meanwhile, and tell about a loss."""
        now = self.clock.now()
        found = await self.subscriptions.get(subscription.name)
        if found is None:
            return look.tended()
        same = (found.person, found.wanted) == (subscription.person, subscription.wanted)
        if same and found.state is not State.ENDED:
            fresh = replace(
                found,
                state=look.state,
                reason=found.reason if look.dead and found.state is State.ORPHANED and found.reason else look.reason,
                username=look.username or found.username,
            )
            if fresh != found:
                await self.subscriptions.keep(fresh, now, check=False)
            if fresh.state is State.ORPHANED:
                await self._teller.lost(fresh)
            else:
                await self._teller.kept(fresh)
        await self.subscriptions.checked(subscription.name, now, now + look.next_in(self.often))
        return look.tended()

    async def _end(self, subscription: Subscription, parts: Sequence[Part]) -> Tended:
        return await end(subscription, parts, self._mending)

    @property
    def _mending(self) -> Mending:
        means = (self.subscriptions, self.gaps, self.gate, self.clock)
        return Mending(*means, self.public_url, self.rotate, self.new_token, self._refusals)

    @property
    def _teller(self) -> Teller:
        return Teller(self.subscriptions, self.notices, self.clock)
