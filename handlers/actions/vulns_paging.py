"""The buttons below a list of vulnerabilities: other pages, all of it as a file, and one platform of an index."""

from dataclasses import replace

from bot.blocks.vulns import CSV, NEWER, OLDER, PLATFORM
from bot.domain.acts import Act
from handlers.actions.tag_history_paging import number
from handlers.acts.vulns import KIND, wanted
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do
from handlers.grammar import reference


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that begins where the button says, in place of this one."""
    reply = await do(KIND, _wish(click, desk), click.person, click.channel, desk)
    return reply and replace(reply, replace=True)


async def show(click: Click, desk: Desk) -> Reply | None:
    """Show one platform's image, in a message of its own."""
    return await do(KIND, _wish(click, desk), click.person, click.channel, desk)


async def download(click: Click, desk: Desk) -> Reply | None:
    """Send the whole list to whoever pressed."""
    return await do(KIND, _wish(click, desk, file=True), click.person, click.channel, desk)


def _wish(click: Click, desk: Desk, *, file: bool = False) -> Act:
    name, digest, start = (*click.value.split(" ", 2), "", "")[:3]
    about = reference(name, desk.quay_url)
    return wanted(about.repository, about.tag, digest, number(start), file=file)


NEXT_PAGE = Action(id=OLDER, run=turn)
PREVIOUS_PAGE = Action(id=NEWER, run=turn)
FILE = Action(id=CSV, run=download)
ONE_PLATFORM = Action(id=PLATFORM, run=show)
