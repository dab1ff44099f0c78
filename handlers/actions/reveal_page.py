"""The button that opens the page with a secret: Slack reports the press as well, and wants it acknowledged."""

from handlers.command import Action, Click, Desk


async def run(_click: Click, _desk: Desk) -> None:
    """Nothing is left to do: the browser has it, and the page asks once more before it shows anything."""


ACTION = Action(id="reveal_page", run=run)
