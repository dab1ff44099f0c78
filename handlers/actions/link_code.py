"""The button "Enter the code": opens the form for the code that the linking page shows."""

from handlers.command import Action, Click, Desk
from handlers.modals import link_code
from handlers.words import host


async def run(click: Click, desk: Desk) -> None:
    """Open the form, which says as whom one will act.

    Whose attempt is meant is decided by who presses and who sends, by nothing in the button.
    """
    username = await desk.linking.offered(click.person)
    await desk.voice.open(click.trigger, link_code.form(click.origin, username, host(desk.quay_url)))


ACTION = Action(id="link_code", run=run, window=True)
