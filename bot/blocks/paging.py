"""The buttons below a part of a list that turn its pages: the same two everywhere. Pure.

What they carry is read back by handlers/paging. Lists are shown from their beginning, most of them the newest first.
"""

import json

from bot.blocks.layout import actions, button
from bot.blocks.limits import BUTTON_VALUE
from bot.domain.messages import Block


def pack(*texts: str, at: int = 0) -> str:
    """What a list is of, and where in it a page begins, as the value of a button; "" where that does not fit."""
    value = json.dumps([*texts, at])
    return value if len(value) <= BUTTON_VALUE else ""


def previous_page(action: str, value: str) -> Block | None:
    """The button to the page before; None without a value."""
    return button(action, "Previous", value=value) if value else None


def next_page(action: str, value: str) -> Block | None:
    """The button to the page behind; None without a value."""
    return button(action, "Next", value=value) if value else None


def turns(*buttons: Block | None) -> tuple[Block, ...]:
    """The buttons that there are, side by side; nothing if there are none."""
    there = [one for one in buttons if one]
    return (actions(*there),) if there else ()
