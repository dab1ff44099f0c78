"""Completing cards: what a webhook does not say is looked up in Quay, with the account of whoever subscribed."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.errors import BotError
from bot.domain.images import Vulnerability
from bot.domain.people import Person
from bot.domain.subscriptions import Sought, State
from bot.ports import Clock, Lookups, Quay, Registry, Subscriptions
from bot.rules.cards.builds import mended
from bot.services.accounts import AccountBook
from bot.services.board import Board
from bot.services.upkeep import build_look, wishes
from bot.services.upkeep.completing import Completing
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.findings import learn
from bot.services.upkeep.looked import Looked, Outlook
from bot.services.upkeep.push_look import PushLook
from bot.services.upkeep.wishes import Push, Wish

log = structlog.stdlib.get_logger(__name__)

AT_ONCE = 500  # lookups in one round
PLACES = 4  # repositories that are looked at beside each other
LEASE = timedelta(seconds=90)
LONGEST = 10.0  # seconds that one look may take
SPACING = timedelta(seconds=5)  # between two looks at one repository that nobody waits for
FIRST = timedelta(seconds=2)  # the same, where a card is there for which nobody has looked yet

FINDINGS = "vulnerability_found"
Scanned = Mapping[str, tuple[Vulnerability, ...]]
Place = tuple[Person, str, Sought]
"""Whose account, which repository, and what is looked for."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Works off lookups with the account of whoever looks after the subscription."""

    lookups: Lookups
    subscriptions: Subscriptions
    board: Board
    accounts: AccountBook
    registry: Registry
    clock: Clock
    _last: dict[Place, datetime] = field(default_factory=dict, init=False)  # looks; if it is lost, one comes sooner

    async def run(self) -> None:
        """The lookups that are due. Trouble with one repository does not touch the others."""
        now = self.clock.now()
        places: dict[Place, list[Wish]] = defaultdict(list)
        for wish in await self._own(await self._wishes(now)):
            places[wish.subscription.person, wish.lookup.repository, wish.lookup.sought].append(wish)
        turns = asyncio.Semaphore(PLACES)
        ordered = sorted(places.items(), key=_urgent)
        jobs = [self._look(place, several, turns) for place, several in ordered]
        for (place, _), result in zip(ordered, await asyncio.gather(*jobs, return_exceptions=True), strict=True):
            if isinstance(result, BotError):  # its lease runs out, and then it is looked at again
                log.warning("lookup_failed", repository=place[1], why=str(result))
            elif isinstance(result, Exception):
                log.error("lookup_failed", repository=place[1], exc_info=result)

    async def _wishes(self, now: datetime) -> list[Wish]:
        """Those that are due, with their subscriptions; those of subscriptions that have ended are over."""
        claimed = await self.lookups.claim(AT_ONCE, now, LEASE)
        names = sorted({lookup.subscription for lookup in claimed})
        found = {name: await self.subscriptions.get(name) for name in names}
        alive = {name: one for name, one in found.items() if one and one.state is not State.ENDED}
        if over := [lookup.id for lookup in claimed if lookup.subscription not in alive]:
            await self.lookups.done(over)
        return [Wish(one, alive[one.subscription]) for one in claimed if one.subscription in alive]

    async def _own(self, found: Sequence[Wish]) -> list[Wish]:
        """Those about repositories that their subscription has notifications in: an account is used for nothing else.

        Nor for a subscription that nobody may look after. The others are over; what was held is told as it is.
        """
        names = sorted({wish.subscription.name for wish in found if wish.subscription.state is State.ACTIVE})
        places = {
            (part.subscription, part.target) for part in (await self.subscriptions.parts(*names) if names else ())
        }
        strays = [wish for wish in found if (wish.subscription.name, wish.lookup.repository) not in places]
        if builds := [wish.lookup.id for wish in strays if wish.lookup.sought is Sought.BUILD]:
            await self.lookups.done(builds)
        if pushes := [wish for wish in strays if wish.lookup.sought is Sought.PUSH]:
            looked = await self._readable(pushes)
            await Completing(self.lookups, self.board, self.clock).settle(looked, Outlook(over=True))
        return [wish for wish in found if (wish.subscription.name, wish.lookup.repository) in places]

    async def _look(self, place: Place, several: Sequence[Wish], turns: asyncio.Semaphore) -> None:
        async with turns:
            now, held = self.clock.now(), any(wish.lookup.held for wish in several)
            self._forget(now)
            last = self._last.get(place)
            spacing = FIRST if any(not wish.lookup.tries for wish in several) else SPACING
            if last and now < last + spacing and not held:
                await self.lookups.later([wish.lookup for wish in several], last + spacing, looked=False)
                return
            self._last[place] = now
            look = self._builds if place[2] is Sought.BUILD else self._pushes
            await look(place, several)

    def _forget(self, now: datetime) -> None:
        for place in [place for place, at in self._last.items() if now - at >= SPACING]:
            del self._last[place]

    async def _pushes(self, place: Place, several: Sequence[Wish]) -> None:
        looked = await self._readable(several)
        outlook, scanned = await self._complete(place, [push for one in looked for push in one.pushes])
        await Completing(self.lookups, self.board, self.clock).settle(looked, outlook)
        keeping = {wish.subscription.name for wish in several if FINDINGS in wish.subscription.wanted.events}
        for name in sorted(keeping):
            await learn(self.subscriptions, name, place[1], scanned, self.clock.now())

    async def _readable(self, several: Sequence[Wish]) -> list[Looked]:
        """Those whose event can be read; the others are over."""
        read = [(wish, wishes.pushed(wish.lookup)) for wish in several]
        if unread := [wish.lookup.id for wish, event in read if not event]:
            await self.lookups.done(unread)
        return [Looked.of(wish, event) for wish, event in read if event]

    async def _complete(self, place: Place, pushes: Sequence[Push]) -> tuple[Outlook, Scanned]:
        """One look at the repository, and what was found in its images."""
        person, repository, _ = place
        look: PushLook | None = None
        try:
            async with asyncio.timeout(LONGEST):
                look = PushLook(await self._eyes(person), repository, pushes, self.clock.now())
                await look.run()
        except (TimeoutError, BotError) as error:
            return _outlook(error, repository), {}
        return _outlook(look.trouble, repository) if look.trouble else Outlook(), look.scanned

    async def _builds(self, place: Place, several: Sequence[Wish]) -> None:
        """Builds that succeeded: did they mend what was broken?"""
        person, repository, _ = place
        try:
            async with asyncio.timeout(LONGEST):
                builds = await (await self._eyes(person)).builds(repository, limit=build_look.READ)
        except (TimeoutError, BotError) as error:
            await self._put_off(several, _outlook(error, repository))
            return
        for wish in several:
            if failed := build_look.failed_before(builds, wishes.build(wish.lookup)):
                change = partial(mended, failed_before=failed)
                await self.board.amend(wish.lookup.delivery, wish.lookup.channel, change)
        await self.lookups.done([wish.lookup.id for wish in several])

    async def _put_off(self, several: Sequence[Wish], outlook: Outlook) -> None:
        now = self.clock.now()
        for wish in several:
            until = None if outlook.over else wishes.away_until(wish.lookup, now, outlook.away or 0.0)
            await (self.lookups.later([wish.lookup], until) if until else self.lookups.done([wish.lookup.id]))

    async def _eyes(self, person: Person) -> Quay:
        return await eyes(person, self.accounts, self.registry)


def _outlook(error: BotError | TimeoutError, repository: str) -> Outlook:
    outlook = Outlook.of(error)
    log.info("lookup_refused" if outlook.over else "lookup_put_off", repository=repository, why=str(error))
    return outlook


def _urgent(place: tuple[Place, Sequence[Wish]]) -> tuple[bool, datetime]:
    """Somebody waits for what is held."""
    return not any(wish.lookup.held for wish in place[1]), min(wish.lookup.at for wish in place[1])
