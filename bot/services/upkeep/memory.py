"""What was said about a subscription itself, so that it is said once, and can be taken back when it is over.

It is kept beside what is known of its repositories, under names that no repository can have.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.ports import Subscriptions

LOSS = "~loss"  # its channel was told that nobody looks after it
LOST = "~lost"  # repositories of a pattern of which its channel was told that nobody looks after them
SILENCE = "~silence"  # its channel was told that nothing arrives
LEFT_OUT = "~left"  # repositories that whoever looks after it was told to be left out
STRAYS = "~strays"  # notifications that whoever looks after it was asked about


async def recall(subscriptions: Subscriptions, name: str, what: str) -> Mapping[str, object]:
    """What was stored; empty if there is nothing to remember."""
    return await subscriptions.baseline(name, what) or {}


async def remember(
    subscriptions: Subscriptions, name: str, what: str, known: Mapping[str, object], now: datetime
) -> None:
    """Store that; nothing (empty) is how one forgets."""
    await subscriptions.set_baseline(name, what, known, now)


def key_of(known: Mapping[str, object]) -> str:
    """The key of the message that was said, "" for none."""
    key = known.get("key")
    return key if isinstance(key, str) else ""
