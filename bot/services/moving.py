"""How it is told that what was looked at has changed since. Pure."""

from bot.blocks.text import digest

_SHOWN = 3  # marks in a sentence
_GONE = "none"
_DIGEST = "sha256:"


def voided(name: str, before: str, after: str) -> str:
    """Why the approvals of the request `name` count no longer: what two pins that differ say has moved."""
    return f"{moved(before, after)}: the approvals of {name} no longer count. Ask again."


def moved(before: str, after: str) -> str:
    """Two pins ("v1=sha256:… latest=none") that differ, as the beginning of a sentence that names what moved."""
    then, now = _states(before), _states(after)
    marks = [mark for mark in dict.fromkeys((*then, *now)) if then.get(mark) != now.get(mark)]
    each = [_told(mark, then.get(mark, ""), now.get(mark, "")) for mark in marks[:_SHOWN]]
    more = [f"{len(marks) - _SHOWN} more have moved"] if len(marks) > _SHOWN else []
    return ", ".join([*each, *more]) or "What it was asked about has changed"


def _told(mark: str, then: str, now: str) -> str:
    if any(state and not state.startswith(_DIGEST) for state in (then, now)):
        return f"`{mark}` has changed"
    return f"`{mark}` has moved ({_was(then)} → {_is(now)})"


def _states(pin: str) -> dict[str, str]:
    marks = (piece.partition("=") for piece in pin.split())
    return {mark: "" if state == _GONE else state for mark, _, state in marks}


def _was(state: str) -> str:
    return f"{_DIGEST}{digest(state)}" if state else "did not exist"


def _is(state: str) -> str:
    return f"{_DIGEST}{digest(state)}" if state else "is gone"
