"""What a robot account can be called, and the namespace that it belongs to. Pure; the only place that knows it."""

import re

_LENGTHS = range(2, 256)  # characters of each name, and of both together at most as many
_SHORT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")  # quay facts §3.2
# A little wider than Quay's own rule, since there are older names: Quay has the last word.
_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9._-]*")


def is_namespace(name: str) -> bool:
    """Can an organization or a user be called so?"""
    return len(name) in _LENGTHS and _NAMESPACE.fullmatch(name) is not None


def is_short(name: str) -> bool:
    """Can a robot be called so behind the "+"? Lower-case letters, digits, single marks between them (facts §3.2)."""
    return len(name) in _LENGTHS and _SHORT.fullmatch(name) is not None


def is_robot(name: str) -> bool:
    """Is it the full name of a robot account, "namespace+short"?"""
    namespace, _, short = name.partition("+")
    return len(name) in _LENGTHS and is_namespace(namespace) and is_short(short)
