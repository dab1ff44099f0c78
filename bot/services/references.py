"""Short names that people read to each other: of something that was done, and of a request that waits."""

import re
import secrets

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits
_PLAIN = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing in it looks like something else in it
_NAME = 5

REFERENCE = re.compile(r"[A-HJ-NP-Z]{4}-[0-9]{4}")
NAME = re.compile(r"[A-HJKMNP-Z2-9]{5}")


def new_reference() -> str:
    """The id of one thing that was asked for, such as "KDWF-4071"."""
    return "".join(secrets.choice(_LETTERS) for _ in range(4)) + f"-{secrets.randbelow(10_000):04}"


def new_name() -> str:
    """The name of a request for approval, such as "K7PX4"."""
    return "".join(secrets.choice(_PLAIN) for _ in range(_NAME))


def as_name(word: str) -> str:
    """What somebody typed, as the name of a request: in capitals, without what was copied with it."""
    return word.strip().strip("`*_.,:#").upper()
