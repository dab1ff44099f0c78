"""The button that opens a command's form, with what is known already filled in."""

from collections.abc import Sequence

from bot.blocks.layout import button
from bot.blocks.limits import BUTTON_VALUE
from bot.domain.errors import UserError
from bot.domain.messages import Block
from handlers.grammar import quote, split

PREFIX = "form:"


def form_button(label: str, word: str, *prefill: str, style: str = "") -> Block:
    """A button that opens the form of the command `word`; `prefill` are words as they could be typed behind it.

    What is too long for a button is left out: the form opens empty then. Two for the same command cannot stand in one
    row, because Slack wants different action ids there.
    """
    value = " ".join(quote(one) for one in prefill)
    return button(form_id(word), label, value=value if len(value) <= BUTTON_VALUE else "", style=style)


def form_id(word: str) -> str:
    """The action id of the buttons that open a command's form, and the callback id of the form itself."""
    return PREFIX + word


def prefilled(value: str) -> Sequence[str]:
    """The words in a button's value; none if they are not ours."""
    try:
        return split(value)
    except UserError:
        return ()
