"""What has to be done so that the subscriptions are those of a file: added, changed, ended; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.subscriptions import Subscription
from bot.rules.subscription_file import Entry


class Do(StrEnum):
    """What is done about one subscription."""

    ADD = "add"
    CHANGE = "change"
    END = "end"
    SAME = "same"
    STRAY = "not in the file"  # it was made in chat, and is left alone


@dataclass(frozen=True, slots=True)
class Step:
    """One subscription: as the file wants it (None: it does not), and as it is (None: it is not)."""

    do: Do
    entry: Entry | None = None
    subscription: Subscription | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is wanted or there, in the order of the file, then what is not in it."""

    steps: tuple[Step, ...]

    @property
    def changes(self) -> tuple[Step, ...]:
        """What has to be done."""
        return self.of(Do.ADD, Do.CHANGE, Do.END)

    def of(self, *do: Do) -> tuple[Step, ...]:
        """The steps of these sorts."""
        return tuple(step for step in self.steps if step.do in do)


def plan(entries: Sequence[Entry], subscriptions: Iterable[Subscription], *, prune: bool = False) -> Plan:
    """Compare a file with what is there.

    An entry is matched with what is the same, else with the same wish of somebody else, else with what is about the
    same target in the same channel: a change keeps its name and its notifications. Of what is left, what came from a
    file ends; what was made in chat only ends with `prune`.
    """
    # Of two that are the same, the one that came from a file is that of the file.
    rest, found = sorted(subscriptions, key=lambda one: one.source != "file"), dict[int, Step]()
    for fits in (_same, _wish_alike, _place_alike):
        for number, entry in enumerate(entries):
            if number in found:
                continue
            match = next((one for one in rest if fits(entry, one)), None)
            if match is not None:
                rest.remove(match)
                found[number] = Step(Do.SAME if fits is _same else Do.CHANGE, entry, match)
    steps = [found.get(number) or Step(Do.ADD, entry) for number, entry in enumerate(entries)]
    left = [Step(Do.END if prune or one.source == "file" else Do.STRAY, subscription=one) for one in rest]
    return Plan((*steps, *left))


Fits = Callable[[Entry, Subscription], bool]


def _same(entry: Entry, one: Subscription) -> bool:
    return entry.channel == one.channel and entry.wanted == one.wanted and entry.is_owner(one.person)


def _wish_alike(entry: Entry, one: Subscription) -> bool:
    """The same wish, looked after by somebody else."""
    return entry.channel == one.channel and entry.wanted == one.wanted


def _place_alike(entry: Entry, one: Subscription) -> bool:
    """About the same in the same channel."""
    return entry.channel == one.channel and entry.wanted.target == one.wanted.target
