"""A server that does not let us in: at the first contact a mistake to be mended, later on a trouble like others."""

from pathlib import Path

import pytest

from bot.adapters.store import open_store, upgrade
from bot.adapters.store.database import first_contact
from bot.adapters.store.migrate import is_current
from bot.domain.errors import TryLater, UserError
from tests.plugins.databases import PostgresServer, postgres_server

__all__ = ["postgres_server"]

HEAD = 'OperationalError: connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    "why",
    [
        'password authentication failed for user "quaybot"',
        'Peer authentication failed for user "quaybot"',
        'database "quaybot" does not exist',
        'role "quaybot" does not exist',
        'no pg_hba.conf entry for host "10.0.0.9", user "quaybot", database "quaybot", no encryption',
        'permission denied for database "quaybot"',
        'role "quaybot" is not permitted to log in',
    ],
)
def test_what_no_waiting_mends_is_told_with_its_reason(why: str) -> None:
    with pytest.raises(UserError) as refusal, first_contact():
        raise TryLater("away", detail=f"{HEAD}FATAL:  {why}")
    assert refusal.value.say == f"The database refuses the bot: {why}. Check DATABASE_URL."


@pytest.mark.parametrize(
    "why",
    [
        "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is in recovery mode",
        "FATAL:  sorry, too many clients already",
        "FATAL:  terminating connection due to administrator command",
        "timeout expired",
    ],
)
def test_what_passes_by_itself_is_waited_for(why: str) -> None:
    with pytest.raises(TryLater), first_contact():
        raise TryLater("away", detail=HEAD + why)


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["database", "role"])
async def test_a_wrong_name_is_a_mistake_at_the_start_and_later_like_any_other_trouble(
    postgres_server: PostgresServer, wrong: str
) -> None:
    url = postgres_server.url("nobody")
    if wrong == "role":
        url = postgres_server.url().replace("://postgres:@", "://nobody:@")
    store = open_store(url, None)
    with pytest.raises(UserError) as refusal:
        await store.ready()
    assert refusal.value.say == f'The database refuses the bot: {wrong} "nobody" does not exist. Check DATABASE_URL.'
    with pytest.raises(TryLater):
        await store.inbox.waiting()
    await store.close()
    with pytest.raises(UserError):
        await upgrade(url)


async def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_bytes(b"this is a text and no database, however long it is. " * 100)
    with pytest.raises(UserError, match="no SQLite database"):
        await is_current(f"sqlite:///{tmp_path / 'notes.db'}")
