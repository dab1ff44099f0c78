"""Subscriptions as a file: read from TOML and written back; pure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.domain.subscriptions import Subscription, Wanted
from bot.rules.event_groups import grouped
from bot.rules.subscribing import DAYS, wanted
from bot.rules.subscription_shape import FileShape, SubscriptionShape
from bot.rules.toml_report import Form, Problem, document
from bot.rules.toml_trouble import Sort

MOST_SUBSCRIPTIONS = 1000
NOTHING = "subscription = []"  # a file that means: none
SORT = Sort("subscription", 'target = "acme/web"')
_EMPTY = f"it is empty, so it is not used. To have no subscription at all, write {NOTHING}"
_HEAD = "# Subscriptions of quaybot. See what would change with: quaybot apply --plan FILE\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One subscription as a file wants it. `owner` is "U…", or "T…/U…"."""

    channel: str
    wanted: Wanted
    owner: str

    def is_owner(self, person: Person) -> bool:
        """Whether it names that person."""
        return self.owner in {person.user, f"{person.team}/{person.user}"}


def read(text: str, file: str = "subscriptions.toml") -> tuple[Entry, ...]:
    """What a file wants, in its order. Raises BadFile, which names every problem with its line and its key."""
    shape = document(text, file, Form(SORT, FileShape, SubscriptionShape, _EMPTY, _across, _called))
    return tuple(Entry(one.channel, _wish(one), one.owner or shape.owner or "") for one in shape.subscription)


def export(subscriptions: Sequence[Subscription]) -> str:
    """The text of a file that wants just these; of several that are the same in one channel, it names one."""
    if not subscriptions:
        return f"{_HEAD}{NOTHING}\n"
    chosen = {(one.channel, one.wanted): one for one in sorted(subscriptions, key=lambda one: one.source == "file")}
    subscriptions = [one for one in subscriptions if chosen[one.channel, one.wanted] is one]
    people = {one.person for one in subscriptions}
    twice = {user for user, times in Counter(person.user for person in people).items() if times > 1}
    owners = [_owner(one.person, twice) for one in subscriptions]
    default = Counter(owners).most_common(1)[0][0]
    tables = [_table(one, owner if owner != default else "") for one, owner in zip(subscriptions, owners, strict=True)]
    return "\n".join([f"{_HEAD}owner = {_text(default)}\n", *tables])


def _owner(person: Person, twice: Iterable[str]) -> str:
    """How the file names somebody: with the workspace only if it has to be."""
    return f"{person.team}/{person.user}" if person.user in twice else person.user


def _table(one: Subscription, owner: str) -> str:
    wish = one.wanted
    lines = [
        "[[subscription]]",
        f"target = {_text(wish.target)}",
        f"channel = {_text(one.channel)}",
        f"events = [{', '.join(map(_text, grouped(wish.events)))}]",
    ]
    lines += [f"filter = {_text(wish.filter)}"] if wish.filter else []
    lines += [f"days = {wish.days}"] if wish.days != DAYS else []
    lines += [f"layout = {_text(wish.layout)}"] if wish.layout else []
    lines += [f"owner = {_text(owner)}"] if owner else []
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TOML string. Where there are backslashes, one that takes them as they are, if it can.

    What is no picture is spelled out: the file is shown in terminals and in reviews.
    """
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return "".join(map(_char, json.dumps(value, ensure_ascii=False)))


def _char(char: str) -> str:
    return char if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def _wish(one: SubscriptionShape) -> Wanted:
    return wanted(one.target, _words(one.events, one.filter, one.days, one.layout or ""))


def _words(events: Iterable[str], filter_: str, days: int, layout: str) -> list[str]:
    return [*events, *filter_.split(), f"days:{days}", *([f"layout:{layout}"] if layout else [])]


def _called(table: Mapping[str, Any]) -> object:
    return table.get("target")


def _unfitting(number: int, table: Mapping[str, Any]) -> Iterator[Problem]:
    """Events that the target does not have, where something else of the table is wrong as well."""
    some = {key: table[key] for key in ("target", "events") if key in table}
    try:
        one = SubscriptionShape.model_validate({**some, "channel": "C00"})
    except ValueError:
        return
    try:
        wanted(one.target, one.events)
    except UserError as error:
        yield number, "events" if "events" in table else "target", error.say


def _across(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong between keys. Looks past whatever has a wrong shape."""
    tables = raw.get(SORT.table)
    if not isinstance(tables, list):
        return
    if len(tables) > MOST_SUBSCRIPTIONS:
        yield None, SORT.table, f"there are {len(tables):,}, at most {MOST_SUBSCRIPTIONS:,} can be"
    seen: dict[tuple[str, Wanted], int] = {}
    for number, table in enumerate(tables):
        if not isinstance(table, dict):
            continue
        if "owner" not in raw and "owner" not in table:
            yield number, "owner", 'say who looks after it, such as owner = "U…", here or once at the top of the file'
        try:
            one = SubscriptionShape.model_validate(table)
        except ValueError:  # what is wrong in itself is told already
            yield from _unfitting(number, table)
            continue
        try:
            key = (one.channel, _wish(one))
        except UserError as error:
            yield number, "events" if "events" in table else "target", error.say
            continue
        if key in seen:
            yield number, "", f"subscription {seen[key] + 1} is the same, in the same channel"
        seen.setdefault(key, number)
