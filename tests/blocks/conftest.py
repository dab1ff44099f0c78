"""A message on a few lines, for people who read tests."""

import re
from collections.abc import Callable, Iterable

import pytest

from bot.blocks.validator import neutral_problems, problems
from bot.domain.messages import Block, Message


def _words(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if block["type"] == "section":
            yield block["text"]["text"]
        elif block["type"] == "context":
            yield "~ " + " | ".join(element["text"] for element in block["elements"])
        else:
            yield " ".join(f"[{e['text']['text']}]({e.get('value') or e.get('url')})" for e in block["elements"])


def _look(message: Message) -> str:
    payload = message.payload()
    assert problems(payload) == []
    assert neutral_problems(payload) == []
    lines = [message.text, *_words(message.blocks), str(message.color), *_words(message.details)]
    return re.sub(r"<!date\^[^|]*\|([^>]*)>", r"⟨\1⟩", "\n".join(lines))


@pytest.fixture
def look() -> Callable[[Message], str]:
    """The message's text, headline, colour and details, a line each, after checking that Slack would take it."""
    return _look
