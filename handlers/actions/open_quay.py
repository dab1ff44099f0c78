"""Any button that only opens a page of Quay: Slack reports the press as well, and wants it acknowledged."""

from handlers.command import Action, Click, Desk


async def run(_click: Click, _desk: Desk) -> None:
    """Nothing is left to do: the browser has it."""


ACTION = Action(id="open_quay", run=run)
