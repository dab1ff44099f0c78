"""What tells two images apart: layers, platforms, labels and vulnerabilities. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from bot.domain.events import Severity
from bot.domain.images import Label, Layer, Platform, Vulnerability
from bot.domain.tag_steps import Findings, Labels, Parts, Platforms

T = TypeVar("T")

_RANK = {severity.value: place for place, severity in enumerate(Severity)}


def layers(first: Sequence[Layer], second: Sequence[Layer]) -> Parts:
    """Layers by their digests, each as often as it is there, in the order of their images."""
    kept, removed = _shared(first, [one.digest for one in first], [one.digest for one in second])
    _, added = _shared(second, [one.digest for one in second], [one.digest for one in first])
    return Parts(kept, added, removed)


def platforms(first: Sequence[Platform], second: Sequence[Platform]) -> Platforms:
    """Indexes by the names of their platforms; of a name that is there twice the first one counts."""
    before, after = ({one.name: one for one in reversed(side)} for side in (first, second))
    both = [name for name in dict.fromkeys(one.name for one in first) if name in after]
    return Platforms(
        same=tuple(name for name in both if before[name].digest == after[name].digest),
        changed=tuple((before[name], after[name]) for name in both if before[name].digest != after[name].digest),
        added=tuple(one for name, one in sorted(after.items()) if name not in before),
        removed=tuple(one for name, one in sorted(before.items()) if name not in after),
    )


def labels(first: Sequence[Label], second: Sequence[Label]) -> Labels:
    """Labels by key and value; keys need not be unique (facts §3.5)."""
    before, after = ([(one.key, one.value) for one in side] for side in (first, second))
    _, gone = _shared(first, before, after)
    _, come = _shared(second, after, before)
    here, there = Counter(one.key for one in first), Counter(one.key for one in second)
    single = {one.key for one in gone if here[one.key] == there[one.key] == 1}
    values = {one.key: one.value for one in come if one.key in single}
    return Labels(
        added=tuple(one for one in come if one.key not in single),
        removed=tuple(one for one in gone if one.key not in single),
        changed=tuple((one.key, one.value, values[one.key]) for one in gone if one.key in single),
    )


def vulnerabilities(first: Iterable[Vulnerability], second: Iterable[Vulnerability]) -> Findings:
    """Findings by name and package: a package that was updated and still has the fault has gained and lost nothing."""
    before, after = ({(one.name, one.package): one for one in ranked(side)} for side in (first, second))
    return Findings(
        gained=ranked(one for key, one in after.items() if key not in before),
        lost=ranked(one for key, one in before.items() if key not in after),
        kept=ranked(one for key, one in after.items() if key in before),
    )


def ranked(findings: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """The most severe first; of the same severity those that can be fixed, then by name and package."""
    return tuple(
        sorted(
            findings,
            key=lambda one: (_RANK.get(one.severity, len(_RANK)), not one.fixed_by, one.name, one.package, one.version),
        )
    )


def _shared(
    items: Sequence[T], own: Sequence[Hashable], others: Sequence[Hashable]
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """The items that the other side has as well, and those that it has not; a key twice here takes two there."""
    left = Counter(others)
    kept: list[T] = []
    rest: list[T] = []
    for item, key in zip(items, own, strict=True):
        (kept if left[key] > 0 else rest).append(item)
        left[key] -= 1
    return tuple(kept), tuple(rest)
