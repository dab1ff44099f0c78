"""A plan for subscriptions as a diff, for a terminal."""

from collections.abc import Iterator

from bot.blocks.clean import one_line
from bot.domain.subscriptions import Subscription, Wanted
from bot.rules.subscribing import written
from bot.rules.subscription_file import Entry
from bot.rules.subscription_plan import Do, Plan, Step


def plan_lines(plan: Plan) -> Iterator[str]:
    """A line or more for each thing that is not as the file says, then how much of each there is."""
    for step in plan.steps:
        yield from _lines(step)
    numbers = {do: len(plan.of(do)) for do in Do}
    words = (
        f"{numbers[Do.ADD]:,} to add, {numbers[Do.CHANGE]:,} to change, {numbers[Do.END]:,} to end, "
        f"{numbers[Do.SAME]:,} as the file says"
    )
    stray = numbers[Do.STRAY]
    yield f"{words}, {stray:,} not in the file (made in chat, and left alone)." if stray else f"{words}."


def _lines(step: Step) -> Iterator[str]:
    old, entry = step.subscription, step.entry
    if step.do is Do.ADD and entry:
        yield f"+ {_place(entry.wanted, entry.channel)}: {_words(entry.wanted)} (owner {entry.owner})"
    elif step.do is Do.CHANGE and entry and old:
        yield f"~ {old.name} {_place(old.wanted, old.channel)}"
        yield from _changes(old, entry)
    elif step.do is Do.END and old:
        yield f"- {_whole(old)}"
    elif step.do is Do.STRAY and old:
        yield f"? {_whole(old)}: not in the file"


def _changes(old: Subscription, entry: Entry) -> Iterator[str]:
    if old.wanted != entry.wanted:
        yield f"    - {_words(old.wanted)}"
        yield f"    + {_words(entry.wanted)}"
    if not entry.is_owner(old.person):
        yield f"    - owner {old.person.user}"
        yield f"    + owner {entry.owner}"


def _whole(old: Subscription) -> str:
    return f"{old.name} {_place(old.wanted, old.channel)}: {_words(old.wanted)} (owner {old.person.user})"


def _words(wanted: Wanted) -> str:
    """What was typed, harmless for a terminal."""
    return one_line(written(wanted))


def _place(wanted: Wanted, channel: str) -> str:
    return f"{one_line(wanted.target)} in {channel}"
