"""The buttons below a list of tags."""

from dataclasses import replace

from bot.blocks.tag_list import NEXT, PREVIOUS
from handlers.actions.tag_history_paging import number
from handlers.acts.tag_list import KIND, wanted
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do
from handlers.grammar import reference


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that the button says, in place of this one."""
    name, page, like = (*click.value.split(" ", 2), "", "")[:3]
    act = wanted(reference(name, desk.quay_url).repository, like, max(1, number(page)))
    reply = await do(KIND, act, click.person, click.channel, desk)
    return reply and replace(reply, replace=True)


OLDER_TAGS = Action(id=NEXT, run=turn)
NEWER_TAGS = Action(id=PREVIOUS, run=turn)
