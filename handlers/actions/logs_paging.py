"""The buttons below a part of a usage log: the next entries, which are older, and all of that time as a file."""

from bot.blocks.usage_list import CSV, NEXT
from handlers.acting.doing import do
from handlers.acts import logs
from handlers.command import Action, Click, Desk, Reply
from handlers.paging import in_place


async def turn(click: Click, desk: Desk) -> Reply | None:
    """The next part in place of this one."""
    return in_place(await do(logs.KIND, logs.unpacked(click.value), click.person, click.channel, desk))


async def download(click: Click, desk: Desk) -> Reply | None:
    """A file with all of it, in direct messages."""
    return await do(logs.KIND, logs.unpacked(click.value, file=True), click.person, click.channel, desk)


NEXT_ENTRIES = Action(id=NEXT, run=turn)
FILE = Action(id=CSV, run=download)
