"""Bring the tables up to date, and tell whether they are.

Telling is done at every start and must be cheap: Alembic (10 MB of memory) is imported only to migrate.
"""

import asyncio
import contextlib
import logging
import multiprocessing

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.store.connections import transaction
from bot.adapters.store.database import database_troubles, first_contact
from bot.adapters.store.engines import async_engine, sync_engine
from bot.adapters.store.urls import normal_url

HEAD = "0005"
"""The newest migration; a test compares it with the folder."""

# Migrations of one database take turns. The number means nothing, it only has to be ours.
_TURN = 4_917_205_318


async def upgrade(database_url: str) -> None:
    """Bring the tables up to date, in one transaction. Two at the same time take turns, the second finds it done.

    Raises UserError for an unusable address or a refusal, and TryLater when the database does not answer.
    """
    with first_contact(), database_troubles():
        await asyncio.to_thread(_upgrade, database_url)


def upgrade_apart(database_url: str) -> None:
    """Bring an SQLite file up to date in a child process, so that what Alembic takes of memory ends with it.

    To be called before any thread or event loop exists. Where it cannot be done, or goes wrong, nothing is said:
    whoever opens the database afterwards migrates it, or tells what is wrong.
    """
    if database_url.startswith("sqlite") and "fork" in multiprocessing.get_all_start_methods():
        child = multiprocessing.get_context("fork").Process(target=_upgrade_quietly, args=(database_url,))
        child.start()
        child.join()


def _upgrade_quietly(database_url: str) -> None:
    logging.disable()
    with contextlib.suppress(Exception):
        _upgrade(database_url)


async def is_current(database: str | AsyncEngine) -> bool:
    """True if the tables are exactly those of this version. Raises TryLater when the database does not answer."""
    if isinstance(database, AsyncEngine):
        return await _is_current(database)
    engine = async_engine(normal_url(database))
    try:
        return await _is_current(engine)
    finally:
        await engine.dispose()


async def _is_current(engine: AsyncEngine) -> bool:
    with database_troubles():
        async with transaction(engine) as connection:
            return await connection.run_sync(_revision) == HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(database_url: str) -> None:
    from alembic import command  # noqa: PLC0415 - see the top of this file
    from alembic.config import Config  # noqa: PLC0415

    engine = sync_engine(normal_url(database_url))
    try:
        # On SQLite "writes" takes the write lock at the beginning: there the transaction itself is the turn.
        with engine.execution_options(writes=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", "bot.adapters.store:migrations")
            command.upgrade(config, "head")
    finally:
        engine.dispose()
