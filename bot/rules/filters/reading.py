"""A filter read from text, and what it says to an event. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.errors import UserError
from bot.domain.events import Event
from bot.rules.filters.keys import EXPRESSION, FORMS, KEYS, Key
from bot.rules.filters.patterns import Test
from bot.rules.guessing import closest

LONGEST = 1000  # characters of a whole filter
MOST_EXPRESSIONS = 3  # regular expressions in one: each may take milliseconds, and memory for as long as it is known
_SHOWN = 80  # characters of a word that an error repeats
_MOST_WRONG = 5  # words whose trouble is told

_WHO = "by"


@dataclass(frozen=True, slots=True)
class Rule:
    """One word of a filter as it was written, and whether a thing satisfies it. `values` are what it was read from."""

    written: str
    key: str
    exclude: bool
    values: tuple[str, ...]
    tests: tuple[Test, ...]

    def allows(self, thing: str) -> bool:
        """Whether the thing gets past this word."""
        return any(test(thing) for test in self.tests) is not self.exclude


@dataclass(frozen=True, slots=True)
class Refusal:
    """What keeps an event out: the word as it was written, and the sentence for people."""

    word: str
    say: str


@dataclass(frozen=True, slots=True)
class Filter:
    """All words of a filter, by the key that they look at."""

    rules: Mapping[str, tuple[Rule, ...]]

    def refusal(self, event: Event) -> Refusal | None:
        """None if the event passes, else the word that keeps it out, and why.

        Words about who did it are asked last: that is known of some events, found out later of others, and never of
        the rest, and what happened alike should be kept out by the same word.
        """
        if event.test:
            return None
        for name, rules in sorted(self.rules.items(), key=lambda one: one[0] == _WHO):
            things = KEYS[name].things(event)
            refusals = [_refusal(thing, rules) for thing in things]
            if refusals and (first := refusals[0]) and None not in refusals:
                return Refusal(first.written, _worded(KEYS[name], things, first))
        return None

    def why_not(self, event: Event) -> str:
        """Empty if the event passes, else the word that keeps it out, as it was written, and why."""
        refusal = self.refusal(event)
        return refusal.say if refusal else ""

    def asks(self, key: str) -> bool:
        """Whether any of its words looks at that."""
        return key in self.rules


@lru_cache(maxsize=256)  # the same few filters are asked for every event
def parse(text: str) -> Filter:
    """The filter that `text` means; an empty one lets everything pass.

    Raises UserError that names the words that do not fit, and says what would.
    """
    if len(text) > LONGEST:
        raise UserError(f"The filter has {len(text):,} characters; {LONGEST:,} are allowed.")
    rules: dict[str, tuple[Rule, ...]] = {}
    if (number := sum(map(_is_expression, text.split()))) > MOST_EXPRESSIONS:
        raise UserError(
            f"There are {number} regular expressions; {MOST_EXPRESSIONS} are allowed. In one of them, `|` means “or”."
        )
    wrong: list[str] = []
    for word in text.split():
        try:
            rule = _rule(word)
        except UserError as error:
            wrong.append(error.say)
        else:
            rules[rule.key] = (*rules.get(rule.key, ()), rule)
    if wrong:
        raise UserError(" ".join(wrong[:_MOST_WRONG]))
    return Filter(rules)


def key_of(word: str) -> str:
    """The key that a word begins with, whatever stands behind it; "" if it begins with none."""
    name = word.removeprefix("-").partition(":")[0].lower()
    return name if name in KEYS else ""


def _rule(word: str) -> Rule:
    bare = word.removeprefix("-")
    name, colon, values = bare.partition(":")
    key = KEYS.get(name.lower())
    if key is None:
        guess = closest(name, KEYS) if colon else ""
        hint = f" Did you mean `{guess}:`?" if guess else ""
        raise UserError(f"`{word[:_SHOWN]}` is no word of a filter.{hint} Write for example: `{FORMS}`")
    exclude = word != bare
    if key.read is None:
        if colon:
            raise UserError(f"`{word[:_SHOWN]}`: {name} stands alone. Write: `{key.example}`")
        return Rule(word, name.lower(), exclude, (), (bool,))
    each = _values(word, key, values)
    try:
        tests = tuple(key.read(value) for value in each)
    except UserError as error:
        raise UserError(f"`{word[:_SHOWN]}`: {error.say}") from None
    return Rule(word, name.lower(), exclude, each, tests)


def _is_expression(word: str) -> bool:
    key = KEYS.get(key_of(word))
    return key is not None and key.expressions and word.partition(":")[2].startswith(EXPRESSION)


def _values(word: str, key: Key, values: str) -> tuple[str, ...]:
    """What stands behind the colon: one or the other, or a single regular expression, which may have commas."""
    if key.expressions and values.startswith(EXPRESSION):
        return (values,)
    each = tuple(values.split(","))
    if not all(each):
        missing = "a value is missing before or after a comma" if values else "the value is missing"
        raise UserError(f"`{word[:_SHOWN]}`: {missing}. Write without blanks, for example: `{key.example}`")
    if key.expressions and any(value.startswith(EXPRESSION) for value in each):
        raise UserError(f"`{word[:_SHOWN]}`: a regular expression stands alone in its word. In it, write | for “or”.")
    return each


def _refusal(thing: str, rules: tuple[Rule, ...]) -> Rule | None:
    """The first word that keeps the thing out."""
    return next((rule for rule in rules if not rule.allows(thing)), None)


def _worded(key: Key, things: tuple[str, ...], rule: Rule) -> str:
    """Why nothing of what the event has got past; the first thing stands for all of them."""
    why = "is excluded" if rule.exclude else "does not match"
    rest = f" (kept out as well: {len(things) - 1:,} more)" if len(things) > 1 else ""
    return f"`{rule.written}`: {key.named(things[0])} {why}{rest}"
