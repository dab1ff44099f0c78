"""How much of a card a channel wants to see: the whole message, or its headline; and what a reply in a thread says."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.text import clip
from bot.domain.messages import Block, Message

LINES = 20  # of a reply
LINE = 145  # characters of a line; twenty of them fit into a message's text
IN_A_SECTION = 10
_REST = re.compile(r"… and ([0-9,]+) more.*")


def laid_out(message: Message, layout_name: str, show_all: str) -> Message:
    """The message as a channel with that layout ("card", "thread" or "compact") shows it.

    `show_all` is the outbox key that stands for the card's list; empty if the list has nothing more to show.
    """
    more = (layout.button("show_all", "Show all", value=show_all),) if show_all else ()
    if layout_name == "compact":
        return Message(text=message.text, blocks=(_one_line(message.blocks[0], *more),))
    if not more:
        return message
    return Message(message.text, message.blocks, _with_button(message.details, more[0]), message.color)


def reply(lines: Sequence[str], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The payload of a reply with a line for each event, after those of a reply that still waits (`before`).

    A line is the `text` of a card with one event: it is harmless already, and only cut.
    """
    told, rest = _told(before)
    every = [*told, *(clip(one_line(line), LINE) for line in lines)]
    rest += max(0, len(every) - LINES)
    shown = [*every[:LINES], *([f"… and {rest:,} more. All of them: *Show all* above."] if rest else [])]
    parts = [shown[start : start + IN_A_SECTION] for start in range(0, LINES, IN_A_SECTION)]
    parts[-1] += shown[LINES:]
    blocks = tuple(layout.section("\n".join(part)) for part in parts if part)
    return Message(text="\n".join(shown), blocks=blocks).payload()


def _told(before: Mapping[str, Any] | None) -> tuple[list[str], int]:
    """The lines of a reply, and how many it only counts."""
    lines = str(before["text"]).split("\n") if before else []
    counted = _REST.fullmatch(lines[LINES]) if len(lines) > LINES else None
    return lines[:LINES], int(counted[1].replace(",", "")) if counted else 0


def _one_line(block: Block, *accessory: Block) -> Block:
    words = " ".join(block["text"]["text"].splitlines())
    return layout.section(words, accessory=accessory[0] if accessory else None)


def _with_button(details: Sequence[Block], button: Block) -> tuple[Block, ...]:
    """The details with one more button in their last row of buttons."""
    *others, last = details or ({},)
    if last.get("type") == "actions":
        return (*others, layout.actions(*last["elements"], button))
    return (*details, layout.actions(button))
