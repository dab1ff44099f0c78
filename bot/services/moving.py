"""How it is told that what an approval was bound to has changed. Pure."""

from bot.blocks.text import digest

_SHOWN = 3  # tags in a sentence


def moved(name: str, before: str, after: str) -> str:
    """Two pins ("v1=sha256:… latest=none") of the request `name` that differ, as a sentence that names what moved."""
    then, now = _states(before), _states(after)
    tags = [tag for tag in dict.fromkeys((*then, *now)) if then.get(tag) != now.get(tag)]
    each = [f"`{tag}` has moved ({_was(then.get(tag, ''))} → {_is(now.get(tag, ''))})" for tag in tags[:_SHOWN]]
    more = [f"{len(tags) - _SHOWN} more tags have moved"] if len(tags) > _SHOWN else []
    what = ", ".join([*each, *more]) or "What it was asked about has changed"
    return f"{what}: the approvals of {name} no longer count. Ask again."


def _states(pin: str) -> dict[str, str]:
    marks = (piece.partition("=") for piece in pin.split())
    return {tag: "" if state == "none" else state for tag, _, state in marks}


def _was(state: str) -> str:
    return f"sha256:{digest(state)}" if state else "did not exist"


def _is(state: str) -> str:
    return f"sha256:{digest(state)}" if state else "is gone"
