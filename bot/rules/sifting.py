"""What a wish would have made of events that happened: how many are told, and which words keep out the others. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.events import Event
from bot.domain.subscriptions import Wanted
from bot.rules.filters import parse


@dataclass(frozen=True, slots=True)
class Sifted:
    """`total` events of the wanted kinds, those that pass, and how many each word of the filter removed, most first."""

    total: int
    kept: tuple[Event, ...]
    removed: Mapping[str, int] = field(hash=False)


def sift(events: Iterable[Event], wanted: Wanted) -> Sifted:
    """Apply a wish to what happened, as the pipeline does to what comes in.

    What is no event of the wish is not counted: Quay would not have sent it. An event that several words keep out
    counts for the one that decides, which `why` names.
    """
    filter_, kept, removed, total = parse(wanted.filter), list[Event](), Counter[str](), 0
    for event in events:
        if event.kind not in wanted.events:
            continue
        total += 1
        refusal = filter_.refusal(event)
        if refusal is None:
            kept.append(event)
        else:
            removed[refusal.word] += 1
    return Sifted(total, tuple(kept), dict(removed.most_common()))
