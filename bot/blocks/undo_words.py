"""An undo as what it is: whose act was taken back, and how things are again. Pure."""

from collections.abc import Mapping

from bot.blocks.text import code

_NOUNS: Mapping[str, str] = {
    "restore": "the restore",
    "tag move": "the move",
    "tag delete": "the deletion",
    "tag expire": "the change of the expiry",
    "label add": "the new label",
    "label remove": "the removal of a label",
    "visibility": "the change of the visibility",
    "describe": "the new description",
    "trigger enable": "the switch of a build trigger",
    "trigger disable": "the switch of a build trigger",
    "message post": "the global message",
    "message delete": "the deletion of a global message",
    "message cancel": "the cancellation of a global message",
    "subscribe": "the subscription",
    "unsubscribe": "the end of the subscription",
    "pause": "the pause",
    "resume": "the end of the pause",
}
_AGAIN = "the undo"


def taken_back(act: str, target: str, *, again: bool) -> str:
    """What was undone: "the restore of `acme/web:latest`". `again`: that was an undo itself."""
    noun = _AGAIN if again else _NOUNS.get(act, "what was done")
    if not target:
        return f"{noun} of a global message" if again else noun
    return f"{noun} {'of' if again or act in _NOUNS else 'to'} {code(target, 390)}"


def undid(what: str, doer: str, clause: str) -> str:
    """The sentence without its subject. `doer` is a mention, "" for the same person; `clause` is how it is now."""
    whose = f" by {doer}" if doer else ""
    return f"undid {what}{whose}{f': {clause}' if clause else ''}."
