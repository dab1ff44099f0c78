"""Beginning a transaction so that whoever is cancelled meanwhile leaves none open behind.

Neither the drivers nor the SQL layer close a connection whose opening is interrupted: it stays open until Python
happens to find it. So an opening is never interrupted.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction on a connection of the engine's pool: committed at the end of the block, undone on an exception.

    A caller who is cancelled waits for the end of the beginning (milliseconds; a database that is busy or away is
    given up after the engine's patience), so that nothing goes on behind its back when it closes the database.
    """
    async with AsyncExitStack() as stack:
        beginning = asyncio.create_task(_begun(engine, stack))
        cancelled = await _end_of(beginning)
        if cancelled is not None:
            raise cancelled
        yield beginning.result()


async def _begun(engine: AsyncEngine, stack: AsyncExitStack) -> AsyncConnection:
    connection = await stack.enter_async_context(engine.connect())
    await stack.enter_async_context(connection.begin())
    return connection


async def _end_of(task: asyncio.Task[AsyncConnection]) -> asyncio.CancelledError | None:
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None and not task.cancelled():
        task.exception()  # whatever it is: nobody waits for it any more
    return cancelled
