"""The button "Older" below a page of the audit."""

from handlers.audit_question import Question
from handlers.auditing import told
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply:
    """Show the next page in place of this one; rights are looked at anew."""
    return await told(Question.unpack(click.value), click.person, click.channel, desk, replace_=True)


ACTION = Action(id="audit_older", run=run)
