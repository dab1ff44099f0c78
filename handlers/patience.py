"""How long is waited for what would only be nice to know: people wait for the answer meanwhile."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.domain.errors import BotError

T = TypeVar("T")

PATIENCE = 2.0  # seconds


async def in_time(wish: Awaitable[T]) -> T | BotError | TimeoutError:
    """What comes of it within PATIENCE, or why it did not: Quay's refusal, or that it took too long."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await wish
    except (BotError, TimeoutError) as error:  # whoever asked says what could not be seen
        return error
