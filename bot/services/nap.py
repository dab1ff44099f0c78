"""To wait for news, but not for ever."""

import asyncio


async def nap(event: asyncio.Event, seconds: float) -> None:
    """Until the event is set, and for so many seconds at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
