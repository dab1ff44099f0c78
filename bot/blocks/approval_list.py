"""The requests that wait and concern somebody, as a list. Pure."""

from collections.abc import Sequence

from bot.blocks import layout
from bot.blocks.approval import asked
from bot.blocks.parts import facts
from bot.blocks.text import code, count, plain, when
from bot.domain.acts import Request
from bot.domain.messages import Block
from bot.domain.people import Person

SHOWN = 10


def listed(waiting: Sequence[tuple[Request, str]], reader: Person) -> tuple[str, tuple[Block, ...]]:
    """A headline, and a paragraph for each request (newest first) with the act as mrkdwn."""
    more = len(waiting) - SHOWN
    head = f"{count(len(waiting), 'request')} {'waits' if len(waiting) == 1 else 'wait'} for approval."
    rows = [_row(request, says, reader) for request, says in waiting[:SHOWN]]
    rest = [layout.context(f"… and {count(more, 'older one')}.")] if more > 0 else []
    return head, (*rows, *rest)


def _row(request: Request, says: str, reader: Person) -> Block:
    mine = request.person == reader
    act = code(f"/quay {'deny' if mine else 'approve'} {request.name}")
    who = "you asked" if mine else f"asked by {plain(request.username, 80)}"
    missing = f"{count(asked(request).missing(request), 'approval')} missing"
    line = facts(f"*{request.name}*", who, missing, f"until {when(request.expires_at)}")
    return layout.section(f"{line}\n{says}\n{act} {'takes it back' if mine else 'approves it'}.")
