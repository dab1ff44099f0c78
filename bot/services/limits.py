"""How much one person and one workspace may ask for in a minute. Counted in memory, in each process by itself."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.people import Person
from bot.ports import Clock
from bot.rules.limits import taken

_MANY = 1000  # buckets, from which on those that are full again are looked for


@dataclass(slots=True)
class Limits:
    """Counts what people ask for. Only what is surely from Slack may be counted: anybody could use up the others'.

    A bucket that is full again is as good as none and is forgotten, so there are never more than people who have asked
    for something within a minute, and a few.
    """

    clock: Clock
    per_person: int = 30
    per_workspace: int = 600
    _persons: dict[Hashable, datetime] = field(default_factory=dict, init=False, repr=False)
    _workspaces: dict[Hashable, datetime] = field(default_factory=dict, init=False, repr=False)
    _look_at: int = field(default=_MANY, init=False, repr=False)

    def take(self, person: Person) -> str:
        """Count one more; "" if that is fine, else a friendly sentence that says when to come again.

        What is refused is not counted: neither against the person, nor against everybody.
        """
        now = self.clock.now()
        mine, wait = taken(self._persons.get(person), now, self.per_person)
        if wait:
            return f"You have asked me for a lot in the last minute. Please try again in {_seconds(wait)}."
        ours, wait = taken(self._workspaces.get(person.team), now, self.per_workspace)
        if wait:
            return (
                "Everybody here together has asked me for a lot in the last minute. "
                f"Please try again in {_seconds(wait)}."
            )
        self._persons[person], self._workspaces[person.team] = mine, ours
        if len(self._persons) + len(self._workspaces) >= self._look_at:
            self._forget(now)
        return ""

    def _forget(self, now: datetime) -> None:
        """Forget full buckets; look again when there are twice as many, so that it costs little for each."""
        for buckets in (self._persons, self._workspaces):
            for key in [key for key, full_at in buckets.items() if full_at <= now]:
                del buckets[key]
        self._look_at = max(_MANY, 2 * (len(self._persons) + len(self._workspaces)))


def _seconds(wait: timedelta) -> str:
    return f"{math.ceil(wait.total_seconds())} s"
