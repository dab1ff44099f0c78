"""The button "Deny" on the card of a request: opens the form for the reason."""

from bot.services.stages import must_wait
from handlers.command import Action, Click, Desk
from handlers.modals import deny


async def run(click: Click, desk: Desk) -> None:
    """Open the form; the button carries the name of the request only. Raises UserError if it is over already."""
    request = await desk.approving.find(click.value)
    must_wait(request, desk.clock)
    await desk.voice.open(click.trigger, deny.form(request.name, click.origin))


ACTION = Action(id="approval_deny", run=run, window=True)
