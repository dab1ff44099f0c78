"""The button "Link my Quay account": opens the form."""

from handlers.command import Action, Click, Desk
from handlers.modals import link


async def run(click: Click, desk: Desk) -> None:
    """Open the form; its answer comes back to where the button was."""
    await desk.voice.open(click.trigger, link.form(desk.quay_url, click.origin))


ACTION = Action(id="link_start", run=run)
