"""Commands that take a repository as their only word, or as their first one. Pure."""

from collections.abc import Sequence

from handlers.grammar.options import UsageError
from handlers.grammar.references import reference


def only(words: Sequence[str], quay_url: str) -> str:
    """The repository, if that is all that was said. A tag behind it does no harm. Raises UserError."""
    name, rest = first(words, quay_url)
    if rest:
        raise UsageError(f"I do not understand “{rest[0][:60]}” after the repository.")
    return name


def first(words: Sequence[str], quay_url: str) -> tuple[str, Sequence[str]]:
    """The repository, and the words behind it. Raises UserError."""
    if not words:
        raise UsageError("Which repository? Write it as namespace/name, e.g. acme/web")
    return reference(words[0], quay_url).repository, words[1:]
