"""The words of commands about one tag: which tag, and what follows."""

from collections.abc import Sequence

from handlers.grammar import Reference, UsageError, reference
from handlers.grammar.references import bad_tag, valid_tag


def tag_first(words: Sequence[str], quay_url: str) -> tuple[Reference, tuple[str, ...]]:
    """The tag, "acme/web:v1" or "acme/web v1", and the words behind it. Raises UserError if it is missing."""
    if not words:
        raise UsageError("Which tag? Write it with its repository: acme/web:v1")
    found, rest = reference(words[0], quay_url), tuple(words[1:])
    if found.tag:
        return found, rest
    if not rest:
        raise UsageError(f"Which tag of {found.repository}? Write for example {found.repository}:latest")
    if not valid_tag(rest[0]):
        raise bad_tag(rest[0])
    return Reference(found.repository, rest[0]), rest[1:]


def named(found: Reference) -> str:
    """The tag as the target of an act."""
    return f"{found.repository}:{found.tag}"
