"""Addresses in foreign text without what may be a secret in them. Pure, and linear: lines may have any length."""

import re

_MARK = r":\\?/\\?/"  # in JSON a slash may have a backslash before it
_USER = re.compile(rf"({_MARK})[^/\\\s?#]*@")
_WORD = re.compile(r"\S+")
_BEGINS = re.compile(_MARK)
_BEHIND = re.compile(r"[?#]")
_BETWEEN = re.compile(r"([&;?])")
_HIDDEN = "…"


def without_credentials(text: str) -> str:
    """Addresses in the text without `user:password@`."""
    return _USER.sub(r"\1", text)


def masked(text: str) -> str:
    """The same, and with the names alone of what stands behind a "?": archives are signed there, and logs repeat it.

    Behind a "#" values go as well; a mere place in the page stays.
    """
    return _WORD.sub(lambda found: _masked(found[0]), without_credentials(text))


def _masked(word: str) -> str:
    address = _BEGINS.search(word)
    behind = address and _BEHIND.search(word, address.end())
    if not behind:
        return word
    query, mark, fragment = word[behind.end() :].partition("#")
    if behind[0] == "#":
        query, mark, fragment = "", "", word[behind.end() :]
    return word[: behind.end()] + _names(query) + mark + (_names(fragment) if "=" in fragment else fragment)


def _names(query: str) -> str:
    parts = _BETWEEN.split(query)
    return "".join(part if index % 2 else _name(part) for index, part in enumerate(parts))


def _name(part: str) -> str:
    name, _, value = part.partition("=")
    if value.strip("="):
        return f"{name}={_HIDDEN}"
    return _HIDDEN if part else ""  # without a value, it may be one itself: "?c2VjcmV0=="
