"""The button "More" below a list of repositories: the next page in place of this one."""

from handlers.acts import repos, search
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do


async def in_namespace(click: Click, desk: Desk) -> Reply | None:
    """More of a namespace."""
    return await do(repos.KIND, repos.unpacked(click.value), click.person, click.channel, desk)


async def found(click: Click, desk: Desk) -> Reply | None:
    """More of what a search found."""
    return await do(search.KIND, search.unpacked(click.value), click.person, click.channel, desk)


REPOS = Action(id="repos_more", run=in_namespace)
SEARCH = Action(id="search_more", run=found)
