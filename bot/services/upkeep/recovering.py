"""Fetching what was missed while a notification was switched off, gone, or not heard."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.errors import BotError, TryLater
from bot.domain.events import Event
from bot.domain.subscriptions import Gap, State, Subscription
from bot.ports import Clock, Gaps, Registry, Subscriptions, Trail
from bot.rules.recovering import key, late_note
from bot.rules.routing import Way, routed
from bot.services.accounts import AccountBook
from bot.services.board import Board, Telling
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.gap_look import FINDINGS, SETTLED, GapLook

log = structlog.stdlib.get_logger(__name__)

MOST = 20  # gaps in one round
AT_ONCE = 4
LEASE = timedelta(minutes=5)
PATIENCE = timedelta(minutes=4)  # for one gap: shorter than the lease
SOON, SELDOM = (
    timedelta(seconds=30),
    timedelta(minutes=10),
)  # before the second look, and twice as long before each other
LONGEST = timedelta(hours=1)
RUNNING_FOR = timedelta(hours=24)  # after that nobody waits for the end of a build
KEPT_FOR = timedelta(days=7)  # after that it is old news


@dataclass(frozen=True, slots=True)
class Recovering:
    """Looks through gaps, and tells what nobody has heard of, once, and how late it is."""

    subscriptions: Subscriptions
    gaps: Gaps
    trail: Trail
    board: Board
    accounts: AccountBook
    registry: Registry
    clock: Clock

    async def run(self) -> None:
        """The gaps that are due. Trouble with one does not touch the others."""
        due = await self.gaps.claim(MOST, self.clock.now(), LEASE)
        turns = asyncio.Semaphore(AT_ONCE)
        results = await asyncio.gather(*(self._in_turn(gap, turns) for gap in due), return_exceptions=True)
        for gap, result in zip(due, results, strict=True):
            if isinstance(result, Exception):  # its lease runs out, and then it is looked through again
                log.error("gap_not_looked_through", subscription=gap.subscription, target=gap.target, exc_info=result)

    async def _in_turn(self, gap: Gap, turns: asyncio.Semaphore) -> None:
        async with turns:
            subscription = await self.subscriptions.get(gap.subscription)
            if subscription is None or subscription.state is State.ENDED:
                await self.gaps.close(gap)
                return
            if self.clock.now() - gap.until > KEPT_FOR:
                log.warning("gap_given_up", subscription=gap.subscription, target=gap.target, tries=gap.tries)
                await self.gaps.close(gap)
                return
            if subscription.state is State.ORPHANED:  # whoever takes it over looks through it
                await self._later(gap, SELDOM)
                return
            await self._carefully(gap, subscription)

    async def _carefully(self, gap: Gap, subscription: Subscription) -> None:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                over = await self._look(gap, subscription)
        except TimeoutError:
            await self._later(gap, SOON, "too slow")
        except TryLater as error:
            await self._later(gap, max(SOON, timedelta(seconds=error.after)), str(error))
        except BotError as error:  # most often the account may not look any more: somebody has to take it over
            await self._later(gap, SELDOM, str(error))
        else:
            await self._looked(gap, over)

    async def _looked(self, gap: Gap, over: bool) -> None:
        """It is over, but for the end of a build and for what was too young to be looked at. Findings never are."""
        if {*gap.events} - {FINDINGS} and self.clock.now() < gap.until + SETTLED:
            await self.gaps.later(gap, gap.until + SETTLED)
        else:
            await (self.gaps.close(gap) if over else self._later(gap, SOON))

    async def _later(self, gap: Gap, pause: timedelta, why: str = "") -> None:
        wait = min(pause * 2 ** min(gap.tries, 12), LONGEST)
        if why:
            log.info("gap_later", subscription=gap.subscription, target=gap.target, why=why, seconds=wait.seconds)
        await self.gaps.later(gap, self.clock.now() + wait)

    async def _look(self, gap: Gap, subscription: Subscription) -> bool:
        """Tell what was missed. False if a build goes on whose end may be missed as well."""
        quay = await eyes(subscription.person, self.accounts, self.registry)
        found = await GapLook(self.subscriptions, self.trail, quay, self.clock.now()).missed(subscription, gap)
        if found.events:
            told = await self._tell(subscription, found.events)
            log.info("recovered", subscription=subscription.name, target=gap.target, told=told)
        if found.known is not None:
            await self.subscriptions.set_baseline(subscription.name, gap.target, found.known, self.clock.now())
        return not found.running or self.clock.now() - gap.until > RUNNING_FOR

    async def _tell(self, subscription: Subscription, events: Sequence[Event]) -> int:
        """Through the same filter as what comes in time; how many reach the channel."""
        channel, now = subscription.channel, self.clock.now()
        async with self.board.inbox.ledger() as ledger:
            rhythm = (await ledger.rhythms({channel})).get(channel)
        tellings: dict[str, Telling] = {}
        for event in events:
            late = event.model_copy(update={"recovered": True, "note": late_note(event.at, now)})
            way = routed(
                late, subscription.wanted.filter, paused_until=subscription.paused_until, rhythm=rhythm, now=now
            )
            out = way.way is Way.OUT
            # It is told once in a channel, but what one subscription keeps out another one may tell.
            name = f"{subscription.name} {key(event)}" if out else key(event)
            tellings[name] = Telling(
                late,
                () if out else (channel,),
                f"recovered:{channel}:{name}",
                filtered={channel: way.rule} if out else {},
                layout=subscription.wanted.layout,
                subscription=subscription.name,
            )
        return await self.board.recover(channel, tellings)
