"""Block Kit objects as small functions. Every mrkdwn object is verbatim: Slack links nothing by itself (facts §6)."""

from collections.abc import Iterable, Mapping, Sequence

from bot.blocks import limits
from bot.blocks.clean import one_line
from bot.blocks.text import clip
from bot.domain.messages import Block

COLORS: Mapping[str, str] = {
    "good": "#2eb67d",
    "warning": "#ecb22e",
    "danger": "#e01e5a",
    "running": "#36c5f0",
    "neutral": "#616061",
}
"""The bar beside a message's details. The same is always said in words as well: not everybody sees colours."""


def mrkdwn(text: str, limit: int = limits.TEXT) -> Block:
    """A formatted text object; its foreign parts must have gone through `bot.blocks.text`."""
    return {"type": "mrkdwn", "text": clip(text, limit), "verbatim": True}


def plain_text(text: str, limit: int = limits.TEXT, *, emoji: bool = True) -> Block:
    """A text object that Slack shows as it is, apart from emoji names (with `emoji`)."""
    return {"type": "plain_text", "text": text if len(text) <= limit else text[: limit - 1] + "…", "emoji": emoji}


def section(text: str, *, fields: Sequence[str] = (), accessory: Block | None = None, block_id: str = "") -> Block:
    """A paragraph, with up to ten short fields below and one element beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(field, limits.FIELD) for field in fields]
    if accessory:
        block["accessory"] = accessory
    return _named(block, block_id)


def context(*texts: str) -> Block:
    """Small print: one element for each text."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def header(text: str) -> Block:
    """A title, without formats."""
    return {"type": "header", "text": plain_text(text, limits.HEADER)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str = "") -> Block:
    """A row of buttons and menus."""
    return _named({"type": "actions", "elements": list(elements)}, block_id)


def button(
    action_id: str,
    label: str,
    *,
    value: str = "",
    style: str = "",
    confirm: Block | None = None,
    url: str = "",
) -> Block:
    """A button. `style` is primary or danger; one with a `url` opens it and still sends its action."""
    block: Block = {"type": "button", "action_id": action_id, "text": plain_text(label, limits.BUTTON_LABEL)}
    extras = {"value": value, "style": style, "confirm": confirm, "url": url}
    return block | {name: extra for name, extra in extras.items() if extra}


def confirm(title: str, text: str, *, yes: str, no: str, style: str = "") -> Block:
    """The question before a button acts."""
    block: Block = {
        "title": plain_text(title, limits.CONFIRM_TITLE),
        "text": plain_text(text, limits.CONFIRM_TEXT),
        "confirm": plain_text(yes, limits.CONFIRM_BUTTON),
        "deny": plain_text(no, limits.CONFIRM_BUTTON),
    }
    return block | ({"style": style} if style else {})


def option(label: str, value: str, description: str = "", *, emoji: bool = True) -> Block:
    """One choice of a menu, of check boxes or of radio buttons. Without `emoji`, names of emoji in it stay words."""
    block: Block = {"text": plain_text(label, limits.OPTION_TEXT, emoji=emoji), "value": value}
    return block | ({"description": plain_text(description, limits.OPTION_DESCRIPTION)} if description else {})


def select(action_id: str, options: Iterable[Block], *, placeholder: str = "", initial: Block | None = None) -> Block:
    """A menu with at most 100 options."""
    block: Block = {"type": "static_select", "action_id": action_id, "options": list(options)}
    return block | _extras(placeholder, initial_option=initial)


def search(action_id: str, *, least: int = 0, placeholder: str = "", initial: Block | None = None) -> Block:
    """A menu that is filled by us while somebody types, from `least` characters on."""
    block: Block = {"type": "external_select", "action_id": action_id, "min_query_length": least}
    return block | _extras(placeholder, initial_option=initial)


def overflow(action_id: str, options: Iterable[Block]) -> Block:
    """A small menu behind three dots, with at most five choices."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def menu_of(action_id: str, choices: Sequence[tuple[str, str]], *words: str) -> Block | None:
    """A small menu of (label, choice); what it sends is the choice, then `words`, with blanks between them.

    None where that could not be taken apart again (a word that is empty, has a blank or does not show), or is too long.
    """
    if any(not word or one_line(word) != word or " " in word for word in words):
        return None
    values = [" ".join((choice, *words)) for _, choice in choices]
    if any(len(value) > limits.OPTION_VALUE for value in values):
        return None
    return overflow(action_id, [option(label, value) for (label, _), value in zip(choices, values, strict=True)])


def text_input(
    action_id: str, *, initial: str = "", placeholder: str = "", multiline: bool = False, longest: int | None = None
) -> Block:
    """A field to type into."""
    block: Block = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    return block | _extras(placeholder, initial_value=initial, max_length=longest)


def input_block(
    block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False, dispatch: bool = False
) -> Block:
    """A labelled field of a form. Mistakes found in it are reported under `block_id`; `dispatch`: changes are, too."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    block |= {"dispatch_action": True} if dispatch else {}
    return block | ({"hint": plain_text(hint, limits.LABEL)} if hint else {})


def gauge(share: float, width: int = 10) -> str:
    """How much of something, as a row of marks: "▰▰▰▱▱". Shares outside 0..1 (or no number at all) are held inside."""
    full = round(width * min(1.0, share)) if share > 0 else 0
    return "▰" * full + "▱" * (width - full)


def _extras(placeholder: str, **extras: object) -> Block:
    found = {name: extra for name, extra in extras.items() if extra}
    return found | ({"placeholder": plain_text(placeholder, limits.PLACEHOLDER)} if placeholder else {})


def _named(block: Block, block_id: str) -> Block:
    return block | ({"block_id": block_id} if block_id else {})
