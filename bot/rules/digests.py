"""Digests as people write them: whole, or only the beginning; with or without "sha256:"; in any case. Pure."""

import re

SHORTEST = 7  # hexadecimal digits from which on a beginning of a digest counts as one
_LONGEST = 64
_WRITTEN = re.compile(rf"(?:sha256:)?([0-9a-f]{{{SHORTEST},{_LONGEST}}})", re.IGNORECASE)


def beginning(word: str) -> str:
    """What digests that are meant by it begin with, "sha256:1a2b3c4"; "" for a word that means none."""
    found = _WRITTEN.fullmatch(word.strip())
    return f"sha256:{found[1].lower()}" if found else ""


def whole(word: str) -> str:
    """The digest, if all of it is there; else ""."""
    found = beginning(word)
    return found if len(found) == len("sha256:") + _LONGEST else ""
