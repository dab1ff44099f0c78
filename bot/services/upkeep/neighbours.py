"""The other subscriptions of a channel: which of them counts for a repository, and who goes on when one ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.subscriptions import Gap, Part, Subscription
from bot.ports import Gaps, Subscriptions
from bot.rules.overlaps import before, behind, still_needed, taker
from bot.rules.quay_side import Need, needs
from bot.rules.subscribing import covers
from bot.services.upkeep.mending import REPEATS


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Those that take repositories from `mine`, and their parts by repository."""

    mine: Subscription
    others: Sequence[Subscription]
    parts: Mapping[str, Sequence[Part]]

    def takes(self, target: str) -> bool:
        """Does another one count for that repository?"""
        return taker(self.mine, target, self.others) is not None

    def needs(self, target: str, parts: Sequence[Part]) -> tuple[Need, ...]:
        """What `mine` needs there; `parts` are its own."""
        if not covers(self.mine.wanted.target, target):
            return ()
        other = taker(self.mine, target, self.others)
        if other is None:
            return needs(self.mine.wanted)
        return still_needed(self.mine, other, (*parts, *self.parts.get(target, ())))


async def neighbours(mine: Subscription, subscriptions: Subscriptions) -> Neighbours:
    """As they are now."""
    others = before(mine, await subscriptions.all(channel=mine.channel))
    parts = defaultdict[str, list[Part]](list)
    for part in await subscriptions.parts(*(one.name for one in others)) if others else ():
        parts[part.target].append(part)
    return Neighbours(mine, others, parts)


async def make_way(mine: Subscription, subscriptions: Subscriptions, now: datetime) -> None:
    """It has something new in Quay: those that leave repositories to it are looked at at once."""
    if found := behind(mine, await subscriptions.all(channel=mine.channel)):
        await subscriptions.hurry([one.name for one in found], now)


async def hand_over(
    ended: Subscription, parts: Sequence[Part], subscriptions: Subscriptions, gaps: Gaps, now: datetime
) -> None:
    """It has ended: those that count now are looked at at once, and what comes before they are ready is made up.

    Only for events that both have told: the others were not wanted until now.
    """
    heirs = behind(ended, await subscriptions.all(channel=ended.channel))
    if not heirs:
        return
    for target in dict.fromkeys(part.target for part in parts):
        theirs = [part for part in parts if part.target == target and not part.silent]
        heir = next((one for one in heirs if covers(one.wanted.target, target)), None)
        events = tuple(part.event for part in theirs if heir and part.event in heir.wanted.events)
        if heir and events:
            since = min(part.whole_at or part.created_at for part in theirs if part.event in events)
            await gaps.open(Gap(heir.name, target, tuple(dict.fromkeys(events)), since, now + REPEATS, now + REPEATS))
    await subscriptions.hurry([one.name for one in heirs], now)
