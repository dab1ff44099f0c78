"""What a channel lets pass: `tag:v*,release-* -tag:*-dev severity:high+ fixable`, read once and asked for every event.

A filter is words with blanks between them; all of them have to agree. `key:one,other` wants one of the values, and a
`-` in front turns a word around. What a key looks at may be there several times (tags): it is enough if one of them
passes every word of that key. A word about something that an event does not have lets it pass, and so is everything
that Quay's test button sends.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.errors import UserError
from bot.domain.events import Event, Severity, VulnerabilityFound

LONGEST = 1000  # characters of a whole filter
FORMS = "tag:v*,release-*  -tag:*-dev  severity:high+  fixable"

_LONGEST_PATTERN = 128  # a tag has no more
_PATTERN = re.compile(r"[\w.:*?-]+", re.ASCII)
_SEVERITIES = {severity.value.lower(): severity for severity in Severity}
_WORST_FIRST = tuple(Severity)

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Key:
    """One word of the grammar: what it looks at, how its values are read, and how a refusal is worded.

    `things`: what an event has of it, nothing if the key does not concern the event. `read` makes a test out of one
    value and raises UserError without naming the word; None for a key that stands alone. `named` puts a thing in words.
    """

    things: Callable[[Event], tuple[str, ...]]
    read: Callable[[str], Test] | None
    named: Callable[[str], str]
    example: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One word of a filter as it was written, and whether a thing satisfies it."""

    written: str
    key: str
    exclude: bool
    tests: tuple[Test, ...]

    def allows(self, thing: str) -> bool:
        """Whether the thing gets past this word."""
        return any(test(thing) for test in self.tests) is not self.exclude


@dataclass(frozen=True, slots=True)
class Filter:
    """All words of a filter, by the key that they look at."""

    rules: Mapping[str, tuple[Rule, ...]]

    def why_not(self, event: Event) -> str:
        """Empty if the event passes, else the word that keeps it out, as it was written, and why."""
        if event.test:
            return ""
        for name, rules in self.rules.items():
            things = KEYS[name].things(event)
            refusals = [_refusal(thing, rules) for thing in things]
            if things and None not in refusals:
                return _worded(KEYS[name], things, refusals[0])
        return ""


@lru_cache(maxsize=4096)  # the same few filters are asked for every event
def parse(text: str) -> Filter:
    """The filter that `text` means; an empty one lets everything pass.

    Raises UserError that names the word that does not fit, and says what would.
    """
    if len(text) > LONGEST:
        raise UserError(f"The filter has {len(text):,} characters; {LONGEST:,} are allowed.")
    rules: dict[str, tuple[Rule, ...]] = {}
    for word in text.split():
        rule = _rule(word)
        rules[rule.key] = (*rules.get(rule.key, ()), rule)
    return Filter(rules)


def _rule(word: str) -> Rule:
    bare = word.removeprefix("-")
    name, colon, values = bare.partition(":")
    key = KEYS.get(name.lower())
    if key is None:
        raise UserError(f"`{word[:80]}` is no word of a filter. Write for example: {FORMS}")
    exclude = word != bare
    if key.read is None:
        if colon:
            raise UserError(f"`{word[:80]}`: {name} stands alone. Write: {key.example}")
        return Rule(word, name.lower(), exclude, (bool,))
    if not all(values.split(",")):
        missing = "a value is missing before or after a comma" if values else "the value is missing"
        raise UserError(f"`{word[:80]}`: {missing}. Write without blanks, for example: {key.example}")
    try:
        tests = tuple(key.read(value) for value in values.split(","))
    except UserError as error:
        raise UserError(f"`{word[:80]}`: {error.say}") from None
    return Rule(word, name.lower(), exclude, tests)


def _refusal(thing: str, rules: tuple[Rule, ...]) -> Rule | None:
    """The first word that keeps the thing out."""
    return next((rule for rule in rules if not rule.allows(thing)), None)


def _worded(key: Key, things: tuple[str, ...], rule: Rule | None) -> str:
    """Why nothing of what the event has got past; the first thing stands for all of them."""
    if rule is None:
        return ""
    why = "is excluded" if rule.exclude else "does not match"
    rest = f" (kept out as well: {len(things) - 1:,} more)" if len(things) > 1 else ""
    return f"`{rule.written}`: {key.named(things[0])} {why}{rest}"


def _glob(pattern: str) -> Test:
    """`*` is any text and `?` any character; everything else is itself, small and capital letters told apart."""
    if not _PATTERN.fullmatch(pattern):
        raise UserError(
            f"“{pattern[:60]}” cannot match a tag: tags have letters, digits, dots, dashes and underscores. "
            "`*` stands for any text, `?` for one character."
        )
    if len(pattern) > _LONGEST_PATTERN:
        raise UserError(f"a pattern has at most {_LONGEST_PATTERN} characters, as a tag has.")
    first, *others = (re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", pattern))
    # Each piece takes the first place where it fits and never looks for another one: that cannot lose a match, and it
    # keeps the time bounded whatever the pattern.
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece)
    last = f".*{others[-1]}" if others else ""
    found = re.compile(f"{first}{middle}{last}", re.DOTALL)
    return lambda text: found.fullmatch(text) is not None


def _severity(word: str) -> Test:
    """`high` is only that; `high+` is that and worse."""
    severity = _SEVERITIES.get(word.removesuffix("+").lower())
    if severity is None:
        raise UserError(
            f"“{word[:60]}” is no severity. Severities are {', '.join(_SEVERITIES)}; high+ adds what is worse."
        )
    worst = _WORST_FIRST[: _WORST_FIRST.index(severity)] if word.endswith("+") else ()
    return frozenset({severity.value, *worst}).__contains__


def _tags(event: Event) -> tuple[str, ...]:
    return tuple(getattr(event, "tags", ()))


def _severity_of(event: Event) -> tuple[str, ...]:
    return (event.severity.value,) if isinstance(event, VulnerabilityFound) else ()


def _fix_of(event: Event) -> tuple[str, ...]:
    """A word that counts as true if there is a fix. Nothing if Quay does not say: nobody should miss that finding."""
    if not isinstance(event, VulnerabilityFound) or event.fixable is None:
        return ()
    return ("fix",) if event.fixable else ("",)


KEYS: Mapping[str, Key] = {
    "tag": Key(_tags, _glob, lambda tag: f"the tag {tag[:128]}", "tag:v*,release-*"),
    "severity": Key(_severity_of, _severity, lambda severity: f"the severity {severity.lower()}", "severity:high+"),
    "fixable": Key(_fix_of, None, lambda fix: "a finding with a fix" if fix else "a finding without a fix", "fixable"),
}
"""The words of the grammar. Another one is a line here."""
