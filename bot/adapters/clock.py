"""Real time."""

import asyncio
from datetime import UTC, datetime

from bot.ports import Clock


class SystemClock(Clock):
    """The machine's clock."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking anybody."""
        await asyncio.sleep(seconds)
