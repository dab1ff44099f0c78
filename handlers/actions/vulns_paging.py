"""The buttons below a list of vulnerabilities: other pages, all of it as a file, and one platform of an index."""

from bot.blocks.vulns import CSV, NEXT, PLATFORM, PREVIOUS
from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts.vulns import KIND, NAME, wanted
from handlers.command import Action, Click, Desk, Reply
from handlers.grammar import reference
from handlers.paging import in_place, unpack


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that begins where the button says, in place of this one."""
    return in_place(await show(click, desk))


async def show(click: Click, desk: Desk) -> Reply | None:
    """Show one platform's image, in a message of its own."""
    return await do(KIND, _wish(click, desk), click.person, click.channel, desk)


async def download(click: Click, desk: Desk) -> Reply | None:
    """Send the whole list to whoever pressed."""
    return await do(KIND, _wish(click, desk, file=True), click.person, click.channel, desk)


def _wish(click: Click, desk: Desk, *, file: bool = False) -> Act:
    (name, tag, digest), start = unpack(click.value, 3, NAME)
    return wanted(reference(name, desk.quay_url).repository, tag, digest, start, file=file)


NEXT_FINDINGS = Action(id=NEXT, run=turn)
PREVIOUS_FINDINGS = Action(id=PREVIOUS, run=turn)
FILE = Action(id=CSV, run=download)
ONE_PLATFORM = Action(id=PLATFORM, run=show)
