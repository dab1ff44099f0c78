"""The buttons below a list of tags."""

from bot.blocks.tag_list import NEXT, PREVIOUS
from handlers.acting.doing import do
from handlers.acts.tag_list import KIND, NAME, wanted
from handlers.command import Action, Click, Desk, Reply
from handlers.grammar import reference
from handlers.paging import in_place, unpack


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that the button says, in place of this one."""
    (name, like), page = unpack(click.value, 2, NAME)
    act = wanted(reference(name, desk.quay_url).repository, like, max(1, page))
    return in_place(await do(KIND, act, click.person, click.channel, desk))


NEXT_TAGS = Action(id=NEXT, run=turn)
PREVIOUS_TAGS = Action(id=PREVIOUS, run=turn)
