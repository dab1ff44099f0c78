"""The act "repo": looking at a repository."""

import asyncio

from bot.blocks.repository_card import card
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import BotError, NotLinked
from bot.domain.events import BuildMoved
from bot.ports import Quay
from bot.services.gate import Going
from handlers.building import moved
from handlers.command import ActKind, Desk, Reply

NAME = "repo"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Its card, for whoever asked alone."""
    found, newest = await asyncio.gather(
        going.quay.repositories.get(act.repository), _newest(act.repository, going.quay, desk)
    )
    going.result.detail = "It was shown to whoever asked."
    return Reply(card(found, newest, desk.quay_url))


async def _newest(repository: str, quay: Quay, desk: Desk) -> BuildMoved | None:
    """The newest build. A registry without builds, or one that is slow about them, has a card all the same."""
    try:
        found = await quay.builds(repository, limit=1)
    except NotLinked:
        raise
    except BotError:
        return None
    return moved(found[0], "build", found[0].started or desk.clock.now()) if found else None


def says(act: Act) -> str:
    """Which one."""
    return f"Look at the repository {code(act.repository, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
