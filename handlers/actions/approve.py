"""The button "Approve" on the card of a request."""

from handlers import deciding
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply:
    """One yes of whoever pressed; the button carries the name of the request only."""
    return await deciding.approve(click.value, click.person, desk)


ACTION = Action(id="approval_approve", run=run)
