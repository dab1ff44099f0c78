"""The button "Next" below a page of the audit: older lines."""

from bot.blocks.audit import NEXT
from handlers.auditing import told
from handlers.command import Action, Click, Desk, Reply
from handlers.grammar.audit_question import Question
from handlers.paging import in_place


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the next page in place of this one; rights are looked at anew."""
    return in_place(await told(Question.unpack(click.value), click.person, click.channel, desk))


NEXT_LINES = Action(id=NEXT, run=turn)
