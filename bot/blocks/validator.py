"""Would Slack take it? The product's own check of messages and views, with a JSON pointer in each complaint.

The SDK checks less than half of Slack's rules and nothing at all in plain dictionaries (facts §14), and Slack refuses a
whole message for one character too many. So the tests, the fake Slack and the outbox ask here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.blocks import limits
from bot.blocks.neutral import neutral_problems
from bot.blocks.surfaces import MESSAGE_PARTS, VIEW_PARTS, blocks_of

__all__ = ["neutral_problems", "problems", "view_problems"]

Placed = Sequence[tuple[str, Mapping[str, Any]]]


def problems(payload: Mapping[str, Any]) -> list[str]:
    """Everything that Slack would refuse in a message, or would silently cut; empty when it is fine."""
    if payload == {"delete_original": True}:
        return []  # the one answer through a response_url that has no words (facts §1)
    found = [] if "text" in payload else ["/text: needs text (screen readers and notifications read nothing else)"]
    found += _parts(payload, MESSAGE_PARTS)
    if isinstance(payload.get("text"), str) and not payload["text"].strip():
        found.append("/text: is blank")
    blocks = blocks_of(payload)
    return [*found, *_repeated(blocks), *_too_much_markdown(blocks), *_tables(blocks)]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """Everything that Slack would refuse in a modal or in a Home tab; empty when it is fine."""
    modal = view.get("type") == "modal"
    needed = ("type", "blocks", "title") if modal else ("type", "blocks")
    found = [f"/{name}: is needed" for name in needed if name not in view]
    found += [f"/{name}: no such field" for name in view if name not in VIEW_PARTS]
    found += _parts(view, VIEW_PARTS)
    blocks = blocks_of(view)
    if modal and "submit" not in view and any(block.get("type") == "input" for _, block in blocks):
        found.append("/submit: is needed, because there is an input block")
    if (size := len(json.dumps(view, default=str).encode())) >= limits.VIEW_BYTES:
        found.append(f"/: has {size} bytes, allowed are less than {limits.VIEW_BYTES}")
    return [*found, *_repeated(blocks), *_too_much_markdown(blocks), *_tables(blocks)]


def _parts(payload: Mapping[str, Any], table: Mapping[str, Any]) -> list[str]:
    return [problem for name in table if name in payload for problem in table[name](payload[name], f"/{name}")]


def _repeated(blocks: Placed) -> Iterator[str]:
    """block_id must be unique in the message, action_id in its block."""
    seen: set[str] = set()
    for at, block in blocks:
        if isinstance(name := block.get("block_id"), str):
            if name in seen:
                yield f"{at}/block_id: {name!r} is used twice"
            seen.add(name)
        yield from _repeated_actions(at, block)


def _repeated_actions(at: str, block: Mapping[str, Any]) -> Iterator[str]:
    elements = block.get("elements")
    ids = [
        element.get("action_id")
        for element in (elements if isinstance(elements, list | tuple) else ())
        if isinstance(element, Mapping)
    ]
    for index, name in enumerate(ids):
        if name is not None and name in ids[:index]:
            yield f"{at}/elements/{index}/action_id: {name!r} is used twice"


def _too_much_markdown(blocks: Placed) -> Iterator[str]:
    """Markdown blocks have one allowance together."""
    size = sum(len(str(block.get("text", ""))) for _, block in blocks if block.get("type") == "markdown")
    if size > limits.MARKDOWN:
        yield f"/blocks: the markdown blocks have {size} characters together, allowed are {limits.MARKDOWN}"


def _tables(blocks: Placed) -> Iterator[str]:
    """One table in a message, with so much text over all its cells."""
    tables = [(at, block) for at, block in blocks if block.get("type") == "table"]
    yield from (f"{at}: only one table is allowed" for at, _ in tables[1:])
    for at, table in tables:
        if (size := sum(len(text) for text in _strings(table.get("rows")))) > limits.TABLE_TEXT:
            yield f"{at}/rows: the cells have {size} characters together, allowed are {limits.TABLE_TEXT}"


def _strings(value: Any) -> Iterator[str]:
    """The words in cells: everything below `text` keys."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _strings(entry)
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            yield from [entry] if name == "text" and isinstance(entry, str) else _strings(entry)
