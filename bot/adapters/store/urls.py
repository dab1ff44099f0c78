"""From what an operator writes into DATABASE_URL to the address that both of our engines understand."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import UserError

_SQLITE = {"sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"}
_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg"}
_EXAMPLES = "Write for example sqlite:///quaybot.db or postgresql://user:password@host/quaybot."


def normal_url(text: str) -> URL:
    """The address with our asynchronous driver's name in it.

    Raises UserError, without the address in it (it may hold a password), when it is none that we can use.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError) as error:
        raise UserError(f"DATABASE_URL is not a database address. {_EXAMPLES}") from error
    if url.drivername in _SQLITE:
        return _sqlite(url)
    if url.drivername in _POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    raise UserError(f"DATABASE_URL begins with {url.drivername}://, which is not supported. {_EXAMPLES}")


def _sqlite(url: URL) -> URL:
    if url.database in {None, "", ":memory:"}:
        raise UserError(f"DATABASE_URL names no file, and what is kept in memory does not survive. {_EXAMPLES}")
    if url.host or url.username or url.query or str(url.database).startswith("file:"):
        raise UserError(f"DATABASE_URL for SQLite is a plain file path. {_EXAMPLES}")
    return url.set(drivername="sqlite+aiosqlite")


def is_sqlite(database_url: str) -> bool:
    """True if the address is an SQLite file's, False for PostgreSQL. Raises UserError for anything else."""
    return normal_url(database_url).get_backend_name() == "sqlite"


def sync_url(url: URL) -> URL:
    """The same database for the synchronous engine."""
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url
