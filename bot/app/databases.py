"""The database at the start: opened, brought up to date, or waited for; and the folder of the spool beside it."""

from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from bot.adapters.logs import masked
from bot.adapters.sealing import Sealer
from bot.adapters.store import open_store
from bot.adapters.store.migrate import is_current, upgrade
from bot.adapters.store.urls import normal_url
from bot.domain.errors import TryLater, UserError
from bot.ports import Clock, Store
from bot.services.arrival import Arrival
from bot.settings import Settings

log = structlog.stdlib.get_logger(__name__)


async def open_database(settings: Settings, closing: AsyncExitStack, *, checked: bool = True) -> Store:
    """The store, its schema up to date: an SQLite file is migrated here, PostgreSQL only by `quaybot migrate`.

    `checked`: raises TryLater if it does not answer, UserError if its tables are not this version's.
    """
    url = settings.database_url
    if url.startswith("sqlite") and not await is_current(url):
        await upgrade(url)
    keys = [key.get_secret_value() for key in settings.secret_keys]
    store = open_store(url, Sealer(keys) if keys else None)
    closing.push_async_callback(store.close)
    if checked:
        await store.ready()
    return store


def spool_folder(settings: Settings) -> Path:
    """Beside the SQLite file; else, unless it is set, in the working directory."""
    url = normal_url(settings.database_url)
    beside = Path(str(url.database)) if url.get_backend_name() == "sqlite" else Path("quaybot.db")
    return Path(settings.spool_dir) if settings.spool_dir else beside.with_name(f"{beside.stem}-spool")


def unreachable(settings: Settings, error: TryLater) -> UserError:
    """For the operator: which database does not answer, and why; without its password."""
    url = normal_url(settings.database_url)
    host = url.host or url.query.get("host")
    place = f"{host}:{url.port or 5432}" if isinstance(host, str) else str(url.database)
    cause = masked(str(error).partition("\n")[0].partition(": ")[2]).rstrip(".")
    return UserError(f"Database does not answer at {place}: check that it runs, and DATABASE_URL ({cause})")


async def look_for(settings: Settings, store: Store, clock: Clock) -> Arrival:
    """Whether the database is there. PostgreSQL may come later; an SQLite file is there or never will be."""
    arrival = Arrival(store, clock)
    try:
        await arrival.look()
    except TryLater as error:
        if settings.database_url.startswith("sqlite"):
            raise unreachable(settings, error) from None
        log.error("database_away", why=str(error), effect="webhooks are kept in the spool until it is there")
    return arrival
