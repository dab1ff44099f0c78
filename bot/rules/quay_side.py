"""Which notifications a wish needs in Quay, and what Quay filters itself. Pure.

Quay may let through more than is wanted, since the bot filters again, but never less.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.events import Severity
from bot.domain.subscriptions import Wanted
from bot.rules.event_groups import GROUPS, ordered
from bot.rules.filters import Rule, parse

_FOLLOWED = ("build_queued", "build_start")  # what the bot has to hear of to find the end of a build by itself
_LEVELS = tuple(Severity)

# What RE2 and Python's `re`, which Quay matches with, read in the same way; see `portable`.
_LITERAL = r"[\w/\-,:@#%&=!;<> ]"
_ESCAPED = r"\\[.\-/+*?()|\[\]{}^$\\]|\\[dw]"
_SET = r"\[\^?(?:[\w./ ]|\\[.\-/]|(?<=[\w])-(?=[\w]))+-?\]"
_TIMES = r"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??(?![*+?{])"
_PIECE = re.compile(rf"{_ESCAPED}|{_SET}|(?P<wide>[*+]|\{{[0-9]+,[0-9]*\}})|(?P<either>[|?])|.", re.ASCII | re.DOTALL)
_WIDE, _EITHER = 2, 4  # repetitions, and other places with a choice, that Quay's Python can try out in no time
_PORTABLE = re.compile(rf"(?:{_LITERAL}|{_ESCAPED}|{_SET}|{_TIMES}|[.^$|]|\)(?![*+?{{])|\((?:\?:|(?!\?)))*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Need:
    """A notification that has to be there: Quay's event and its eventConfig. `silent`: for the bot alone."""

    event: str
    config: Mapping[str, object] = field(default_factory=dict, hash=False)
    silent: bool = False

    @property
    def written(self) -> str:
        """The config as sorted JSON, as parts keep it."""
        return json.dumps(self.config, sort_keys=True)


def needs(wanted: Wanted) -> tuple[Need, ...]:
    """What has to be there in each repository of a wish (in the namespace, for its storage), in the order of EVENTS.

    Who wants to hear of builds that fail needs to hear of their beginning as well: Quay says nothing about a build that
    ends in an error at its first try (facts §1.1), so the bot looks for the end itself.
    """
    silent = set(_FOLLOWED).difference(wanted.events) if "build_failure" in wanted.events else set()
    events = ordered((*wanted.events, *silent))
    rules = parse(wanted.filter).rules
    return tuple(Need(event, _config(event, rules, wanted.days), event in silent) for event in events)


def _config(event: str, rules: Mapping[str, tuple[Rule, ...]], days: int) -> dict[str, object]:
    if event in GROUPS["builds"]:
        return _builds(rules.get("ref", ()))
    if event == "vulnerability_found":
        return _findings(rules.get("severity", ()))
    return {"days": days} if event == "repo_image_expiry" else {}


def _builds(rules: Sequence[Rule]) -> dict[str, object]:
    """The regular expression, if there is just one that is wanted, and Quay reads it as we do, and quickly."""
    found = [value[1:] for rule in rules if not rule.exclude for value in rule.values if value.startswith("~")]
    return {"ref-regex": found[0]} if len(found) == 1 and portable(found[0]) and quick(found[0]) else {}


def _findings(rules: Sequence[Rule]) -> dict[str, object]:
    """The least severe that passes, in both places that Quay looks at (facts §1.1)."""
    passing = [level for level, severity in enumerate(_LEVELS) if all(rule.allows(severity.value) for rule in rules)]
    level = max(passing, default=0)
    return {"level": level, "vulnerability": {"priority": _LEVELS[level].value}}


def portable(expression: str) -> bool:
    r"""Whether Quay's Python surely reads an expression as RE2 does.

    Only what is the same in both counts: no flags, no names, no possessive quantifiers. \d and \w mean more characters
    to Python, which is harmless but within [^…] (there they are not portable). Groups that repeat are not sent either:
    Python could take for ever.
    """
    if not _PORTABLE.fullmatch(expression):
        return False
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


def quick(expression: str) -> bool:
    """Whether Quay's Python surely decides about a ref in no time; of portable expressions.

    It tries out each way in which an expression can be read: as many as a ref has letters for each repetition, times
    two for each `?` and each `|`. (The `?` behind a repetition and the one of `(?:` count as well: better safe.)
    """
    found = [match.lastgroup for match in _PIECE.finditer(expression)]
    return found.count("wide") <= _WIDE and found.count("either") <= _EITHER * (3 - found.count("wide"))
