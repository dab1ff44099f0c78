"""What people write behind `subscribe`, read into what a channel wants, and written back. Pure.

    TARGET [events…] [filter words…] [days:7] [layout:card|thread|compact]

The words behind the target may stand in any order. A list of events means exactly that list; without one it is the
preset `team`. A preset brings a filter of its own, word by word replaced by what was written about the same thing;
exclusions add to it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.errors import UserError
from bot.domain.subscriptions import Wanted
from bot.rules.event_groups import (
    DEFAULT,
    OF_NAMESPACES,
    PRESETS,
    expand,
    grouped,
    known,
    listed,
    meant,
    ordered,
)
from bot.rules.filters import KEYS, key_of, parse
from bot.rules.globs import fits
from bot.rules.guessing import closest

LAYOUTS = ("card", "thread", "compact")
DAYS = 7  # days before a tag expires that Quay warns, unless somebody says otherwise
MOST_DAYS = 365

_SHOWN = 80  # characters of a word that an error repeats
_NAMESPACE = re.compile(r"[A-Za-z0-9._-]{1,255}")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,255}(/[a-z0-9._-]+)+")
_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,255}/[a-z0-9._/*?-]+")
_LONGEST = 511  # characters of a target
_MOST_WRONG = 5  # words whose trouble is told
_THERE_IS = (
    f"Events: {listed()}. Presets: {', '.join(PRESETS)}. Filters: {', '.join(KEYS)}. "
    "For example: `acme/web pushes builds:failure tag:v*`"
)


@dataclass(slots=True)
class _Heard:
    """What the words said so far."""

    events: list[str] = field(default_factory=list)
    named: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # each word for events with its events
    preset: str = ""
    filter: list[str] = field(default_factory=list)
    days: int | None = None
    layout: str = ""


def wanted(target: str, words: Sequence[str]) -> Wanted:
    """What is wanted about `target`. Raises UserError that names the word which does not fit, and says what would."""
    check_target(target)
    heard = _listened(words)
    events = _events(target, heard)
    filter_ = " ".join([*_brought(heard, events), *heard.filter])
    parse(filter_)
    return Wanted(target, events, filter_, DAYS if heard.days is None else heard.days, heard.layout)


def written(wish: Wanted) -> str:
    """The words behind the target that mean this: split at their blanks and read again, they are the same wish."""
    words = [*grouped(wish.events), *wish.filter.split()]
    words += [f"days:{wish.days}"] if wish.days != DAYS else []
    words += [f"layout:{wish.layout}"] if wish.layout else []
    return " ".join(words)


def is_pattern(target: str) -> bool:
    """Whether a target means all repositories of that pattern, those included that will be created."""
    return "*" in target or "?" in target


def covers(target: str, repository: str) -> bool:
    """Whether a target means that repository (or that namespace, for its storage)."""
    return fits(target, repository) if is_pattern(target) else target == repository


def idle(wish: Wanted) -> tuple[str, ...]:
    """The words that do nothing, since none of the events has what they look at."""
    rules = parse(wish.filter).rules
    words = [
        rule.written for key, each in rules.items() if not KEYS[key].kinds.intersection(wish.events) for rule in each
    ]
    return (*words, *([f"days:{wish.days}"] if wish.days != DAYS and "repo_image_expiry" not in wish.events else []))


def check_target(target: str) -> None:
    """Raises UserError for what is neither a repository, nor a pattern of repositories, nor a namespace."""
    shown = target[:_SHOWN]
    name, colon, tag = target.partition(":")
    if colon and "/" in name:
        raise UserError(
            f"`{shown}`: a subscription is about a whole repository. Write: `{name[:_SHOWN]} tag:{tag[:_SHOWN]}`"
        )
    if is_pattern(target) and is_pattern(target.partition("/")[0]):
        raise UserError(f"`{shown}`: the namespace has to be named. Write for example `acme/*`, or `acme/app-*`.")
    fitting = _PATTERN if is_pattern(target) else _REPOSITORY if "/" in target else _NAMESPACE
    if not fitting.fullmatch(target) or len(target) > _LONGEST:
        raise UserError(
            f"`{shown}` is no repository. Write `acme/web`, `acme/*` or `acme/app-*` for several, or `acme` for its "
            "storage."
        )


def _listened(words: Sequence[str]) -> _Heard:
    """All of the words. Raises UserError that names every one of them which does not fit."""
    heard, wrong, unknown = _Heard(), list[str](), False
    for word in words:
        try:
            _hear(word, heard)
        except _Unknown as error:
            wrong.append(error.say)
            unknown = True
        except UserError as error:
            wrong.append(error.say)
    if not wrong:
        return heard
    try:
        parse(" ".join(heard.filter))
    except UserError as error:
        wrong.append(error.say)
    several = [*wrong[:_MOST_WRONG], *([f"And {len(wrong) - _MOST_WRONG} more."] if len(wrong) > _MOST_WRONG else [])]
    several = [say if say.endswith((".", "?")) or len(several) == 1 else f"{say}." for say in several]
    raise UserError(" ".join([*several, *([_THERE_IS] if unknown else [])]))


class _Unknown(UserError):
    """A word that means nothing."""


def _hear(word: str, heard: _Heard) -> None:
    """Take in one word, whatever it is about. Keyboards make a long dash of a minus, and that is read as two."""
    word = word[1:] if word.startswith("--") and key_of(word[1:]) else word
    name, colon, value = word.partition(":")
    if colon and name.lower() == "days":
        _once(word, heard.days is not None, "days")
        heard.days = _days(word, value)
    elif colon and name.lower() == "layout":
        _once(word, bool(heard.layout), "layout")
        heard.layout = _layout(word, value)
    elif key_of(word):
        heard.filter.append(word)
    else:
        for one in filter(None, word.split(",")):
            _hear_events(one, heard)


def _once(word: str, there: bool, name: str) -> None:
    if there:
        raise UserError(f"`{word[:_SHOWN]}`: `{name}:` is there twice. Write it once.")


def _hear_events(word: str, heard: _Heard) -> None:
    name = word.lower()
    if name in PRESETS:
        if heard.preset and heard.preset != name:
            raise UserError(
                f"`{word[:_SHOWN]}`: `{heard.preset}` is a preset as well. Choose one, and add events by name."
            )
        heard.preset = name
    elif known(name):
        heard.named.append((word, expand(name)))
    else:
        raise _Unknown(_unknown(word))


def _unknown(word: str) -> str:
    """What is said of a word that means nothing: what could be meant."""
    shown = f"`{word[:_SHOWN]}`"
    bare = word.removeprefix("-")
    if bare != word and (known(bare.lower()) or bare.lower() in PRESETS):
        return f"{shown}: events are not taken away. Write those that you want."
    name, colon, value = bare.partition(":")
    guess = meant(bare)
    if colon and (key := closest(name, (*KEYS, "days", "layout"))):
        guess = f"{'-' if bare != word else ''}{key}{f':{value[:_SHOWN]}' if key != 'fixable' else ''}"
    hint = f" Did you mean `{guess}`?" if guess else ""
    return f"I do not know {shown}.{hint}"


def _days(word: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= MOST_DAYS:
        raise UserError(
            f"`{word[:_SHOWN]}`: write a whole number of days from 1 to {MOST_DAYS}, for example: `days:{DAYS}`"
        )
    return int(value)


def _layout(word: str, value: str) -> str:
    if value.lower() not in LAYOUTS:
        guess = closest(value, LAYOUTS)
        hint = f" Did you mean `layout:{guess}`?" if guess else ""
        raise UserError(f"`{word[:_SHOWN]}` is no layout.{hint} There are {', '.join(LAYOUTS)}.")
    return value.lower()


def _events(target: str, heard: _Heard) -> tuple[str, ...]:
    """The events that were named, and those of the preset as far as the target has them."""
    if not heard.named and not heard.preset:
        heard.preset = DEFAULT
    namespace = "/" not in target
    for word, events in heard.named:
        if namespace and not OF_NAMESPACES.issuperset(events):
            raise UserError(
                f"`{word[:_SHOWN]}` is about repositories, and `{target[:_SHOWN]}` is a namespace: its only events are "
                f"quota. For all of its repositories write `{target[:_SHOWN]}/*`"
            )
        if not namespace and not OF_NAMESPACES.isdisjoint(events):
            owner = target.partition("/")[0][:_SHOWN]
            raise UserError(f"`{word[:_SHOWN]}` is about the storage of a namespace. Write: `{owner} {word[:_SHOWN]}`")
    preset = PRESETS[heard.preset].events if heard.preset else ()
    possible = [event for event in preset if (event in OF_NAMESPACES) is namespace]
    found = ordered([*possible, *(event for _, events in heard.named for event in events)])
    if not found:
        raise UserError(
            f"`{heard.preset}` has nothing about a namespace. Write `{target[:_SHOWN]} quota`, or "
            f"`{target[:_SHOWN]}/* {heard.preset}` for its repositories."
        )
    return found


def _brought(heard: _Heard, events: Sequence[str]) -> list[str]:
    """The preset's filter words, but for those about what was filtered by hand, or about nothing that is wanted.

    A word that keeps out (`-severity:low`) adds to the preset's; one that stands alone (`-fixable`) says it all.
    """
    own = {key for word in heard.filter if (key := key_of(word)) and (word[0] != "-" or KEYS[key].read is None)}
    words = PRESETS[heard.preset].filter.split() if heard.preset else []
    return [word for word in words if key_of(word) not in own and KEYS[key_of(word)].kinds.intersection(events)]
