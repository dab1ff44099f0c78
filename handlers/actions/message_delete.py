"""The button "Delete …" in the list of global messages."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import message_delete
from handlers.banner_acts import DELETE
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Show what goes, and ask."""
    act = Act(DELETE, "", {"message": click.value})
    return await do(message_delete.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="message_delete", run=run)
