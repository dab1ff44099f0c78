"""Which of a channel's subscriptions counts for a repository that several of them cover. Pure.

The more exact wish counts alone: a repository that has a subscription of its own is left out of the channel's patterns,
whatever events that one is about; of two patterns it is the one with more letters of its own, then the older one.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.domain.subscriptions import Part, State, Subscription
from bot.rules.quay_side import Need, needs
from bot.rules.subscribing import covers, is_pattern


def counting(repository: str, subscriptions: Iterable[Subscription]) -> Subscription | None:
    """The one that counts for a repository, of those of one channel; None if none covers it."""
    live = (one for one in subscriptions if one.state is not State.ENDED)
    return min((one for one in live if covers(one.wanted.target, repository)), key=_rank, default=None)


def taker(mine: Subscription, repository: str, others: Iterable[Subscription]) -> Subscription | None:
    """The one of the same channel that counts for it instead of `mine`; None if that counts itself."""
    found = counting(repository, siblings(mine, others))
    return found if found is not None and _rank(found) < _rank(mine) else None


def siblings(mine: Subscription, others: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """The other live ones of the channel that may be about the same repositories, those that come first at first."""
    here = [one for one in others if one.channel == mine.channel and one.name != mine.name]
    target = mine.wanted.target
    near = (one for one in here if one.state is not State.ENDED and meet(one.wanted.target, target))
    return tuple(sorted(near, key=_rank))


def before(mine: Subscription, others: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Those of its siblings that take repositories from it."""
    return tuple(one for one in siblings(mine, others) if _rank(one) < _rank(mine))


def behind(mine: Subscription, others: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Those of its siblings that leave repositories to it."""
    return tuple(one for one in siblings(mine, others) if _rank(one) > _rank(mine))


def still_needed(mine: Subscription, taken_by: Subscription, parts: Sequence[Part]) -> tuple[Need, ...]:
    """What `mine` goes on needing in a repository that another one takes over, until that is there.

    `parts` are those of both in that repository. Nothing new is made, and an event goes when the other one does not
    want it, or has its own notification for it in Quay: so there is one at any time, and in the end only one.
    """
    own = {part.event for part in parts if part.subscription == mine.name}
    there = {part.event for part in parts if part.subscription == taken_by.name and part.uuid}
    awaited = {need.event for need in needs(taken_by.wanted)} - there
    return tuple(need for need in needs(mine.wanted) if need.event in own & awaited)


def meet(one: str, other: str) -> bool:
    """Whether there may be a repository that both targets cover (`*`: any text, `?`: one character)."""
    if not is_pattern(one) or not is_pattern(other):
        return covers(one, other) if is_pattern(one) else covers(other, one)
    standing = _open(one, {0})
    for char in other:  # where in `one` the reading may stand after what `other` says so far
        if char == "*":
            standing = set(range(min(standing), len(one) + 1)) if standing else set()
        else:
            standing = _open(one, _past(one, standing, char))
    return len(one) in standing


def _past(pattern: str, standing: Collection[int], char: str) -> set[int]:
    """The places after one more character; "?" of the other one is any that fits here."""
    found = set[int]()
    for place in standing:
        if place < len(pattern):
            here = pattern[place]
            if here == "*":
                found.add(place)
            elif "?" in (here, char) or here == char:
                found.add(place + 1)
    return found


def _open(pattern: str, standing: set[int]) -> set[int]:
    """Those places, and the ones behind stars that may stand for nothing."""
    found = set(standing)
    for place, char in enumerate(pattern):
        if place in found and char == "*":
            found.add(place + 1)
    return found


def _rank(one: Subscription) -> tuple[bool, int, float, str]:
    """What counts more comes first."""
    target = one.wanted.target
    letters = len(target) - target.count("*") - target.count("?")
    return is_pattern(target), -letters, one.created_at.timestamp(), one.name
