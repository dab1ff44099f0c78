"""Webhooks about what was recovered a moment ago: they are written down, and not told once more."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.events import VulnerabilityFound
from bot.ports import Ledger
from bot.rules.late_hooks import QUEUED, again, marked, may_be_late, unmarked
from webhooks.following import Late, Read


async def latecomers(ledger: Ledger, found: Sequence[Read], now: datetime) -> frozenset[Late]:
    """Those deliveries of a batch that tell a channel what it has heard already: one question for all of them.

    That a push or a sync was told by its webhook, too, is remembered: the next webhook like it is news.
    """
    asked = [(one, event) for one, event in found if one.hook.subscription and may_be_late(event)]
    places = {channel for one, _ in asked if not one.hook.silent for channel in one.hook.channels}
    if not places:
        return frozenset()
    rows = await ledger.recovered(places, min(event.at for _, event in asked) - QUEUED)
    late: set[Late] = set()
    for channel, recovered in rows.items():
        taken: dict[str, Late] = {}
        seen = dict(recovered)
        for delivery, event in asked:
            if channel not in delivery.hook.channels or delivery.hook.silent:
                continue
            name = delivery.hook.subscription
            keys = again(event, unmarked(name, seen))
            if not keys:
                continue
            late.add((delivery.id, channel))
            if not isinstance(event, VulnerabilityFound):
                marks = marked(name, keys)
                seen |= dict.fromkeys(marks, now)
                taken |= dict.fromkeys(marks, (delivery.id, channel))
        if taken:
            fresh = await ledger.first_time(channel, tuple(taken), now)
            late -= {one for mark, one in taken.items() if mark not in fresh}  # another process was faster
    return frozenset(late)
