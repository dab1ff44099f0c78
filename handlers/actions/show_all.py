"""The button "Show all" on a card: opens the window with its whole list."""

from handlers.command import Action, Click, Desk
from handlers.item_window import fill
from handlers.modals.item_list import Window, loading


async def run(click: Click, desk: Desk) -> None:
    """Open the window at once (the trigger lives for 3 s) and fill it when the list is read."""
    window = Window(click.value, desk.quay_url, private=click.origin.pack())
    view = await desk.voice.open(click.trigger, loading(window))
    await fill(window, view, click, desk)


ACTION = Action(id="show_all", run=run)
