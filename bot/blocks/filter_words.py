"""A wish said back in words: which events, and what of them, so that nobody has to trust a grammar."""

from collections.abc import Iterable, Mapping, Sequence

from bot.blocks.text import code, count
from bot.domain.subscriptions import Wanted
from bot.rules.clashing import clash, merged
from bot.rules.event_groups import grouped
from bot.rules.filters import Rule, parse
from bot.rules.subscribing import idle, is_pattern

_MOST = 255  # characters of a value
_EVENTS: Mapping[str, str] = {
    "pushes": "pushes",
    "builds": "builds",
    "builds:failure": "builds that fail",
    "build_queued": "builds that are queued",
    "build_start": "builds that start",
    "build_success": "builds that succeed",
    "build_cancelled": "builds that are cancelled",
    "vulns": "vulnerabilities",
    "mirrors": "mirror syncs",
    "mirrors:failed": "mirror syncs that fail",
    "repo_mirror_sync_started": "mirror syncs that start",
    "repo_mirror_sync_success": "mirror syncs that succeed",
    "quota": "storage that fills up or is full",
    "quota_warning": "storage that fills up",
    "quota_error": "storage that is full",
}


def in_words(wanted: Wanted) -> str:
    """What is told, and what is kept out, as mrkdwn; a few sentences. Words that do nothing are left out."""
    words = [f"{_where(wanted.target)}: {_events(wanted)}."]
    useless = idle(wanted)
    for key, rules in parse(wanted.filter).rules.items():
        used = [rule for rule in rules if rule.written not in useless]
        if used:
            words.append(_SAID[key](used))
    return " ".join(words)


def hints(wanted: Wanted) -> str:
    """What whoever writes a wish should know about it (mrkdwn): words that do not do what they may think."""
    useless, words = idle(wanted), list[str]()
    if useless:
        change, they = ("changes", "it looks") if len(useless) == 1 else ("change", "they look")
        marked = _list([code(word, _MOST) for word in useless], "and")
        words.append(f"{marked} {change} nothing: none of these events has what {they} at.")
    for rules in parse(wanted.filter).rules.values():
        if (pair := clash(rules)) and pair[0].written not in useless:
            both = " ".join(code(rule.written, _MOST) for rule in pair)
            words.append(f"⚠️ {both}: nothing can fit both; did you mean {code(merged(*pair), 2 * _MOST)}?")
    if wanted.layout:
        words.append(_LAYOUTS[wanted.layout])
    return " ".join(words)


_LAYOUTS: Mapping[str, str] = {
    "card": "Each is a card that is kept up to date.",
    "thread": "Each is a card, and what follows is told in its thread.",
    "compact": "Each is one line.",
}


def _events(wanted: Wanted) -> str:
    expiry = f"tags that expire within {count(wanted.days, 'day')}"
    return _list([_EVENTS.get(word, expiry) for word in grouped(wanted.events)], "and")


def _where(target: str) -> str:
    if is_pattern(target):
        return f"In every repository like {code(target, _MOST)}, later ones included"
    return f"In {code(target, _MOST)}" if "/" in target else f"In the namespace {code(target, _MOST)}"


def _named(singular: str, plural: str, rules: Sequence[Rule]) -> str:
    """Which of several named things pass: all words of a key have to agree."""
    only = [_or([code(value, _MOST) for value in rule.values]) for rule in rules if not rule.exclude]
    never = [code(value, _MOST) for rule in rules if rule.exclude for value in rule.values]
    words = f"Only {plural} like {_list(only, 'that also fit')}" if only else ""
    if never:
        words = f"{words}, but none like {_or(never)}" if words else f"No {singular} like {_or(never)}"
    return f"{words}."


def _tags(rules: Sequence[Rule]) -> str:
    return _named("tag", "tags", rules)


def _refs(rules: Sequence[Rule]) -> str:
    """Branches and tags in git: patterns and regular expressions are said differently."""
    only = [_or([_ref(value) for value in rule.values]) for rule in rules if not rule.exclude]
    never = [_ref(value) for rule in rules if rule.exclude for value in rule.values]
    words = f"Only builds of a branch or tag {_list(only, 'and at the same time')}" if only else ""
    if never:
        words = f"{words}, but none {_or(never)}" if words else f"No builds of a branch or tag {_or(never)}"
    return f"{words}. Builds without one {'are left out' if only else 'are told'}."


def _ref(value: str) -> str:
    expression = value.startswith("~")
    return f"that fits the expression {code(value[1:], 1000)}" if expression else f"like {code(value, _MOST)}"


def _severities(rules: Sequence[Rule]) -> str:
    only = [_or([_severity(value) for value in rule.values]) for rule in rules if not rule.exclude]
    never = [_severity(value) for rule in rules if rule.exclude for value in rule.values]
    words = f"Only vulnerabilities that are {_list(only, 'and at the same time')}" if only else ""
    if never:
        words = f"{words}, but none that are {_or(never)}" if words else f"No vulnerabilities that are {_or(never)}"
    return f"{words}."


def _severity(value: str) -> str:
    word = value.removesuffix("+").lower()
    return f"{word} or worse" if value.endswith("+") and word != "critical" else word


def _fixes(rules: Sequence[Rule]) -> str:
    excluding = {rule.exclude for rule in rules}
    if len(excluding) > 1:
        return "No vulnerabilities of which Quay says whether there is a fix."
    return "Only vulnerabilities without a fix." if excluding == {True} else "Only vulnerabilities with a fix."


def _people(rules: Sequence[Rule]) -> str:
    only = [_or([code(value, _MOST) for value in rule.values]) for rule in rules if not rule.exclude]
    never = [code(value, _MOST) for rule in rules if rule.exclude for value in rule.values]
    words = f"Only what is done by {_list(only, 'whose name also fits')}" if only else ""
    if never:
        words = f"{words}, but not by {_or(never)}" if words else f"Nothing that is done by {_or(never)}"
    return f"{words}. Where nobody knows who it was, it is told."


def _repositories(rules: Sequence[Rule]) -> str:
    return _named("repository", "repositories", rules)


_SAID = {
    "tag": _tags,
    "ref": _refs,
    "severity": _severities,
    "fixable": _fixes,
    "by": _people,
    "repo": _repositories,
}


def _or(words: Sequence[str]) -> str:
    return _list(words, "or")


def _list(words: Iterable[str], last: str) -> str:
    """As in: a, b and c."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final
