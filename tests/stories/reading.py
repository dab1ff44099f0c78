"""Messages and forms as a person reads them."""

import re
from typing import Any

Json = dict[str, Any]


def words(thing: object) -> str:
    """Every text in a message or a form, in the order in which it is read, a line each."""
    return "\n".join(_texts(thing))


def read(thing: object) -> str:
    """`words` as a person reads them: links by their labels, all times and all addresses of Quay alike."""
    text = re.sub(r"<!date\^[^<>]*>", "(time)", words(thing))
    text = re.sub(r"<[^|<>]+\|([^<>]*)>", r"\1", text)
    return re.sub(r"127\.0\.0\.1:\d+", "quay.example", text)


def _texts(thing: object) -> list[str]:
    if isinstance(thing, list):
        return [text for part in thing for text in _texts(part)]
    if not isinstance(thing, dict):
        return []
    if "blocks" in thing or "attachments" in thing:
        parts = [*(thing.get("blocks") or []), *(thing.get("attachments") or [])]
        return _texts(parts) if parts else [str(thing.get("text", ""))]
    found = [str(thing["text"])] if isinstance(thing.get("text"), str) else []
    return [*found, *(text for key, part in thing.items() if key != "confirm" for text in _texts(part))]


def buttons(message: Json) -> list[str]:
    """The labels of a message's buttons."""
    every = [*message.get("blocks", []), *(b for a in message.get("attachments", []) for b in a.get("blocks", []))]
    rows = [block["elements"] for block in every if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]
