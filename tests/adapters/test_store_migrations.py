"""The tables: made by the migrations, on both engines, as the code expects them."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, is_current, is_sqlite, open_store, upgrade
from bot.adapters.store.engines import async_engine, sync_engine
from bot.adapters.store.migrate import HEAD
from bot.adapters.store.tables import metadata
from bot.adapters.store.urls import normal_url
from bot.domain.digests import Rhythm
from bot.domain.errors import TryLater, UserError
from bot.domain.people import Person, Way
from bot.ports import Channel, Hook
from tests.plugins.databases import ONLY_SQLITE, SECRET
from tests.plugins.rows import LEASE, NOW, a_hook, cards, delivered


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "bot.adapters.store:migrations")
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    assert scripts().get_heads() == [HEAD]


async def test_an_empty_database_is_not_current_until_it_is_migrated(empty_database: str) -> None:
    assert not await is_current(empty_database)
    await upgrade(empty_database)
    assert await is_current(empty_database)


async def test_migrating_again_changes_nothing_and_loses_nothing(store: SqlStore, database_url: str) -> None:
    await a_hook(store)
    await delivered(store, b"x")
    await upgrade(database_url)
    assert [delivery.body for delivery in await store.inbox.claim(1, NOW, LEASE)] == [b"x"]


def test_the_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    engine = sync_engine(normal_url(database_url))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_migrated_indexes_are_those_of_the_code(database_url: str, empty_database: str) -> None:
    engine = sync_engine(normal_url(empty_database))
    metadata.create_all(engine)
    engine.dispose()
    assert _definitions(database_url) == _definitions(empty_database)


def test_the_migrated_triggers_are_these(database_url: str) -> None:
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    postgres = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    expected = SQLITE_TRIGGERS if is_sqlite(database_url) else POSTGRES_TRIGGERS
    assert _named(database_url, sqlite, postgres) == expected


REFUSED = "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
SQLITE_TRIGGERS = {
    "audit_no_update": f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit {REFUSED}",
    "audit_no_delete": f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit {REFUSED}",
    "audit_no_replace": (
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
        f"WHEN EXISTS (SELECT 1 FROM audit WHERE number >= NEW.number) {REFUSED}"
    ),
}
POSTGRES_TRIGGERS = {
    "audit_no_change": (
        "CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )
}


def _definitions(database_url: str) -> dict[str, str]:
    """Each index with its columns, its condition and its uniqueness; on SQLite each table as well."""
    sqlite = (
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'trigger' AND name != 'alembic_version'"
    )
    postgres = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version'"
    )
    return _named(database_url, sqlite, postgres)


def _named(database_url: str, sqlite: str, postgres: str) -> dict[str, str]:
    engine = sync_engine(normal_url(database_url))
    with engine.connect() as connection:
        rows = connection.execute(text(sqlite if is_sqlite(database_url) else postgres)).all()
    engine.dispose()
    return {name: " ".join(definition.split()).replace(" ,", ",").replace(" )", ")") for name, definition in rows}


async def test_an_account_that_was_linked_before_there_were_ways_was_pasted(empty_database: str) -> None:
    _migrate(empty_database, "0002")
    vault = Sealer([SECRET])
    old = "INSERT INTO accounts (team, member, username, linked_at, token) VALUES ('T1', 'U1', 'ann', 1, :token)"
    engine = sync_engine(normal_url(empty_database))
    with engine.begin() as connection:
        connection.execute(text(old), {"token": vault.seal("a token", '["quay token", "T1", "U1"]')})
    engine.dispose()
    await upgrade(empty_database)
    store = open_store(empty_database, vault)
    account = await store.accounts.of(Person("T1", "U1"))
    assert account is not None
    assert (account.token, account.way, account.scopes) == ("a token", Way.PASTED, None)
    await store.close()


async def test_what_was_there_before_there_were_subscriptions_is_there_after(empty_database: str) -> None:
    _migrate(empty_database, "0004")
    engine = sync_engine(normal_url(empty_database))
    with engine.begin() as connection:
        for statement in BEFORE_SUBSCRIPTIONS:
            connection.execute(text(statement))
    engine.dispose()
    await upgrade(empty_database)
    store = open_store(empty_database, None)
    assert await store.channels.all() == (Channel("C1", "thread", "U1", Rhythm()),)
    (hook,) = await store.hooks.all()
    assert hook == Hook("1", "repo_push", "acme/api", ("C1",), hook.created_at, {"C1": "tag:v*"})
    (card,) = await cards(store)
    assert (card.id, card.state, card.layout) == (4, "{}", "")
    async with store.inbox.ledger() as ledger:
        assert await ledger.telling(7, "C1") == card
        since = datetime.fromtimestamp(0, UTC)
        assert [one.shown for one in await ledger.sum_up("C1", since, since + timedelta(seconds=1))] == [1]
    assert await store.subscriptions.all() == ()
    await store.close()


BEFORE_SUBSCRIPTIONS = (
    "INSERT INTO channels (channel, layout, owner) VALUES ('C1', 'thread', 'U1')",
    "INSERT INTO hooks (id, event, target, created_at, removed) VALUES (1, 'repo_push', 'acme/api', 5, FALSE)",
    "INSERT INTO hook_channels (hook, place, channel, filter) VALUES (1, 0, 'C1', 'tag:v*')",
    (
        "INSERT INTO outbox (id, key, channel, payload, revision, sent_revision, due_at, resumable, attempts, "
        "created_at) VALUES (3, 'k', 'C1', '{}', 1, 1, 5, FALSE, 0, 5)"
    ),
    "INSERT INTO cards (id, channel, family, state, outbox, touched_at) VALUES (4, 'C1', 'build', '{}', 3, 5)",
    "INSERT INTO card_names (name, channel, card) VALUES ('build:1', 'C1', 4)",
    (
        "INSERT INTO entries (delivery, channel, subject, tags, kind, at, verdict, card) "
        "VALUES (7, 'C1', 'acme/api', '[]', 'repo_push', 5, 'opened', 4)"
    ),
)


def _migrate(database_url: str, revision: str) -> None:
    engine = sync_engine(normal_url(database_url))
    with engine.execution_options(writes=True).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "bot.adapters.store:migrations")
        command.upgrade(config, revision)
    engine.dispose()


async def test_two_processes_may_migrate_at_the_same_time(empty_database: str) -> None:
    await asyncio.gather(*[upgrade(empty_database) for _ in range(3)])
    assert await is_current(empty_database)


async def test_a_store_is_ready_when_its_tables_are(empty_database: str) -> None:
    store = open_store(empty_database, None)
    with pytest.raises(UserError, match="quaybot migrate"):
        await store.ready()
    await upgrade(empty_database)
    await store.ready()
    await store.close()


async def test_a_database_of_another_version_is_not_ready(store: SqlStore, database_url: str) -> None:
    engine = async_engine(normal_url(database_url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(UserError):
        await store.ready()


async def test_a_database_that_does_not_answer_is_a_reason_to_try_later(tmp_path: Path) -> None:
    store = open_store(f"postgresql://u@/d?host={tmp_path}", None)
    with pytest.raises(TryLater):
        await store.ready()
    with pytest.raises(TryLater):
        await store.intake.keep([("t", b"")], NOW)
    await store.close()


def test_a_file_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}", None)


@ONLY_SQLITE
async def test_sqlite_syncs_every_commit_and_checks_references(database_url: str) -> None:
    engine = async_engine(normal_url(database_url))
    async with engine.connect() as connection:
        pragmas = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
        pragmas += [await connection.scalar(text(f"PRAGMA {name}")) for name in ("foreign_keys", "busy_timeout")]
    await engine.dispose()
    assert pragmas == ["wal", 2, 1, 10_000]


def test_telling_whether_the_tables_are_current_does_not_load_alembic() -> None:
    code = "import bot.adapters.store, sys; sys.exit('alembic' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
