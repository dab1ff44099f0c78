"""Which word was meant by one that is not known. Pure."""

import difflib
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like `word`; empty when none is like it."""
    found = difflib.get_close_matches(word.lower()[:60], list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
