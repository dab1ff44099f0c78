"""The button "Unlink" of the Home tab: as `/quay unlink`."""

from bot.blocks.home import UNLINK
from handlers.command import Action, Ask, Click, Desk, Reply
from handlers.commands import unlink


async def run(click: Click, desk: Desk) -> Reply | None:
    """Forget the account of whoever pressed it."""
    return await unlink.run(Ask(click.person, click.channel), desk)


ACTION = Action(id=UNLINK, run=run)
