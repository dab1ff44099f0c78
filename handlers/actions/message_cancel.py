"""The button "Cancel …" in the list of global messages."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import message_cancel
from handlers.banner_acts import CANCEL
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Cancel it with the account of whoever pressed."""
    act = Act(CANCEL, "", {"name": click.value})
    return await do(message_cancel.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="message_cancel", run=run)
