"""Which repositories of a namespace are mirrors, and which robots they work with: many small reads, not too many."""

import asyncio

from bot.adapters.quay import asks_robots
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.probe import peek
from bot.adapters.quay.shapes_robots import MirrorShape, StatesShape
from bot.domain.robots import Mirrors

MOST_PAGES = 10  # of a hundred repositories
MOST_MIRRORS = 60
AT_ONCE = 8
_STATE = "MIRROR"


async def mirrors_of(caller: Caller, namespace: str) -> Mirrors:
    """All mirrors that the caller sees there. Raises what a list of repositories raises; the rest is left unseen."""
    names, whole = await _named(caller, namespace)
    turns = asyncio.Semaphore(AT_ONCE)

    async def robot_of(repository: str) -> str | None:
        async with turns:
            seen = await peek(caller.transport, caller.token, asks_robots.mirror(repository), MirrorShape)
        if seen.status == 404:  # made a mirror, and not set up yet
            return ""
        return seen.found.robot_username if seen.found else None

    looked = names[:MOST_MIRRORS]
    found = await asyncio.gather(*(robot_of(name) for name in looked))
    robots = tuple((name, robot) for name, robot in zip(looked, found, strict=True) if robot)
    unseen = tuple(name for name, robot in zip(looked, found, strict=True) if robot is None)
    return Mirrors(robots, (*unseen, *names[MOST_MIRRORS:]), whole)


async def _named(caller: Caller, namespace: str) -> tuple[list[str], bool]:
    """The names of the mirrors, and whether all repositories were looked through."""
    names: list[str] = []
    page = ""
    for _ in range(MOST_PAGES):
        found = await caller.read(asks_robots.repositories(namespace, page), StatesShape)
        rows = [one for one in found.repositories if one.state == _STATE and one.namespace == namespace and one.name]
        names += [f"{one.namespace}/{one.name}" for one in rows]
        if found.next_page in {"", page}:
            return sorted(names), True
        page = found.next_page
    return sorted(names), False
