"""Steps in words: for the audit, and as Quay's own usage log calls them. Pure."""

from collections.abc import Iterable

from bot.rules.tending import Adopt, Drop, Make, Orphan, Remove, Reset, Step

Change = Make | Reset | Remove
"""The steps that change something in Quay."""


def said(step: Change) -> str:
    """What it does, for the audit."""
    match step:
        case Make(rotates=True):
            return f"rotate {step.event}"
        case Make():
            return f"make {step.event}"
        case Reset(part):
            return f"reset {part.event}"
        case Remove():
            return f"remove {step.event}"


def quay_logs(changes: Iterable[Change], target: str) -> str:
    """The kinds of entries that Quay's usage log has for them; what is made for a namespace has another word there."""
    kind = "repo" if "/" in target else "namespace"
    made = "add" if kind == "repo" else "create"
    words = {Make: made, Reset: "reset", Remove: "delete"}
    return " ".join(dict.fromkeys(f"{words[type(step)]}_{kind}_notification" for step in changes))


def event_of(step: Step) -> str:
    """The event that it is about, "" for none."""
    match step:
        case Make() | Remove():
            return step.event
        case Adopt(part) | Drop(part) | Reset(part):
            return part.event
        case Orphan():
            return ""
