"""Words of a filter that cannot do what was meant: two that nothing fits both, and capitals that nothing has. Pure."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from bot.domain.events import Event, Severity
from bot.domain.subscriptions import Wanted
from bot.rules.filters import KEYS, Rule, parse
from bot.rules.globs import fits
from bot.rules.overlaps import meet

_GLOBS = ("tag", "ref", "by", "repo")  # keys whose values are patterns
_EXPRESSION = "~"


def clash(rules: Sequence[Rule]) -> tuple[Rule, Rule] | None:
    """The first two words of one key that nothing can fit both; None if there are none, or nobody is sure."""
    positive = [rule for rule in rules if not rule.exclude]
    return next((pair for pair in combinations(positive, 2) if _apart(*pair)), None)


def merged(one: Rule, other: Rule) -> str:
    """The word that wants either of both, which was meant most likely."""
    return f"{one.key}:{','.join(dict.fromkeys((*one.values, *other.values)))}"


def only_by_case(events: Iterable[Event], wish: Wanted) -> tuple[str, ...]:
    """The words that keep out what they would let pass if small and capital letters were the same."""
    rules = [rule for each in parse(wish.filter).rules.values() for rule in each]
    looked = [rule for rule in rules if not rule.exclude and rule.key in _GLOBS]
    there = [event for event in events if event.kind in wish.events]
    return tuple(rule.written for rule in looked if any(_but_for_case(rule, event) for event in there))


def _but_for_case(rule: Rule, event: Event) -> bool:
    things = KEYS[rule.key].things(event)
    if any(map(rule.allows, things)):
        return False
    values = [value.lower() for value in rule.values if not value.startswith(_EXPRESSION)]
    return any(_fits(value, thing.lower()) for value in values for thing in things)


def _fits(value: str, thing: str) -> bool:
    """A pattern is for the whole, or for what stands behind its prefix (a branch's name, a repository's)."""
    return fits(value, thing) or any(fits(value, end) for end in (thing.partition("/")[2], thing.split("/", 2)[-1]))


def _apart(one: Rule, other: Rule) -> bool:
    if one.key == "severity":
        return not any(one.allows(level.value) and other.allows(level.value) for level in Severity)
    if one.key not in _GLOBS:
        return False
    values = (*one.values, *other.values)
    if any(value.startswith(_EXPRESSION) for value in values):
        return False  # an expression may fit anything
    if one.key in ("ref", "repo") and len({"/" in value for value in values}) > 1:
        return False  # one looks at the name, another one at all of it
    return not any(meet(first, second) for first in one.values for second in other.values)
