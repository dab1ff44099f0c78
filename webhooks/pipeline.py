"""From stored bodies to cards: claims deliveries, reads them, folds them, and settles them in one transaction."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import BotError, TryLater
from bot.domain.events import BuildMoved, Event
from bot.ports import Clock, Delivery, Inbox, Ledger
from bot.services.aftermath import unheard
from bot.services.board import Board, Told
from bot.services.nap import nap
from webhooks.following import MIRROR_ENDS, Read, channels, following, heard, mends
from webhooks.latecomers import latecomers
from webhooks.reading import Unreadable, elsewhere, read

log = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=30)
BATCH = 100
TOGETHER = 256 * 1024  # bytes of bodies in one transaction: a hundred usual ones; one may always go
PRESSURE = 500  # bodies a second that come in: above it, taking them in goes first
STRETCH = 0.1  # seconds over which that is measured at least
REST, LONGEST_REST = 30.0, 1.0  # under pressure, rest this many times as long as a batch took, up to so many seconds
FORGED = (
    "the body is about something else than {}, which this URL of a subscription is for: Quay does not send that, so "
    "somebody else may know the URL. If the body is not your own try, end the subscription and make it anew"
)
GATHER = 0.05  # seconds between two batches: what comes in meanwhile shares the next one's transaction


@dataclass(slots=True)
class Pipeline:
    """Works the inbox off. `news` is set when something was stored; `arrivals` counts what was stored so far."""

    inbox: Inbox
    board: Board
    clock: Clock
    news: asyncio.Event
    arrivals: Callable[[], int]
    moved: Callable[[str], Awaitable[None]]  # called with the id of each build that a webhook told about
    counts: Counter[str] = field(default_factory=Counter)
    took: Callable[[float], None] = unheard  # hears of each delivery how many seconds it waited
    _marked_at: datetime | None = None
    _marked: int = 0
    _last_rate: float = 0.0
    _ending: bool = False
    _claimed: list[int] = field(default_factory=list)  # by a step that has not come to its end
    _until: datetime | None = None  # when the lease of these ends

    async def run(self, *, idle: float = 1.0) -> None:
        """Work until `stop`; look again after `idle` seconds at the latest (another process may have stored)."""
        while not self._ending:
            self.news.clear()
            started = self.clock.now()
            worked = await self._step_safely()
            if not worked:
                await nap(self.news, idle)
                continue
            took, pressed = (self.clock.now() - started).total_seconds(), self._rate() > PRESSURE
            await self.clock.sleep(max(GATHER, min(LONGEST_REST, REST * took)) if pressed else GATHER)

    def stop(self) -> None:
        """Finish the batch that is being worked on, and end."""
        self._ending = True
        self.news.set()

    def _rate(self) -> float:
        """Bodies stored a second, over the last stretch of time that is long enough to tell."""
        now, count = self.clock.now(), self.arrivals()
        seconds = (now - self._marked_at).total_seconds() if self._marked_at else 0.0
        if self._marked_at is None or seconds >= STRETCH:
            self._last_rate = (count - self._marked) / seconds if seconds else 0.0
            self._marked_at, self._marked = now, count
        return self._last_rate

    async def _step_safely(self) -> int:
        try:
            return await self.step()
        except BotError as error:
            log.error("pipeline_failed", why=str(error))
        except Exception:  # the rows keep their lease and come back; the loop must not die
            log.exception("pipeline_failed")
        return 0

    async def step(self) -> int:
        """One batch; returns how many deliveries were settled."""
        deliveries = await self._claim()
        for part in _parts(deliveries):
            builds = await self._settle_all(part)
            self.board.said()
            await self._look_soon(builds)
        self._claimed.clear()
        return len(deliveries)

    async def _claim(self) -> tuple[Delivery, ...]:
        """The next deliveries; before, what trouble has kept from being settled is given back, to come at once."""
        now = self.clock.now()
        if self._claimed and self._until and now < self._until:
            await self.inbox.release(self._claimed)
        self._claimed.clear()
        deliveries = await self.inbox.claim(BATCH, now, LEASE)
        self._claimed, self._until = [delivery.id for delivery in deliveries], now + LEASE
        return deliveries

    async def _settle_all(self, part: tuple[Delivery, ...]) -> frozenset[str]:
        try:
            return await self._settle(part)
        except TryLater:  # the storage is away: nothing is wrong with them
            raise
        except Exception:  # one of them is poison: find it, and let the others through
            log.exception("batch_failed", first=part[0].id, count=len(part))
            return frozenset().union(*[await self._settle_alone(delivery) for delivery in part])

    async def _look_soon(self, builds: frozenset[str]) -> None:
        try:
            for build in builds:
                await self.moved(build)
        except BotError as error:  # only a hint was lost: whoever follows the build looks at it anyway
            log.warning("build_not_hurried", why=str(error))

    async def _settle_alone(self, delivery: Delivery) -> frozenset[str]:
        try:
            return await self._settle((delivery,))
        except TryLater:
            raise
        except Exception:  # kept for the operator
            log.exception("delivery_failed", delivery=delivery.id)
            async with self.inbox.ledger() as ledger:
                await ledger.set_aside(delivery.id, "quaybot failed while it worked on this body; its log says why")
            self.counts.update(deliveries_set_aside=1)
            return frozenset()

    async def _settle(self, deliveries: tuple[Delivery, ...]) -> frozenset[str]:
        """Read, fold and settle them in one transaction; the ids of the builds that were told about."""
        found: list[Read] = []
        aside: dict[int, str] = {}
        for delivery in deliveries:
            event = _read(delivery)
            if isinstance(event, Unreadable):
                aside[delivery.id] = event.reason
                log.warning("delivery_set_aside", delivery=delivery.id, hook=delivery.hook.id, why=event.reason)
            else:
                found.append((delivery, event))
        async with self.inbox.ledger() as ledger:
            told = await self._follow(ledger, deliveries, found)
            for number, reason in aside.items():
                await ledger.set_aside(number, reason)
            await ledger.done([delivery.id for delivery in deliveries if delivery.id not in aside])
        self.counts.update(told.counts)
        self.counts.update(deliveries_settled=len(deliveries) - len(aside), deliveries_set_aside=len(aside))
        now, ids = self.clock.now(), [delivery.id for delivery in deliveries]
        for delivery in deliveries:
            self.took((now - delivery.received_at).total_seconds())
        log.info("deliveries_settled", count=len(ids), aside=len(aside), first=min(ids), last=max(ids), **told.counts)
        told.log()
        own = (event for delivery, event in found if not elsewhere(event, delivery.hook.target))
        return frozenset(event.build_id for event in own if isinstance(event, BuildMoved))

    async def _follow(self, ledger: Ledger, deliveries: Sequence[Delivery], found: Sequence[Read]) -> Told:
        """Tell what is to be told, and write down what else follows: few questions, however many deliveries."""
        now, places = self.clock.now(), channels(found)
        rhythms = await ledger.rhythms(places) if places else {}
        failed = {
            (channel, repository): await ledger.failed_before(channel, repository, MIRROR_ENDS, at)
            for (channel, repository), at in mends(found).items()
        }
        late = await latecomers(ledger, found, now)
        result = following(found, rhythms=rhythms, failed=failed, now=now, late=late)
        told = await self.board.apply(ledger, result.tellings)
        if times := heard(deliveries):
            await ledger.heard(times, result.beats, result.tests)
        if result.lookups:
            await ledger.seek(result.lookups)
        if result.builds:
            await ledger.watch([(*build, person) for build, person in result.builds.items()], now)
        return told


def _read(delivery: Delivery) -> Event | Unreadable:
    """What its body means. What a subscription's URL brings about something else is a forgery, and told to nobody.

    Quay sends what a notification is about and nothing else, and what follows from it is done with somebody's account.
    """
    hook = delivery.hook
    event = read(hook.event, hook.target, delivery.body, delivery.received_at)
    if not isinstance(event, Unreadable) and hook.subscription and elsewhere(event, hook.target):
        return Unreadable(FORGED.format(hook.target))
    return event


def _parts(deliveries: tuple[Delivery, ...]) -> Iterator[tuple[Delivery, ...]]:
    """Those that share a transaction: not many large bodies, so that nobody waits long for one."""
    part: list[Delivery] = []
    size = 0
    for delivery in deliveries:
        if part and size + len(delivery.body) > TOGETHER:
            yield tuple(part)
            part, size = [], 0
        part.append(delivery)
        size += len(delivery.body)
    if part:
        yield tuple(part)
