"""What the card rules share: keys of bounded length, and "how long ago"."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

LONGEST_KEY = 200


def card_key(family: str, *parts: str) -> str:
    """`family:part:part`; long ones are told apart by a hash. The same parts always make the same key."""
    key = ":".join((family, *parts))
    if len(key) <= LONGEST_KEY:
        return key
    exact = "\0".join(parts).encode(errors="surrogatepass")
    return f"{family}:{sha256(exact).hexdigest()}"


def named(tags: Iterable[str]) -> str:
    """A set of tags as one word, whatever their order."""
    return ",".join(sorted(set(tags)))


def within(one: datetime, other: datetime, span: timedelta) -> bool:
    """Are the two moments at most `span` apart? Either may be first: Quay delivers in no order (facts §1.3)."""
    return abs(one - other) <= span
