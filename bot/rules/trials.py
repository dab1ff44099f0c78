"""Trying a subscription: which of its notifications are tried, one for each kind of event. Pure."""

from collections.abc import Iterable

from bot.domain.subscriptions import Part
from bot.rules.event_groups import GROUPS


def tried(parts: Iterable[Part]) -> tuple[Part, ...]:
    """For each group of events the first part that tells something and is there in Quay; all in one repository, if
    that has them.

    What is for the bot alone posts nothing, so nobody could see it come.
    """
    told = sorted((part for part in parts if not part.silent and part.uuid), key=lambda part: part.target)
    chosen: list[Part] = []
    for events in GROUPS.values():
        fitting = [part for part in told if part.event in events]
        if fitting:
            target = fitting[0].target
            there = {part.event: part for part in fitting if part.target == target}
            chosen.append(next(there[event] for event in events if event in there))
    return tuple(chosen)
