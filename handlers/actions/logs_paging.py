"""The buttons below a part of a usage log: older entries, and all of that time as a file."""

from handlers.acts import logs
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do


async def older(click: Click, desk: Desk) -> Reply | None:
    """The next part in place of this one."""
    return await do(logs.KIND, logs.unpacked(click.value), click.person, click.channel, desk)


async def download(click: Click, desk: Desk) -> Reply | None:
    """A file with all of it, in direct messages."""
    return await do(logs.KIND, logs.unpacked(click.value, file=True), click.person, click.channel, desk)


OLDER = Action(id="logs_older", run=older)
CSV = Action(id="logs_csv", run=download)
