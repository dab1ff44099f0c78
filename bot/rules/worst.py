"""The most severe vulnerabilities of a card: the few that its message names.

Each is one vulnerability with all its findings, and its rank depends on nothing that changes. So whatever is among the
first few at the end always was since it was first found: its numbers are exact, whatever the order of the findings.
"""

from bisect import bisect_left
from collections.abc import Sequence

from bot.domain.cards import Worst
from bot.domain.events import Severity, VulnerabilityFound

KEPT = 5

_SEVERITIES = tuple(Severity)
_FIXES = (True, None, False)  # what can be mended comes first

Rank = tuple[int, int, str]


def with_finding(worst: Sequence[Worst], event: VulnerabilityFound) -> tuple[Worst, ...]:
    """The list with one more finding, which is not on it yet."""
    rank = _SEVERITIES.index(event.severity), _FIXES.index(event.fixable), event.known_as
    ranks = [_rank(one) for one in worst]
    place = bisect_left(ranks, rank)
    if place == KEPT:
        return tuple(worst)
    found = _alone(event)
    if ranks[place : place + 1] == [rank]:
        return (*worst[:place], _joined(worst[place], found), *worst[place + 1 :])
    return (*worst[:place], found, *worst[place:])[:KEPT]


def _rank(one: Worst) -> Rank:
    return _SEVERITIES.index(one.severity), _FIXES.index(one.fixable), one.name


def _alone(event: VulnerabilityFound) -> Worst:
    tags = sorted(set(event.tags))
    return Worst(
        name=event.known_as,
        severity=event.severity,
        fixable=event.fixable,
        repositories=(event.repository,),
        tag=tags[0] if tags else "",
        tags=max(0, len(tags) - 1),
        link=event.links[0] if event.links else "",
    )


def _joined(old: Worst, new: Worst) -> Worst:
    """Both, with the first of their places in alphabetical order."""
    first = min((one.repositories[0], one.tag, one.tags, one.link) for one in (old, new))
    places = old.repositories
    if new.repositories[0] not in places:
        places = tuple(sorted((*places, *new.repositories)))
    update = {"repositories": places, "tag": first[1], "tags": first[2], "link": first[3]}
    return old.model_copy(update={"times": old.times + new.times, **update})
