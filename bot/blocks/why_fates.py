"""Events of which the same became, put together: to "why?", a scan of a thousand findings is one answer."""

from collections.abc import Hashable, Sequence

from bot.domain.trail import Step, Unread, Verdict

Fate = Sequence[Step] | Sequence[Unread]

_BUILDS = "build_"  # how Quay's names of a build's events begin, and the bot's own for what it has seen by itself


def fates(steps: Sequence[Step], unread: Sequence[Unread]) -> list[Fate]:
    """Events with the same fate together, the newest first; so are the events of each."""
    told: dict[Hashable, list[Step]] = {}
    waiting: dict[Hashable, list[Unread]] = {}
    for step in sorted(steps, key=_moment, reverse=True):
        told.setdefault(_of_a_step(step), []).append(step)
    for one in sorted(unread, key=_moment, reverse=True):
        waiting.setdefault((one.hook, one.kind, one.channels, one.reason), []).append(one)
    every: list[Fate] = [*told.values(), *waiting.values()]
    return sorted(every, key=lambda fate: _moment(fate[0]), reverse=True)


def deliveries(fate: Fate) -> list[int]:
    """The webhook bodies of these events, the oldest first; none for what the bot found out by itself."""
    return sorted({one.delivery for one in fate if one.delivery is not None})


def number(fate: Fate) -> int:
    """How many events these are: one body may have put several things on a list."""
    return len(deliveries(fate)) or len(fate)


def word_of(rule: str) -> str:
    """The word of a filter as it was written: a refusal has it between backticks (rules/filters)."""
    return rule[1:].partition("`")[0] if rule.startswith("`") else rule


def _of_a_step(step: Step) -> Hashable:
    """What events with the same fate have in common. The one that opened a card stands alone.

    Not so with builds: all that is told of one is on one card; what a rule kept out of builds is together.
    """
    if step.kind.startswith(_BUILDS):
        return (step.channel, _BUILDS, step.card, word_of(step.rule) if step.verdict is Verdict.FILTERED else None)
    alone = (step.delivery or -step.id) if step.verdict is Verdict.OPENED else 0
    place = (step.channel, step.kind, step.hook, step.delivery is None)
    return (*place, step.verdict, step.card, word_of(step.rule), alone)


def _moment(one: Step | Unread) -> tuple[float, int]:
    if isinstance(one, Step):
        return (one.received_at or one.at).timestamp(), one.id
    return one.received_at.timestamp(), one.delivery
