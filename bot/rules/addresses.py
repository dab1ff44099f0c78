"""Addresses in foreign text without what may be a secret in them. Pure."""

import re

_USER = re.compile(r"(:\\?/\\?/)[^/\\\s?#]*@")  # in JSON a slash may have a backslash before it
_QUERY = re.compile(r"(:\\?/\\?/[^\s?#]*\?)([^\s#]+)")
_BETWEEN = re.compile(r"([&;])")
_HIDDEN = "…"


def without_credentials(text: str) -> str:
    """Addresses in the text without `user:password@`."""
    return _USER.sub(r"\1", text)


def masked(text: str) -> str:
    """The same, and with the names alone of what stands behind a "?": archives are signed there, and logs repeat it."""
    return _QUERY.sub(lambda found: found[1] + _names(found[2]), without_credentials(text))


def _names(query: str) -> str:
    parts = _BETWEEN.split(query)
    return "".join(part if index % 2 else _name(part) for index, part in enumerate(parts))


def _name(part: str) -> str:
    name, _, value = part.partition("=")
    if value.strip("="):
        return f"{name}={_HIDDEN}"
    return _HIDDEN if part else ""  # without a value, it may be one itself: "?c2VjcmV0=="
