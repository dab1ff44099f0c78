"""The buttons inside the window of a list: the previous page, the next one, and the whole list as a file."""

from handlers.command import Action, Click, Desk
from handlers.item_window import fill, send_file
from handlers.modals.item_list import Window, place


async def turn(click: Click, desk: Desk) -> None:
    """Show the page that begins where the button says."""
    await fill(_window(click, desk), click.view, click, desk)


async def download(click: Click, desk: Desk) -> None:
    """Send the whole list to whoever pressed, and stay on the page."""
    await send_file(_window(click, desk), click.view, click, desk)


def _window(click: Click, desk: Desk) -> Window:
    start, key = place(click.value)
    return Window(key, desk.quay_url, start, private=click.private)


PREVIOUS = Action(id="list_previous", run=turn)
NEXT = Action(id="list_next", run=turn)
CSV = Action(id="list_csv", run=download)
