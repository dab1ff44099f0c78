"""Values as they really arrive: null for "nothing", numbers for text, one text for a list, text nobody can store."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import BeforeValidator

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"\s*(\+?[0-9]{1,30}(?:\.[0-9]{1,30})?)\s*%?\s*", re.ASCII)
_WEB_ADDRESS = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_LONGEST_NAME = 512  # Quay's own columns hold 255 characters of a namespace and 255 of a name
_LONGEST_TEXT = 20_000  # characters: nobody reads more of a commit message or of a mirror's output
_LONGEST_TAG = 128  # a tag has no more
_LONGEST_ADDRESS = 2_000  # characters: more is no address that anybody has made to be opened
_MOST_ADDRESSES = 20
_JSON_NAMES = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def clean(text: str) -> str:
    """The text without what PostgreSQL and Slack refuse: NUL is dropped, a lone surrogate becomes U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\0", ""))


def web_address(text: str) -> str:
    """The text if it is one http(s) address that can be linked to, else nothing."""
    return text if len(text) <= _LONGEST_ADDRESS and _WEB_ADDRESS.fullmatch(text) else ""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _named(value: object) -> str:
    return _JSON_NAMES.get(type(value), "null")


def _is_whole_number(value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return _cut(_whole(value), _LONGEST_TEXT)


def _whole(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if _is_whole_number(value):
        return str(int(value))
    raise ValueError(f"should be text, but is {_named(value)}")


def _name(value: Any) -> str:
    name = _text(value).strip()
    if not name:
        raise ValueError("should not be empty")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"should have at most {_LONGEST_NAME} characters")
    return name


def _hint(value: Any) -> str:
    return _text(value) if isinstance(value, str) or _is_whole_number(value) else ""


def _item(value: Any) -> str:
    """Text of any length or a number as text; nothing for anything else."""
    if isinstance(value, float) and isfinite(value) and not value.is_integer():
        return str(value)
    return _whole(value) if isinstance(value, str) or _is_whole_number(value) else ""


def _items(value: Any) -> list[str]:
    return [text for text in map(_item, value if isinstance(value, list) else [value]) if text]


def _tags(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_cut(tag, _LONGEST_TAG) for tag in _items(value)))


def _prose(value: Any) -> str:
    text = "\n".join(_items(value))
    half = _LONGEST_TEXT // 2  # it says at its beginning what it is about, and at its end what went wrong
    return text if len(text) <= _LONGEST_TEXT else f"{text[: half - 1]}…{text[-half:]}"


def _addresses(value: Any) -> tuple[str, ...]:
    found = dict.fromkeys(word for word in _whole(value).split() if web_address(word))
    return tuple(found)[:_MOST_ADDRESSES]


def _percent(value: Any) -> float | None:
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value)
        value = float(found[1]) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Beyond every disk. As a float, a larger whole number could be an overflow. (The comparison is false for NaN, too.)
    return float(value) if 0 <= value < 2**63 else None


def _size(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):  # exactly, and not by way of a float
        return value if 0 <= value < 2**63 else None
    number = _percent(value)
    return None if number is None else round(number)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


Text = Annotated[str, BeforeValidator(_text)]
"""Text; null is empty and a whole number is written out. Anything else is an error. What is far too long is cut."""

Name = Annotated[str, BeforeValidator(_name)]
"""Text that identifies something: never empty, without blanks around it, and short enough for a database's index."""

Hint = Annotated[str, BeforeValidator(_hint)]
"""Decoration from a git host. What is not text or a number is left out rather than losing the event for it."""

Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]
"""Tag names, each once: a list, one plain text, or null for none. What is no name is left out of the list."""

Addresses = Annotated[tuple[str, ...], BeforeValidator(_addresses)]
"""The http(s) addresses in a text that separates them by blanks, each once, in their order: the first few."""

Prose = Annotated[str, BeforeValidator(_prose)]
"""Free text: also a list of lines or a number. What is no text is left out, and the middle of what is far too long."""

Percent = Annotated[float | None, BeforeValidator(_percent)]
"""A percentage, 51 for 51 %, also as text. It may lie above 100. None for what is no percentage."""

Size = Annotated[int | None, BeforeValidator(_size)]
"""A number of bytes, also as text. None for what is no such number."""

Loose = BeforeValidator(_object)
"""For an optional object: everything that is not one counts as an empty one."""
