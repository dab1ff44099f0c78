"""The act "search": finding repositories by a part of their name or description."""

from bot.blocks.paging import pack
from bot.blocks.repository_list import found
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.paging import strange, unpack

NAME = "search"
LONGEST = 100  # characters
_FULL, _LAST = 10, 10  # rows of a page, and pages (facts §3.5)


def wanted(text: str, page: int = 1) -> Act:
    """Searching for that text."""
    return Act.of(NAME, "", {"text": text, "page": str(page)})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of what fits, for whoever asked alone."""
    text, page = act.parameters["text"], int(act.parameters["page"])
    rows = await going.quay.repositories.search(text, page=page)
    going.result.detail = "What was found was shown to whoever asked."
    more = pack(text, at=page + 1) if len(rows) >= _FULL and page < _LAST else ""
    return Reply(found(text, rows, desk.quay_url, more=more))


def unpacked(value: str) -> Act:
    """The act that the button to the next page means. Raises UserError if that is none of ours."""
    (text,), page = unpack(value, 1, NAME)
    if not 1 <= page <= _LAST:
        raise strange(NAME)
    return wanted(text, page)


def says(act: Act) -> str:
    """For what."""
    return f"Search repositories for {code(act.parameters.get('text', ''), 120)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
