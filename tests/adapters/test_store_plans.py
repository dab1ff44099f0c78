"""What is asked for all the time must not read what is long done."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.adapters.store import SqlStore
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import LEASE, NOW, cards

QUESTIONS: dict[str, Callable[[SqlStore], Awaitable[object]]] = {
    "claim deliveries": lambda store: store.inbox.claim(9, NOW, LEASE),
    "count deliveries": lambda store: store.inbox.waiting(),
    "list what was set aside": lambda store: store.inbox.aside(),
    "count what was set aside": lambda store: store.inbox.aside_count(),
    "forget what is over": lambda store: store.inbox.sweep(NOW),
    "resume messages": lambda store: store.outbox.resume(NOW),
    "claim messages": lambda store: store.outbox.claim(9, NOW, LEASE, skip={"C1"}),
    "count messages": lambda store: store.outbox.waiting(),
    "find cards": cards,
    "claim watches": lambda store: store.watches.claim(9, NOW, LEASE),
    "sweep ids": lambda store: store.once.sweep(NOW),
}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            heard.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


@ONLY_SQLITE
@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_frequent_question_is_answered_from_an_index(store: SqlStore, question: str, tmp_path: Path) -> None:
    with statements() as heard:
        await QUESTIONS[question](store)
    assert heard
    with closing(sqlite3.connect(tmp_path / "quaybot.db")) as connection:
        steps = [row[3] for asked in heard for row in connection.execute("EXPLAIN QUERY PLAN " + asked[0], asked[1])]
    tables = ("deliveries", "outbox", "cards", "watches", "seen")
    whole = [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in tables))]
    assert [step for step in whole if "INDEX" not in step] == []
