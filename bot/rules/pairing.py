"""Which of the things that happened are told of by what arrived: one to one, in a bounded time afterwards. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

EARLY = timedelta(seconds=5)  # so far another clock may be ahead of ours; Quay tells whole seconds, too
PROMPT = timedelta(seconds=15)  # so late it normally comes (facts §1.3)
LATE = timedelta(seconds=210)  # five attempts, 30 to 40 s apart, and a moment on the way (facts §1.3)


def unpaired(happened: Sequence[datetime], arrived: Sequence[datetime]) -> frozenset[int]:
    """The places of those in `happened` that nothing of `arrived` can stand for.

    Each arrival stands for one at most, and as many as possible are paired. Among the ways to do that, what arrived
    promptly belongs to what had just happened, so that of two of a kind the lost one is named, and not the other.
    """
    order = sorted(range(len(happened)), key=lambda place: (happened[place], place))
    moments = [happened[place] for place in order]
    prompt, left = _paired(moments, sorted(arrived), PROMPT)
    rest = [place for place in range(len(moments)) if place not in prompt]
    late, _ = _paired([moments[place] for place in rest], left, LATE)
    found = prompt | {rest[place] for place in late}
    most, _ = _paired(moments, sorted(arrived), LATE)
    best = found if len(found) >= len(most) else most
    return frozenset(order[place] for place in range(len(moments)) if place not in best)


def _paired(
    moments: Sequence[datetime], arrived: Sequence[datetime], longest: timedelta
) -> tuple[set[int], list[datetime]]:
    """Those with a partner, and the arrivals without; all in the order of time, so that the first fit is best."""
    paired, left, place = set[int](), list[datetime](), 0
    for at in arrived:
        while place < len(moments) and at > moments[place] + longest:
            place += 1
        if place < len(moments) and at >= moments[place] - EARLY:
            paired.add(place)
            place += 1
        else:
            left.append(at)
    return paired, left
