"""What Quay itself holds back for a subscription: no webhook comes for that, so the trail knows nothing of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.blocks.why_words import Ink, places
from bot.domain.events import Severity

_LEVELS = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Sieve:
    """A subscription's notification of `event` and its eventConfig in Quay."""

    subscription: str
    channels: tuple[str, ...]
    event: str
    config: Mapping[str, object] = field(default_factory=dict, hash=False)


def held_back(sieves: Iterable[Sieve], where: Callable[[Sequence[str]], tuple[str, ...]], ink: Ink) -> list[str]:
    """A line for each subscription and thing that Quay filters itself. `where`: the channels that have to be named."""
    said: dict[str, None] = {}
    for sieve in sieves:
        if words := _only(sieve, ink):
            name = f"{ink.name(sieve.subscription)}{places(where(sieve.channels), ink)}"
            said[f"Subscription {name}: Quay itself sends only {words}. I never hear of the others."] = None
    return list(said)


def _only(sieve: Sieve, ink: Ink) -> str:
    expression, level = sieve.config.get("ref-regex"), sieve.config.get("level")
    if isinstance(expression, str) and expression:
        return f"builds of branches and tags in git that fit {ink.name(expression)}"
    if isinstance(level, int) and 0 <= level < len(_LEVELS) - 1:
        return f"findings that are {_LEVELS[level].value.lower()}{' or worse' if level else ''}"
    return ""
