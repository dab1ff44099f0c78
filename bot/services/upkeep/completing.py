"""What a look has found goes onto the cards of pushes, and what was held because of it goes its way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.subscriptions import Lookup
from bot.ports import Clock, Lookups
from bot.services.board import Board
from bot.services.upkeep import wishes
from bot.services.upkeep.looked import Change, Looked, Outlook


@dataclass(frozen=True, slots=True)
class Completing:
    """Puts what was found where it belongs, and says what is looked up again."""

    lookups: Lookups
    board: Board
    clock: Clock

    async def settle(self, looked: Sequence[Looked], outlook: Outlook) -> None:
        """All pushes of one repository after a look at it."""
        held = [one for one in looked if one.lookup.held]
        if held:
            await self._settle_held(held, outlook)
        told = [one for one in looked if not one.lookup.held]
        gone = await self._amend(told)
        now = self.clock.now()
        await self._put_off([(one, None if one.id in gone else outlook.next_look(one, now)) for one in told])

    async def _settle_held(self, held: Sequence[Looked], outlook: Outlook) -> None:
        """Those whose pusher is known, or will not be in time, are told; then their cards are completed as others."""
        now = self.clock.now()
        later = [(one, wishes.still_held(one.lookup, one.found, now, over=outlook.over)) for one in held]
        free = sorted((one for one, until in later if not until), key=lambda one: one.lookup.delivery)
        await self._put_off([(one, until) for one, until in later if until])
        if not free:
            return
        async with self.board.inbox.ledger() as ledger:
            rhythms = await ledger.rhythms({one.lookup.channel for one in free})
        tellings = [wishes.let_go(one.wish, one.event, one.found, rhythms.get(one.lookup.channel), now) for one in free]
        await self.board.release(tellings, [one.id for one in free])
        following = [
            wishes.afterwards(one.lookup, one.found, until)
            for one, telling in zip(free, tellings, strict=True)
            if telling.channels and (until := outlook.next_look(one, now))
        ]
        if following:  # if this is lost, a card stays as it is
            async with self.board.inbox.ledger() as ledger:
                await ledger.seek(following)

    async def _amend(self, looked: Sequence[Looked]) -> set[int]:
        """Edit each card that there is news for, once. Gives the lookups whose cards are gone."""
        news = [one for one in looked if wishes.telling(one.found) != wishes.telling(one.before)]
        done: set[int] = set()
        gone: set[int] = set()
        for one in sorted(news, key=lambda one: one.lookup.at, reverse=True):
            if one.id in done:
                continue
            lookup = one.lookup
            change = Change(one, [other for other in news if other.lookup.channel == lookup.channel])
            card = await self.board.amend(lookup.delivery, lookup.channel, change)
            if card is None:
                gone.add(one.id)
            done |= {one.id, *change.told(card)}
        return gone

    async def _put_off(self, looked: Sequence[tuple[Looked, datetime | None]]) -> None:
        """Each to its time; those without one are over."""
        again: dict[datetime, list[Lookup]] = defaultdict(list)
        for one, until in looked:
            if until:
                again[until].append(wishes.with_known(one.lookup, one.found))
        for until, several in again.items():
            await self.lookups.later(several, until)
        if over := [one.id for one, until in looked if not until]:
            await self.lookups.done(over)
