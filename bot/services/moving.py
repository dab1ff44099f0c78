"""How it is told that what was looked at has changed since. Pure."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.images import GONE
from bot.domain.said import short_digest

_SHOWN = 3  # marks in a sentence
_DIGEST = "sha256:"
_END = ":end"  # what follows a tag where its expiry is meant: no tag has a colon in its name
_CALLED = {"visibility": "the visibility", "description": "the description", "trigger": "the build trigger"}
_MESSAGE = "message"


def tag_mark(tag: str, digest: str, at: datetime | None) -> str:
    """The state of a tag in a pin: its digest ("" for none) and since when it is so, "v1=sha256:…@1795475932".

    The time tells an image that came back from one that never went. None: it never was anything else.
    """
    since = f"@{int(at.timestamp())}" if at else ""
    return f"{tag}={digest or GONE}{since}"


def end_mark(tag: str, end: str) -> str:
    """When it ends, in the pin of an act that changes that."""
    return f"{tag}{_END}={end}"


def voided(name: str, before: str, after: str) -> str:
    """Why the approvals of the request `name` count no longer: what two pins that differ say has moved."""
    return f"{moved(before, after)}: the approvals of {name} no longer count. Ask again."


def moved(before: str, after: str) -> str:
    """Two pins ("v1=sha256:…@1795475932 latest=none") that differ, as a sentence without its end: what moved."""
    then, now = _states(before), _states(after)
    marks = [mark for mark in dict.fromkeys((*then, *now)) if then.get(mark) != now.get(mark)]
    marks = [mark for mark in marks if mark.removesuffix(_END) == mark or mark.removesuffix(_END) not in marks]
    each = [_told(mark, then.get(mark, ""), now.get(mark, "")) for mark in marks[:_SHOWN]]
    more = [f"{len(marks) - _SHOWN} more have moved"] if len(marks) > _SHOWN else []
    said = ", ".join([*each, *more]) or "what it was asked about has changed"
    since = "" if said.endswith(("already", "anew since", "meanwhile")) else " since"
    return f"{said[:1].upper()}{said[1:]}{since}"


def _told(mark: str, then: str, now: str) -> str:
    if mark.endswith(_END):
        return "its expiry has changed"
    was, is_ = (state.partition("@")[0].removesuffix(GONE) for state in (then, now))
    if mark == _MESSAGE and not now and not was.startswith(_DIGEST):
        return "the message is gone already"
    if any(state and not state.startswith(_DIGEST) for state in (was, is_)):
        return f"{_CALLED.get(mark, f'`{mark}`')} has changed"
    if was != is_:
        return f"`{mark}` has moved ({_was(was)} → {_is(is_)})"
    return f"`{mark}` was set anew since" if was else f"`{mark}` was there and went again meanwhile"


def _states(pin: str) -> Mapping[str, str]:
    marks = (piece.partition("=") for piece in pin.split())
    return {mark: "" if state == GONE else state for mark, _, state in marks}


def _was(state: str) -> str:
    return short_digest(state) if state else "did not exist"


def _is(state: str) -> str:
    return short_digest(state) if state else "is gone"
