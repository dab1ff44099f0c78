"""A small language for shapes of JSON: a rule looks at a value and yields what is wrong, with JSON pointers."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
"""(value, JSON pointer) → what is wrong with it."""


def string(most: int, least: int = 1) -> Rule:
    """Text of `least` to `most` characters that can be sent at all (a lone surrogate cannot)."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: must be text, not {type(value).__name__}"
        elif not least <= len(value) <= most:
            yield f"{at}: has {len(value)} characters, allowed are {least} to {most}"
        elif re.search("[\ud800-\udfff]", value):
            yield f"{at}: holds half a character (a lone surrogate)"

    return check


def one_of(*allowed: str) -> Rule:
    """One of a few words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: must be one of {', '.join(allowed)}"

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{at}: must be true or false"


def number(least: int, most: int) -> Rule:
    """A whole number."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{at}: must be a whole number from {least} to {most}"

    return check


def anything(value: Any, at: str) -> Iterator[str]:  # noqa: ARG001 - it is a rule like the others
    """No rule."""
    yield from ()


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of `least` to `most` things."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{at}: must be a list"
            return
        if not least <= len(value) <= most:
            yield f"{at}: has {len(value)} entries, allowed are {least} to {most}"
        for index, entry in enumerate(value):
            yield from rule(entry, f"{at}/{index}")

    return check


def shape(needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *either: str) -> Rule:
    """An object with these fields and no others; of the fields named in `either` it must have at least one."""
    known = {**needed, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{at}: must be an object"
            return
        yield from (f"{at}: needs {name}" for name in needed if name not in value)
        yield from (f"{at}/{name}: no such field" for name in value if name not in known)
        if either and not any(name in value for name in either):
            yield f"{at}: needs {' or '.join(either)}"
        for name, rule in known.items():
            if name in value:
                yield from rule(value[name], f"{at}/{name}")

    return check


def by_type(what: str, table: Mapping[str, Rule]) -> Rule:
    """An object whose `type` picks its rule from a table; types that are not in it are refused."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in table:
            yield f"{at}: {kind!r} is no {what} that is allowed here"
            return
        rest = {name: entry for name, entry in value.items() if name != "type"}
        yield from table[kind](rest, at)

    return check
