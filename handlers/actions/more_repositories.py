"""The button "Next" below a list of repositories: the next page in place of this one."""

from bot.blocks.repository_list import NEXT_FOUND, NEXT_OF_NAMESPACE
from handlers.acting.doing import do
from handlers.acts import repos, search
from handlers.command import Action, Click, Desk, Reply
from handlers.paging import in_place


async def in_namespace(click: Click, desk: Desk) -> Reply | None:
    """More of a namespace."""
    return in_place(await do(repos.KIND, repos.unpacked(click.value), click.person, click.channel, desk))


async def found(click: Click, desk: Desk) -> Reply | None:
    """More of what a search found."""
    return in_place(await do(search.KIND, search.unpacked(click.value), click.person, click.channel, desk))


REPOS = Action(id=NEXT_OF_NAMESPACE, run=in_namespace)
SEARCH = Action(id=NEXT_FOUND, run=found)
