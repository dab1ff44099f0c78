"""Comparing a subscription with Quay, and bringing its notifications in order."""

import asyncio
from collections import Counter
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.domain.errors import BotError, Denied, Odd, TryLater
from bot.domain.subscriptions import Part, State, Subscription
from bot.ports import Clock, Gaps, Notices, Quay, Registry, Subscriptions, Watches
from bot.rules.subscribing import is_pattern
from bot.services.gate import Gate
from bot.services.upkeep.covering import covered
from bot.services.upkeep.ending import end
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.looks import Look, Tended
from bot.services.upkeep.mending import Mending
from bot.services.upkeep.neighbours import Neighbours, hand_over, make_way, neighbours
from bot.services.upkeep.permits import Asked, Permits
from bot.services.upkeep.telling import Teller
from bot.services.upkeep.troubles import in_words, is_account, is_gone, is_lost

log = structlog.stdlib.get_logger(__name__)

__all__ = ["MOST", "Tended", "Tending"]

MOST = 500  # repositories of one subscription
_LISTED = 5 * MOST  # repositories that are looked through if some of them are left to other subscriptions
AT_ONCE = 4  # repositories of one subscription, and as many subscriptions
_ROUND = 100  # subscriptions that one worker looks at in a round
LEASE = timedelta(minutes=10)  # longer than a look at many repositories takes
_NEW = timedelta(hours=1)  # so far back a new repository is looked through, at most
_LISTED_AT = timedelta(minutes=2)  # before the end of a look, its list was read
_AWAY = 30.0  # seconds until the next look if Quay is away

NO_ADDRESS = "Nobody has set PUBLIC_URL, so Quay cannot be told where to send anything. Please tell my operator."
GONE = "{target} is not there any more."
FULL = "{target} covers more than {most} repositories: only {most} of them are looked after."
ASKS = "{target} is new. The policy wants approvals for it, so please subscribe to it by itself."
DENIED = "The policy does not let {username} subscribe to {target} here."
FIRST = "{target} needs approvals by the policy, which a file cannot ask for: subscribe to it from chat."


