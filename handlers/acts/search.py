"""The act "search": finding repositories by a part of their name or description."""

import json

from bot.blocks.repository_list import found
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply

NAME = "search"
LONGEST = 100  # characters
_FULL, _LAST = 10, 10  # rows of a page, and pages (facts §3.5)


def wanted(text: str, page: int = 1) -> Act:
    """Searching for that text."""
    return Act(NAME, "", {"text": text, "page": str(page)})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of what fits, for whoever asked alone; a later one in place of the one before."""
    text, page = act.parameters["text"], int(act.parameters["page"])
    rows = await going.quay.repositories.search(text, page=page)
    going.result.detail = "What was found was shown to whoever asked."
    more = json.dumps([text, page + 1]) if len(rows) >= _FULL and page < _LAST else ""
    return Reply(found(text, rows, desk.quay_url, more=more), replace=page > 1)


def unpacked(value: str) -> Act:
    """The act that the button "More" means. Raises UserError if that is none of ours."""
    try:
        text, page = json.loads(value)
    except (ValueError, TypeError, RecursionError):
        raise _strange() from None
    if not (isinstance(text, str) and type(page) is int and 1 <= page <= _LAST):
        raise _strange()
    return wanted(text, page)


def says(act: Act) -> str:
    """For what."""
    return f"Search repositories for {code(act.parameters.get('text', ''), 120)}. Only whoever asked will see it."


def _strange() -> UserError:
    return UserError("This button is of an older version of me. Please ask again with `/quay search`.")


KIND = ActKind(name=NAME, run=run, says=says)
