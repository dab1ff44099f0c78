"""The buttons that lead to a linked account: the ways there are, the page in the browser, and the form for a token."""

from handlers.command import Action, Click, Desk, Reply
from handlers.linking import offer, scopes_in
from handlers.modals import link


async def start(click: Click, desk: Desk) -> Reply:
    """Show the ways, to whoever pressed it. The button may name scopes that something took which was tried."""
    return await offer(click.person, click.origin, desk, scopes_in(click.value))


async def paste(click: Click, desk: Desk) -> None:
    """Open the form for a token; its answer comes back to where the button was."""
    await desk.voice.open(click.trigger, link.form(desk.quay_url, click.origin, scopes_in(click.value)))


async def leave(_click: Click, _desk: Desk) -> None:
    """Nothing is left to do: the browser has the linking page (Slack reports the press as well)."""


START = Action(id="link_start", run=start)
PASTE = Action(id="link_paste", run=paste, window=True)
OPEN = Action(id="link_open", run=leave)
