"""An SQLite file is for one bot: a second one would take the first one's work for that of a dead process."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.adapters.locks import locked
from bot.adapters.store.urls import is_sqlite, normal_url
from bot.domain.errors import UserError


@contextlib.contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Be the only bot on an SQLite file; a lock beside it ends with the process, even if that is killed.

    Does nothing for PostgreSQL, which takes several, and on Windows, which has no such locks. Raises UserError if
    another bot runs on the file.
    """
    if sys.platform == "win32" or not is_sqlite(database_url):
        yield
        return
    file = _lock(Path(str(normal_url(database_url).database)).resolve())
    try:
        yield
    finally:
        if file is not None:
            os.close(file)


def _lock(database: Path) -> int | None:
    if not database.parent.is_dir():
        return None  # who opens the database says what is wrong
    path = database.with_name(f"{database.name}.lock")
    try:
        file = locked(path)
        if file is None:
            raise UserError(_taken(database, path.read_text(encoding="ascii", errors="replace")))
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
    except OSError as error:
        raise UserError(
            f"The file {path} cannot be locked: {error.strerror}. Let the bot write in its folder."
        ) from None
    return file


def _taken(database: Path, written: str) -> str:
    who = f" (process {written})" if written.isdecimal() else ""
    return (
        f"Another quaybot{who} runs on {database}. An SQLite file is for one: end that one first, or set DATABASE_URL "
        "to another file, or to PostgreSQL, which takes several."
    )
