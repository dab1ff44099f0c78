"""Looking around after a refusal, to name its cause. It never raises: what it can not find out stays unknown."""

import asyncio
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.adapters.quay import asks
from bot.adapters.quay.answers import NotJson
from bot.adapters.quay.asks import Ask
from bot.adapters.quay.errors import Sight
from bot.adapters.quay.shapes import RepositoryShape, UserShape
from bot.adapters.quay.transport import Transport
from bot.domain.errors import BotError

_Shape = TypeVar("_Shape", bound=BaseModel)
_PATIENCE = 3.0
"""Seconds; somebody waits for an answer that is already known to be no."""
_HIDDEN = {401, 403, 404}


async def look(transport: Transport, token: str, repository: str) -> Sight:
    """Who asks, and what this token may do in the repository. Two reads at once, each tried once."""
    (_, user), (status, seen) = await asyncio.gather(
        _peek(transport, token, asks.whoami(), UserShape),
        _peek(transport, token, asks.sight(repository), RepositoryShape),
    )
    return Sight(
        username=user.username if user else "",
        seen=True if seen else False if status in _HIDDEN else None,
        can_write=bool(seen and seen.can_write),
        can_admin=bool(seen and seen.can_admin),
    )


async def _peek(transport: Transport, token: str, ask: Ask, shape: type[_Shape]) -> tuple[int, _Shape | None]:
    """Status and answer; status 0 when there was none."""
    try:
        answer = await transport.exchange(ask, token, tries=1, deadline=min(_PATIENCE, transport.deadline))
        return answer.status, shape.model_validate(answer.json()) if answer.status == 200 else None
    except (BotError, NotJson, ValidationError):
        return 0, None
