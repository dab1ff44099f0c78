"""When a message comes so late that it has to be said, and how many late ones become one."""

from datetime import datetime, timedelta

LATE = timedelta(seconds=15)
MANY = 3  # so many late messages of a channel are told in one
PREFIX = "away:"


def is_late(since: datetime, now: datetime) -> bool:
    """Whether a message that waits since then is told as late."""
    return now - since > LATE


def gathering_key(channel: str, first: int, revision: int) -> str:
    """The key of the message that tells others, the first of which has that row.

    Its revision is part of it: a message may be told by others a second time, when it has changed since the first.
    """
    return f"{PREFIX}{channel}:{first}:{revision}"


def gathers(key: str) -> bool:
    """Whether the message with that key tells others."""
    return key.startswith(PREFIX)
