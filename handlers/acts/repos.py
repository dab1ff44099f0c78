"""The act "repos": listing the repositories of a namespace."""

import json

from bot.blocks.limits import BUTTON_VALUE
from bot.blocks.repository_list import ROWS, in_namespace
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply

NAME = "repos"
_PAGE, _START = "page", "start"


def wanted(namespace: str) -> Act:
    """The first page of that namespace."""
    return Act(NAME, namespace)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of them, for whoever asked alone; a later one in place of the one before."""
    start, page = int(act.parameters.get(_START, "0")), act.hidden.get(_PAGE, "")
    found = await going.quay.repositories.page(act.target, next_page=page)
    going.result.detail = "The list was shown to whoever asked."
    end = start + ROWS
    following = (page, end) if end < len(found.rows) else (found.next, 0)
    more = packed(act.target, *following) if end < len(found.rows) or found.next else ""
    shown = in_namespace(act.target, found.rows[start:end], desk.quay_url, more=more)
    return Reply(shown, replace=_START in act.parameters)


def packed(namespace: str, page: str, start: int) -> str:
    """The value of the button "More": from row `start` of Quay's page on. "" where it does not fit into a button.

    Quay's page is a token that says nothing to people.
    """
    value = json.dumps([namespace, page, start])
    return value if len(value) <= BUTTON_VALUE else ""


def unpacked(value: str) -> Act:
    """The act that such a button means. Raises UserError if that is none of ours."""
    try:
        namespace, page, start = json.loads(value)
    except (ValueError, TypeError, RecursionError):
        raise _strange() from None
    if not (isinstance(namespace, str) and isinstance(page, str) and type(start) is int and start >= 0):
        raise _strange()
    return Act(NAME, namespace, {_START: str(start)}, {_PAGE: page} if page else {})


def says(act: Act) -> str:
    """Of which namespace."""
    return f"List the repositories of {code(act.target, 260)}. Only whoever asked will see it."


def _strange() -> UserError:
    return UserError("This button is of an older version of me. Please ask again with `/quay repos`.")


KIND = ActKind(name=NAME, run=run, says=says)
