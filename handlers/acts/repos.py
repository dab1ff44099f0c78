"""The act "repos": listing the repositories of a namespace."""

from bot.blocks.paging import pack
from bot.blocks.repository_list import ROWS, in_namespace
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.paging import unpack

NAME = "repos"
_PAGE, _START = "page", "start"


def wanted(namespace: str) -> Act:
    """The first page of that namespace."""
    return Act(NAME, namespace)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of them, for whoever asked alone."""
    start, page = int(act.parameters.get(_START, "0")), act.hidden.get(_PAGE, "")
    found = await going.quay.repositories.page(act.target, next_page=page)
    going.result.detail = "The list was shown to whoever asked."
    end = start + ROWS
    more = ""
    if end < len(found.rows):
        more = pack(act.target, page, at=end)
    elif found.next:  # Quay's token of its next page, which says nothing to people
        more = pack(act.target, found.next)
    return Reply(in_namespace(act.target, found.rows[start:end], desk.quay_url, more=more))


def unpacked(value: str) -> Act:
    """The act that the button to the next page means. Raises UserError if that is none of ours."""
    (namespace, page), start = unpack(value, 2, NAME)
    return Act(NAME, namespace, {_START: str(start)}, {_PAGE: page} if page else {})


def says(act: Act) -> str:
    """Of which namespace."""
    return f"List the repositories of {code(act.target, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
