"""The store for one command, and what to say when it does not answer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from bot.adapters.store import upgrade
from bot.app import open_database, unreachable
from bot.domain.errors import TryLater
from bot.ports import Store
from bot.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store until the end of the block. Raises UserError when it cannot be used, then or meanwhile."""
    with _named(settings):
        async with AsyncExitStack() as closing:
            yield await open_database(settings, closing)


async def migrate(settings: Settings) -> None:
    """Bring the tables up to date. Raises UserError when that cannot be done."""
    with _named(settings):
        await upgrade(settings.database_url)


@contextmanager
def _named(settings: Settings) -> Iterator[None]:
    try:
        yield
    except TryLater as error:
        raise unreachable(settings, error) from None