@dataclass(frozen=True, slots=True)
class Tending:
    """Looks after subscriptions with the account of whoever does. `often` is how long between two looks."""

    subscriptions: Subscriptions
    gaps: Gaps
    watches: Watches
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
    _asked: dict[str, Asked] = field(default_factory=dict, init=False, repr=False, compare=False)
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
                if done.made:
                    await make_way(found, self.subscriptions, self.clock.now())
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
            around = await neighbours(subscription, self.subscriptions)
            targets = await self._targets(around, parts, quay, look)
            look.rulings = await self._permits.rulings(subscription, targets, look.username, quay)
        except TryLater:
            raise
        except BotError as error:
            await self._trouble(error, subscription, subscription.wanted.target, parts, look)
            return await self._settle(subscription, look)
        await self._each(targets, around, parts, quay, look)
        return await self._settle(subscription, look)

    async def _targets(self, around: Neighbours, parts: Sequence[Part], quay: Quay, look: Look) -> tuple[str, ...]:
        """Everything that is covered now, and what was covered before; what is known already comes first.

        What is left to another subscription of the channel counts only as long as there is something of it.
        """
        wanted = around.mine.wanted.target
        listed = await covered(quay, wanted, most=_LISTED if around.others else MOST + 1)
        found = [target for target in listed if not around.takes(target)]
        known = tuple(dict.fromkeys(part.target for part in parts))
        new = tuple(target for target in found if target not in known)
        if len(found) > MOST:
            look.missing.append(FULL.format(target=wanted, most=MOST))
        every = (*known, *new[: max(MOST - len(known), 0)])
        look.targets = len(every)
        return every

    async def _each(
        self, targets: Sequence[str], around: Neighbours, parts: Sequence[Part], quay: Quay, look: Look
    ) -> None:
        """One repository after the other, a few at a time; whatever is wrong with one, the others are looked at."""
        for start in range(0, len(targets), AT_ONCE):
            some = targets[start : start + AT_ONCE]
            of = {target: [part for part in parts if part.target == target] for target in some}
            ones = [self._one(target, around, of[target], quay, look) for target in some]
            results = await asyncio.gather(*ones, return_exceptions=True)
            for target, result in zip(some, results, strict=True):
                if isinstance(result, BotError):
                    await self._trouble(result, around.mine, target, of[target], look)
                elif isinstance(result, BaseException):
                    raise result
            if look.dead:  # the others would say the same
                return

    async def _one(self, target: str, around: Neighbours, parts: Sequence[Part], quay: Quay, look: Look) -> None:
        subscription = around.mine
        new = not parts and is_pattern(subscription.wanted.target)
        needed = around.needs(target, parts)
        forbidden = look.forbids(target, subscription.wanted.target)
        if (needed or not parts) and not self._let(target, subscription, parts, look):
            if not parts or not forbidden:
                return
            needed = ()  # nothing more is told about it
        since = self._new_since(subscription) if new else None
        try:
            mended = await self._mending.mend(subscription, target, needed, parts, quay, since)
        except BotError as error:
            denied = forbidden and isinstance(error, Denied) and not error.unsure
            if needed or not (denied or is_lost(error)) or is_account(error):
                raise
            for part in parts:  # what is left in Quay leads nowhere: whoever takes the repository is asked about it
                await self.subscriptions.drop_part(part.hook)
            return
        look.add(mended, fine=not forbidden)
        await self._teller.strays(subscription, target, mended.strays)

    def _new_since(self, subscription: Subscription) -> datetime | None:
        """From when on something may have been missed in a repository that a look finds for the first time.

        What made it was a push, most often. None at the first look: what is there then was there before.
        """
        if subscription.checked_at is None:
            return None
        since = max(subscription.checked_at - _LISTED_AT, self.clock.now() - _NEW)
        return max(since, subscription.created_at)

    def _let(self, target: str, subscription: Subscription, parts: Sequence[Part], look: Look) -> bool:
        """May it be subscribed to, as the policy is now? Raises TryLater if nobody knows.

        Approvals are asked for in chat, before it is stored; nobody can ask for those of what comes later.
        """
        ruling, exact = look.rulings.get(target), target == subscription.wanted.target
        if ruling is None or (ruling.asks and (parts or (exact and subscription.source == "chat"))):
            return True
        if ruling.unsure and (parts or exact):
            if parts and subscription.state is not State.ORPHANED:  # whatever is to be done is decided by itself
                return True
            raise TryLater(ruling.say)
        if ruling.asks and exact:
            look.missing.append(FIRST.format(target=target))
        elif ruling.asks or ruling.unsure:
            look.apart[target] = ASKS.format(target=target) if ruling.asks else ruling.say
        else:
            look.deny(target, ruling.say, DENIED.format(username=look.username, target=target) if exact else "")
        return False

    async def _trouble(
        self, error: BotError, subscription: Subscription, target: str, parts: Sequence[Part], look: Look
    ) -> None:
        """What an error means for the subscription. Raises TryLater for what may pass everywhere."""
        if isinstance(error, TryLater) and not isinstance(error, Odd):
            raise error
        if isinstance(error, Denied) and error.unsure:
            raise TryLater(error.say, detail=str(error)) from error
        log.info("subscription_in_trouble", name=subscription.name, target=target, why=str(error))
        username, exact = look.username or subscription.username, target == subscription.wanted.target
        said, known = in_words(error, username, target), exact or bool(parts)  # to the channel, its name is no news
        if is_gone(error):
            for part in parts:
                await self.subscriptions.drop_part(part.hook)
            if known:
                look.missing.append(GONE.format(target=target))
        elif isinstance(error, Denied):
            look.deny(target, error.say, DENIED.format(username=username, target=target) if exact else "")
        elif is_account(error) or (known and is_lost(error)):
            look.lost[target] = said
        elif known:
            look.missing.append(said)
        else:
            look.leave_out(target, said, lost=is_lost(error))
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
            stored = fresh == found or await self.subscriptions.change(found, fresh, now, check=False)
            if stored and fresh.state is State.ORPHANED:
                await self._teller.lost(fresh)
            elif stored:
                await self._teller.kept(fresh)
                await self._teller.lost_some(fresh, look.lost)
            if stored:
                await self._teller.left_out(fresh, look.apart)
        await self.subscriptions.checked(subscription.name, now, now + look.next_in(self.often))
        return look.tended()

    async def _end(self, subscription: Subscription, parts: Sequence[Part]) -> Tended:
        await hand_over(subscription, parts, self.subscriptions, self.gaps, self.clock.now())
        return await end(subscription, parts, self._mending)

    @property
    def _mending(self) -> Mending:
        means = (self.subscriptions, self.gaps, self.watches, self.gate, self.clock)
        return Mending(*means, self.public_url, self.rotate, self.new_token, self._refusals)

    @property
    def _permits(self) -> Permits:
        return Permits(self.gate, self.clock, self._asked)

    @property
    def _teller(self) -> Teller:
        return Teller(self.subscriptions, self.notices, self.clock)
