"""Bringing the notifications of one repository (or namespace) in order, as the plan says (rules/tending)."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.acts import Act, Outcome
from bot.domain.errors import BotError, GiveUp, UserError
from bot.domain.subscriptions import TITLE, Gap, Notification, Part, Subscription
from bot.ports import Clock, Gaps, Quay, Subscriptions, Watches
from bot.rules.hook_urls import home, mark
from bot.rules.pairing import LATE
from bot.rules.quay_side import Need
from bot.rules.tending import Adopt, Drop, Make, Orphan, Remove, Reset, Seen, Step, looks_ours, plan
from bot.rules.tending_words import event_of, quay_logs, said
from bot.services.gate import Gate
from bot.services.upkeep.running_builds import begin, follow_running
from bot.services.upkeep.troubles import is_lost

log = structlog.stdlib.get_logger(__name__)

TEND = "subscription tend"
FINDINGS = "vulnerability_found"
REPEATS = timedelta(seconds=60)  # within which Quay's own repetitions of what failed arrive (facts §1.3)
_SETTLES = timedelta(seconds=30)  # that Quay's own worker may take to try something first (facts §1.3)
_WHOLE = LATE  # so long before a look everything has arrived: a failure between two successes is not counted
_STALE = timedelta(minutes=5)  # how old the last whole look may be stored: what is found twice is told once
_DAILY = timedelta(days=1)  # between two looks at all findings
_MANY = 50  # parts that are read again before they are stored: of more, hardly ever is one changed by a beat meanwhile
_REFUSED = timedelta(minutes=10)  # before what Quay has refused is tried again


@dataclass(slots=True)
class Mended:
    """What was done in one repository. `shaky`: something has to be looked at again soon. `refused` are sentences."""

    made: int = 0
    reset: int = 0
    removed: int = 0
    rotated: int = 0
    shaky: bool = False
    refused: list[str] = field(default_factory=list)
    strays: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class Mending:
    """Does the steps: what changes Quay goes through the gate, one act for each repository and look.

    What may have been missed is stored as a gap before the step that mends it, and a part before its notification:
    wherever it is cut off, the next look finds what is left to do.
    """

    subscriptions: Subscriptions
    gaps: Gaps
    watches: Watches
    gate: Gate
    clock: Clock
    public_url: str
    rotate: timedelta | None
    new_token: Callable[[], str]
    refusals: dict[tuple[str, str, str], tuple[datetime, str]]  # until when what is not tried again, and why

    async def mend(
        self,
        subscription: Subscription,
        target: str,
        needs: Sequence[Need],
        parts: Sequence[Part],
        quay: Quay,
        since: datetime | None = None,
    ) -> Mended:
        """Bring it in order. `parts` are those of the target; `quay` is for looking. Raises as Quay and the gate do.

        `since`: the target was not there before that, and what happened in it since then has been missed.
        """
        now = self.clock.now()
        listed = await quay.notifications.all(target)
        hooks = await self.subscriptions.hooks_of({one.mark for one in listed if one.mark})
        seen = Seen(
            await self._again(subscription, target, parts), listed, hooks, home(self.public_url), now, since=since
        )
        mended = Mended()
        steps = self._rested(plan(needs, replace(seen, rotate=self.rotate)), subscription, target, seen, mended)
        mended.strays = await self._strays(steps)
        changes = [step for step in steps if isinstance(step, Make | Reset | Remove)]
        if not changes:
            await self._store(steps)
        else:
            act = Act(TEND, target, {"subscription": subscription.name, "steps": ", ".join(map(said, changes))})
            logs = quay_logs(changes, target)
            entering = self.gate.entering(act, subscription.person, subscription.channel, quay_log=logs)
            async with entering as going:
                await self._do(steps, subscription, target, going.quay, mended, _failures(seen))
                if mended.made and begin(steps):
                    await follow_running(going.quay, self.watches, subscription, target, self.clock)
                if mended.refused:
                    done = mended.made + mended.reset + mended.removed + mended.rotated
                    going.result.outcome = Outcome.DONE if done else Outcome.REFUSED
                    going.result.detail = " ".join(mended.refused)
            log.info("subscription_mended", name=subscription.name, target=target, steps=act.parameters["steps"])
        await self._seen_whole(steps, seen, mended)
        return mended

    def _rested(
        self, steps: Sequence[Step], subscription: Subscription, target: str, seen: Seen, mended: Mended
    ) -> list[Step]:
        """Without what Quay has refused a moment ago: there, what works stays as it is."""
        made = [step.event for step in steps if isinstance(step, Make)]
        found = {event: self.refusals.get((subscription.name, target, event), (seen.now, "")) for event in made}
        resting = {event for event, (until, _) in found.items() if until > seen.now}
        mended.refused += [found[event][1] for event in made if event in resting]
        there = _failures(seen)
        return [step for step in steps if event_of(step) not in resting or _is_dead(step, there)]

    async def _strays(self, steps: Sequence[Step]) -> tuple[Notification, ...]:
        """Those that nobody knows: not those of a subscription that has just ended, which are about to be removed."""
        found = [step.notification for step in steps if isinstance(step, Orphan)]
        known = {part.uuid for part in await self.subscriptions.parts()} if found else set()
        return tuple(one for one in found if one.uuid not in known)

    async def _again(self, subscription: Subscription, target: str, parts: Sequence[Part]) -> Sequence[Part]:
        """The parts as they are stored now: a beat may have been asked for since they were read."""
        if not parts or len(parts) > _MANY:
            return parts
        known = {part.hook for part in parts}
        found = await self.subscriptions.parts(subscription.name)
        return [part for part in found if part.target == target and part.hook in known]

    async def _store(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Adopt(part):
                    await self.subscriptions.keep_part(part)
                case Drop(part):
                    await self.subscriptions.drop_part(part.hook)

    async def _do(
        self,
        steps: Sequence[Step],
        subscription: Subscription,
        target: str,
        quay: Quay,
        mended: Mended,
        there: Collection[str],
    ) -> None:
        failed: set[str] = set()  # events for which nothing new could be made: what is there stays
        for step in steps:
            match step:
                case Make():
                    if not await self._made(step, subscription, target, quay, mended):
                        failed.add(step.event)
                case Reset(part, since):
                    await self._missed(subscription, target, part.event, part.silent, since)
                    if await quay.notifications.reset(target, part.uuid):
                        await self.subscriptions.keep_part(replace(part, whole_at=self.clock.now()))
                        mended.reset += 1
                    else:
                        mended.shaky = True  # it went away at this moment: the next look makes it anew
                case Remove(uuid, event) if event not in failed:
                    mended.removed += await quay.notifications.delete(target, uuid)
                case Adopt() | Drop() if event_of(step) not in failed or _is_dead(step, there):
                    await self._store([step])

    async def _made(self, step: Make, subscription: Subscription, target: str, quay: Quay, mended: Mended) -> bool:
        """Make a notification and its part. False if Quay refuses just this one, for a reason that is remembered."""
        now = self.clock.now()
        if step.since is not None:
            await self._missed(subscription, target, step.event, step.silent, step.since)
        url = f"{self.public_url}/webhooks/quay/{self.new_token()}"
        new = Part("", subscription.name, target, step.event, step.silent, step.config, created_at=now)
        part = await self.subscriptions.add_part(new, mark(url), now)
        title = f"{TITLE} {subscription.name}"
        try:
            made = await quay.notifications.create(target, step.event, url, title, json.loads(step.config))
        except UserError as error:
            await self.subscriptions.drop_part(part.hook)
            if is_lost(error):
                raise
            self._refuse(step, subscription, target, error, mended)
            return False
        except GiveUp as error:  # nobody knows whether it was made: if so, the next look finds it by its mark
            self._refuse(step, subscription, target, error, mended)
            return False
        await self.subscriptions.keep_part(replace(part, uuid=made.uuid, whole_at=now))
        mended.rotated += step.rotates
        mended.made += not step.rotates
        if step.since is None and step.event == FINDINGS:
            # What is known now is nothing new later: a gap without length only has that stored.
            await self.gaps.open(Gap(subscription.name, target, (step.event,), now, now, now))
        return True

    def _refuse(self, step: Make, subscription: Subscription, target: str, error: BotError, mended: Mended) -> None:
        why = f"{step.event}: {error.say.rstrip('.')}."
        self.refusals[subscription.name, target, step.event] = self.clock.now() + _REFUSED, why
        mended.refused.append(why)

    async def _missed(self, subscription: Subscription, target: str, event: str, silent: bool, since: datetime) -> None:
        """What may have been missed is looked for once Quay's own repetitions are through.

        What is for the bot alone is there for the sake of failures that Quay does not tell (facts §1.1).
        """
        now = self.clock.now()
        events = ("build_failure",) if silent else (event,)
        await self.gaps.open(Gap(subscription.name, target, events, since, now + _SETTLES, now + REPEATS))

    async def _seen_whole(self, steps: Sequence[Step], seen: Seen, mended: Mended) -> None:
        """Store that parts are in order, now and then; one with failures is looked at again soon."""
        changed = {step.part.hook: step.part for step in steps if isinstance(step, Adopt | Reset | Drop)}
        over = {step.part.hook for step in steps if isinstance(step, Reset | Drop)}
        failures = _failures(seen)
        for part in seen.parts:
            if part.hook in over or part.hook not in failures:
                continue
            if failures[part.hook]:
                mended.shaky = True
            elif part.whole_at is None or seen.now - _WHOLE - part.whole_at >= _STALE:
                await self._whole(changed.get(part.hook, part), seen.now)

    async def _whole(self, part: Part, now: datetime) -> None:
        """It is in order. Once a day all findings are looked at, too: what is known then is nothing new later."""
        before = part.whole_at or part.created_at
        after = max(now - _WHOLE, before)
        await self.subscriptions.keep_part(replace(part, whole_at=after))
        day = (before - part.created_at) // _DAILY < (after - part.created_at) // _DAILY
        if day and part.event == FINDINGS and not part.silent:
            await self.gaps.open(Gap(part.subscription, part.target, (part.event,), now, now, now))


def _failures(seen: Seen) -> dict[str, int]:
    """Quay's counters of those that are ours, by hook."""
    ours = [one for one in seen.notifications if looks_ours(one) and one.mark in seen.hooks]
    return {seen.hooks[one.mark]: one.failures for one in ours}


def _is_dead(step: Step, there: Collection[str]) -> bool:
    """Is it the end of a part that Quay has nothing of?"""
    return isinstance(step, Drop) and step.part.hook not in there
