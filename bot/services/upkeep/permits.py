"""What the policy says, again and again, about subscribing to the repositories that a subscription covers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.errors import Denied
from bot.domain.people import Person
from bot.domain.subscriptions import Subscription
from bot.ports import Clock, Quay
from bot.rules.policy import Effect
from bot.services.gate import Gate

SUBSCRIBE = "subscribe"  # the act by which the policy decides
OFTEN = timedelta(minutes=3)  # a rule that was added counts after this time at the latest


@dataclass(frozen=True, slots=True)
class Ruling:
    """What stands in the way: a no (`say` tells whoever looks after it why), or (`asks`) approvals that it takes.

    `unsure`: it is a no because something cannot be found out now.
    """

    say: str = ""
    asks: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the policy said about these repositories, and when."""

    at: datetime
    person: Person
    username: str
    targets: frozenset[str]
    rulings: Mapping[str, Ruling]


@dataclass(frozen=True, slots=True)
class Permits:
    """Asks the policy about each subscription at most once in three minutes, unless there is something new in it."""

    gate: Gate
    clock: Clock
    known: dict[str, Asked] = field(repr=False)

    async def rulings(
        self, subscription: Subscription, targets: Collection[str], username: str, quay: Quay
    ) -> Mapping[str, Ruling]:
        """Of these repositories, those that may not simply be subscribed to. Raises as people's accounts do."""
        now, found = self.clock.now(), self.known.get(subscription.name)
        who = (subscription.person, username)
        if (
            found
            and now - found.at < OFTEN
            and (found.person, found.username) == who
            and found.targets.issuperset(targets)
        ):
            return found.rulings
        self._forget(now)
        rulings = await self._among(tuple(targets), subscription, username, quay)
        if not any(one.unsure for one in rulings.values()):
            self.known[subscription.name] = Asked(now, *who, frozenset(targets), rulings)
        return rulings

    async def _among(
        self, targets: Sequence[str], subscription: Subscription, username: str, quay: Quay
    ) -> dict[str, Ruling]:
        """One question, most often; where something stands in the way, about half of them, until it is known where."""
        if not targets:
            return {}
        ruling = await self._one(targets, subscription, username, quay)
        if ruling is None:
            return {}
        if len(targets) == 1:
            return {targets[0]: ruling}
        half = len(targets) // 2
        first = await self._among(targets[:half], subscription, username, quay)
        return first | await self._among(targets[half:], subscription, username, quay)

    async def _one(
        self, targets: Sequence[str], subscription: Subscription, username: str, quay: Quay
    ) -> Ruling | None:
        target, *others = targets
        act = Act(SUBSCRIBE, target, {"subscription": subscription.name}, reach=tuple(others))
        try:
            decision = await self.gate.decide(act, subscription.person, username, quay, subscription.channel)
        except Denied as error:
            return Ruling(error.say, unsure=error.unsure)
        return Ruling(asks=True) if decision.effect is Effect.APPROVE else None

    def _forget(self, now: datetime) -> None:
        for name in [name for name, asked in self.known.items() if now - asked.at >= OFTEN]:
            del self.known[name]
