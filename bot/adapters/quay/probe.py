"""Looking around: harmless reads, each tried once and not for long. What they can not find out stays unknown."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from bot.adapters.quay import asks
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.errors import Sight, translate
from bot.adapters.quay.reading import shaped
from bot.adapters.quay.shapes_people import RepositoryShape, UserShape
from bot.adapters.quay.transport import Transport
from bot.domain.errors import BotError

_Shape = TypeVar("_Shape", bound=BaseModel)
_PATIENCE = 3.0
"""Seconds; somebody waits for an answer that is already known to be no."""
_HIDDEN = {401, 403, 404}


@dataclass(frozen=True, slots=True)
class Peek(Generic[_Shape]):
    """What a peek has seen: `found` with status 200, Quay's own 401, 403 or 404, or the error with status 0."""

    status: int
    found: _Shape | None = None
    error: BotError | None = None


async def look(transport: Transport, token: str, repository: str) -> Sight:
    """Who asks, and what this token may do in the repository. It never raises."""
    user, seen = await asyncio.gather(
        peek(transport, token, asks.whoami(), UserShape),
        peek(transport, token, asks.sight(repository), RepositoryShape),
    )
    return Sight(
        username=user.found.username if user.found else "",
        seen=True if seen.found else False if seen.status in _HIDDEN else None,
        can_write=bool(seen.found and seen.found.can_write),
        can_admin=bool(seen.found and seen.found.can_admin),
    )


async def peek(transport: Transport, token: str, ask: Ask, shape: type[_Shape]) -> Peek[_Shape]:
    """One read. It never raises: errors are part of what it saw."""
    try:
        answer = await transport.exchange(ask, token, tries=1, deadline=min(_PATIENCE, transport.deadline))
        if answer.status == 200:
            return Peek(200, shaped(answer, shape, transport.host))
    except BotError as error:
        return Peek(0, error=error)
    if answer.status in _HIDDEN and answer.table:  # anything else may be a wall in front of Quay
        return Peek(answer.status)
    return Peek(0, error=translate(ask, answer, transport.host))
