"""The window that "Show all" opens: one page of a card's list, with buttons to the other pages and to a file. Pure."""

import json
from dataclasses import dataclass

from bot.blocks import list_rows
from bot.blocks.layout import actions, button, context, section
from bot.blocks.paragraphs import paragraphs
from bot.blocks.spoken import spoken
from bot.blocks.text import count
from bot.domain.messages import Modal
from bot.ports import Page

CALLBACK = "item_list"
PAGE = 40  # items on a page
MOST = 20_000  # rows in a file
_BUDGET = 200_000  # bytes: Slack takes views below 250 kB (facts §5), and JSON writes one emoji with twelve bytes

GONE = "I do not have this list any more: I keep lists for 90 days after the last change."
ELSEWHERE = "This list belongs to another channel. Open it from its own message there."
EMPTY = "There is nothing on this list yet."


@dataclass(frozen=True, slots=True)
class Window:
    """Which list is shown, and what every page of it carries. `start` counts from 0."""

    key: str
    quay_url: str
    start: int = 0
    private: str = ""  # where the window was asked for

    def value(self, start: int) -> str:
        """What a button says that leads to the page which begins at `start`."""
        return f"{start} {self.key}"


def place(value: str) -> tuple[int, str]:
    """The start and the key that a button of the window says; the beginning, if it says no number."""
    number, _, key = value.partition(" ")
    return (int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0), key


def loading(window: Window) -> Modal:
    """What is shown at once, while the list is read."""
    return Modal(CALLBACK, list_rows.title(""), (section("Loading the list…"),), private=window.private)


def trouble(window: Window, say: str) -> Modal:
    """Why there is no list to see, in plain words."""
    return Modal(CALLBACK, list_rows.title(""), (section(spoken(say)),), private=window.private)


def page(window: Window, part: Page, note: str = "") -> Modal:
    """The items of `part`, fewer where Slack could not take so many bytes. `note` tells what became of the file."""
    modal = _page(window, part, PAGE, note)
    for size in (PAGE // 4, 3):
        if len(json.dumps(modal.view())) < _BUDGET:
            break
        modal = _page(window, part, size, note)
    return modal


def _page(window: Window, part: Page, size: int, note: str) -> Modal:
    start, shown = window.start, part.items[:size]
    end = start + len(shown)
    rows = [list_rows.row(part.family, item, window.quay_url) for item in shown]
    body = tuple(section(words) for words in paragraphs(rows)) or (section(EMPTY),)
    total = count(part.total, list_rows.noun(part.family))
    where = f"Items {start + 1:,} to {end:,} of {part.total:,}" if shown else f"Items on this list: {part.total:,}"
    buttons = [
        button("list_previous", "Previous", value=window.value(max(0, start - PAGE))) if start > 0 else None,
        button("list_next", "Next", value=window.value(end)) if shown and end < part.total else None,
        button("list_csv", "Download CSV", value=window.value(start)) if part.total else None,
    ]
    row = tuple(filter(None, buttons))
    foot = (context(where), *((section(spoken(note)),) if note else ()), *((actions(*row),) if row else ()))
    head = section(f"*{total}*, the oldest first.")
    return Modal(CALLBACK, list_rows.title(part.family), (head, *body, *foot), private=window.private)


def writing(part: Page) -> str:
    """What the page says while the file is made."""
    return f"I am writing the file with {count(min(part.total, MOST), 'row')}. This can take a moment."


def written(rows: int, total: int) -> str:
    """What the page says when the file is with the person."""
    short = f" It holds the first {rows:,} of {total:,}." if rows < total else ""
    return f"The file is in your direct messages with me: {count(rows, 'row')}.{short}"
