"""Time as a wish."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time comes in as an argument, so that tests own it."""

    def now(self) -> datetime:
        """The time in UTC, timezone-aware."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
