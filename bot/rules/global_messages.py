"""Global messages that are shown now: which one is meant, which say the same, and what state one is in. Pure."""

import hashlib
from collections.abc import Iterable, Sequence

from bot.domain.banners import GlobalMessage
from bot.domain.errors import UserError

_LEAST = 4  # characters of a uuid


def named(word: str, shown: Sequence[GlobalMessage]) -> GlobalMessage:
    """The message whose uuid begins like that. Raises UserError if it is none, or not clear which."""
    word = word.strip().strip("`").lower()
    found = [one for one in shown if len(word) >= _LEAST and one.uuid.lower().startswith(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            "Several messages begin like that. Please give more of the name that `/quay message list` shows."
        )
    raise UserError("There is no such global message now. `/quay message list` shows those that there are.")


def same(content: str, severity: str, media_type: str, shown: Iterable[GlobalMessage]) -> list[str]:
    """The uuids of those that say just this."""
    what = (content, severity, media_type)
    return [one.uuid for one in shown if (one.content, one.severity, one.media_type) == what]


def state(uuid: str, shown: Iterable[GlobalMessage]) -> str:
    """What a message is now, as a pin: it changes when the message does, or goes."""
    found = next((one for one in shown if one.uuid == uuid), None)
    return pinned(found)


def pinned(message: GlobalMessage | None) -> str:
    """The pin of a message; of none if it is not there."""
    if message is None:
        return "message=none"
    told = "\0".join((message.uuid, message.severity, message.media_type, message.content))
    return f"message={hashlib.sha256(told.encode()).hexdigest()[:20]}"
