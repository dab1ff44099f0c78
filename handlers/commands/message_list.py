"""`/quay message list`: what every user of the registry sees, and what is scheduled."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts.message_list import KIND, NAME
from handlers.command import Ask, Command, Desk, Reply


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show both lists."""
    return await do(KIND, Act(NAME, ""), ask.person, ask.channel, desk)


COMMAND = Command(
    word="message list",
    usage=("message list",),
    summary="The banners that every user sees now, and those that are scheduled",
    section="Global messages",
    details="Shows only you the list, with buttons to delete what is shown and to cancel what is scheduled.",
    run=run,
)
