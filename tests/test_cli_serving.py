"""Starting the program where it must not run, or cannot: it says why, and harms nobody."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.store import open_store
from bot.app import alone
from bot.domain.errors import UserError
from bot.settings import Settings
from tests.command_line import Run, quaybot, refused
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

ROOT = Path(__file__).parents[1]
SERVING = {"QUAY_URL": "http://quay.example", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": "0"}
HOLDS = """
import os, sys
from bot.app import alone
with alone(sys.argv[1]):
    print(os.getpid(), flush=True)
    sys.stdin.read()
"""


def _environment(**settings: str) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return given | {"PYTHONPATH": str(ROOT), "SECRET_KEYS": "k" * 16, "LOG_LEVEL": "ERROR"} | SERVING | settings


def _leased(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT OR IGNORE INTO leases VALUES ('schedule', 'the first one', 1)")
        return [holder for (holder,) in connection.execute("SELECT holder FROM leases")]


def test_a_port_that_is_taken_is_one_plain_line_and_nothing_happened_to_the_database(quaybot: Run, tmp_path: Path):
    quaybot("migrate")
    assert _leased(tmp_path / "quaybot.db") == ["the first one"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command, env = [sys.executable, "-m", "bot", "serve"], _environment(PORT=port)
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=50)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1 port {port}: it is in use already. Choose another with HOST and PORT."
    ]
    assert _leased(tmp_path / "quaybot.db") == ["the first one"]


def test_a_second_bot_on_one_file_is_refused_and_takes_nothing_from_the_first(quaybot: Run, tmp_path: Path):
    quaybot("migrate")
    _leased(tmp_path / "quaybot.db")
    with alone("sqlite:///quaybot.db"):
        done = quaybot("serve", **SERVING)
        assert refused(done, f"Another quaybot (process {os.getpid()}) runs on {tmp_path / 'quaybot.db'}", "PostgreSQL")
        assert quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01").code == 0

    assert _leased(tmp_path / "quaybot.db") == ["the first one"]


def test_a_file_is_free_as_soon_as_its_bot_was_killed(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'quaybot.db'}"
    command = [sys.executable, "-c", HOLDS, url]
    with subprocess.Popen(command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        pid = int(other.stdout.readline())
        with pytest.raises(UserError, match=rf"Another quaybot \(process {pid}\)"), alone(url):
            pass
        other.kill()
        other.wait(timeout=20)
        with alone(url):
            assert (tmp_path / "quaybot.db.lock").read_text() == str(os.getpid())
    with alone(url):  # and after an orderly end
        pass


def test_a_file_is_the_same_by_any_of_its_names(tmp_path: Path):
    (tmp_path / "other.db").symlink_to(tmp_path / "quaybot.db")
    with (
        alone(f"sqlite:///{tmp_path / 'quaybot.db'}"),
        pytest.raises(UserError, match="Another quaybot"),
        alone(f"sqlite:///{tmp_path / 'other.db'}"),
    ):
        pass


def test_a_lock_that_cannot_be_made_is_one_plain_line(tmp_path: Path):
    (tmp_path / "quaybot.db.lock").mkdir()
    with pytest.raises(UserError, match="cannot be locked: Is a directory"), alone(f"sqlite:///{tmp_path}/quaybot.db"):
        pass


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/quaybot", "sqlite:////no/such/folder/quaybot.db"])
def test_what_is_no_file_of_ours_is_not_locked(url: str):
    with alone(url), alone(url):
        pass


@pytest.mark.parametrize("words", [("hooks", "list"), ("dead", "list"), ("why", "acme/web"), ("migrate",)])
def test_a_command_says_which_database_does_not_answer_and_why(quaybot: Run, words: tuple[str, ...]):
    done = quaybot(*words, DATABASE_URL="postgresql://me:S3cr3t@127.0.0.1:1/quaybot?connect_timeout=2")

    assert refused(done, "Database does not answer at 127.0.0.1:1: check that it runs, and DATABASE_URL (", "refused")
    assert "S3cr3t" not in done.err[0]


def test_a_file_that_is_locked_for_writing_is_a_trouble(quaybot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quaybot("migrate")
    monkeypatch.setattr("bot.app.databases.open_store", partial(open_store, patience=0.1))
    with closing(sqlite3.connect(tmp_path / "quaybot.db")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        (line,) = (line for line in quaybot("doctor").out if "Database" in line)
        removed = quaybot("hooks", "remove", "1")

    assert line.startswith("✗ Database does not answer at quaybot.db: check that it runs")
    assert line.endswith("(database is locked)")
    assert refused(removed, "(database is locked)")
    assert any(line.startswith("✓ Database") for line in quaybot("doctor").out)
    with closing(sqlite3.connect(tmp_path / "quaybot.db")) as connection:
        assert connection.execute("SELECT count(*) FROM leases").fetchone() == (0,)


def test_the_check_up_says_when_the_spool_cannot_be_used_and_makes_no_folder(quaybot: Run, tmp_path: Path):
    (tmp_path / "file").write_text("")

    def spool(**settings: str) -> list[str]:
        return [line for line in quaybot("doctor", **settings).out if "Spool" in line]

    assert spool(SPOOL_DIR="file/spool")[0].endswith(
        "(Not a directory): make the folder writable, or set another SPOOL_DIR"
    )
    assert spool(SPOOL_DIR="file")[0].startswith("✗ Spool cannot be written in file (Not a directory)")
    assert spool(SPOOL_DIR="/proc/quaybot")[0].startswith("✗")
    assert spool(SPOOL_DIR="here/spool") == ["✓ Spool can be written in here/spool, up to 256 MB"]
    assert spool(SPOOL_LIMIT_MB="0") == []
    assert not (tmp_path / "here").exists()
