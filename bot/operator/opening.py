"""The store for one command, and what to say when it does not answer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from bot.adapters.store import upgrade
from bot.adapters.store.urls import normal_url
from bot.app import open_database, unreachable
from bot.domain.errors import TryLater, UserError
from bot.ports import Store
from bot.settings import Settings


@asynccontextmanager
async def opened(settings: Settings, *, reading: bool = False) -> AsyncIterator[Store]:
    """The store until the end of the block. Raises UserError when it cannot be used, then or meanwhile.

    `reading`: whoever only looks makes no database; where there is none, that is said.
    """
    if reading:
        _there(settings)
    with _named(settings):
        async with AsyncExitStack() as closing:
            yield await open_database(settings, closing)


async def migrate(settings: Settings) -> None:
    """Bring the tables up to date. Raises UserError when that cannot be done."""
    with _named(settings):
        await upgrade(settings.database_url)


def _there(settings: Settings) -> None:
    url = normal_url(settings.database_url)
    place = Path(str(url.database))
    if url.get_backend_name() == "sqlite" and place.parent.is_dir() and not place.exists():  # else that is said
        raise UserError(
            f"There is no database at {place}. Set DATABASE_URL, or run this in the folder where the bot runs."
        )


@contextmanager
def _named(settings: Settings) -> Iterator[None]:
    try:
        yield
    except TryLater as error:
        raise unreachable(settings, error) from None
