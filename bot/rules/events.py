"""What the card rules share: names of bounded length, "how long ago", and what cards without a list say about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import accumulate
from typing import Any

from bot.domain.trail import Item

LONGEST_KEY = 200
LONGEST_LIST = 2_000  # characters of the tags that an entry of the trail holds


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


def clipped_list(tags: Iterable[str], longest: int = LONGEST_LIST) -> list[str]:
    """The first tags, as many as `longest` characters hold."""
    listed = list(tags)
    ends = accumulate(len(tag) + 1 for tag in listed)
    return [tag for tag, end in zip(listed, ends, strict=True) if end <= longest]


def within(one: datetime, other: datetime, span: timedelta) -> bool:
    """Are the two moments at most `span` apart? Either may be first: Quay delivers in no order (facts §1.3)."""
    return abs(one - other) <= span


def near(at: datetime, first: datetime, last: datetime, quiet: timedelta) -> bool:
    """Is it within `quiet` of what happened between `first` and `last`, or amid it?"""
    return first - at <= quiet and at - last <= quiet


def always_room(card: Any, event: Any) -> bool:  # noqa: ARG001 - the same question as in families whose cards fill
    """Does the card take another event that belongs to it? A card without a list never is full."""
    return True


def no_items(event: Any) -> tuple[Item, ...]:  # noqa: ARG001 - the same question as in families with a list
    """What an event puts on the list of a card that has none."""
    return ()


def no_list(card: Any) -> int:  # noqa: ARG001 - the same question as in families with a list
    """How many items are on the list of a card that has none."""
    return 0


def never_final(card: Any) -> bool:  # noqa: ARG001 - the same question as in families whose cards end
    """Is nothing more expected? Of these cards nobody knows."""
    return False
