"""The audit's book, on real databases: what it writes, what it tells the log, and what it does when it cannot write."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import audit
from bot.domain.acts import Act, Outcome
from bot.domain.errors import TryLater
from bot.domain.people import Person
from bot.ports import Line
from bot.rules.chain import FIRST, fault
from bot.services.audit import AuditBook
from tests.services.test_limits import Hand

ALICE = Person("T1", "U1")
ACT = Act("build", "acme/web:v1", {"branch": "main"}, {"archive": "https://s3cr3t.example"})


@pytest.fixture
def book(store: SqlStore) -> AuditBook:
    return AuditBook(store.audit, Hand())


async def noted(book: AuditBook, outcome: Outcome = Outcome.TRIED, **more: str) -> Line:
    return await book.note("KDWF-4071", ALICE, "alice", "C1", ACT, outcome, **more)


async def test_a_line_holds_everything_but_what_is_hidden(book: AuditBook):
    await noted(book)
    line = await noted(book, Outcome.DONE, detail="build 1a2b", approval="K7PX4", quay_log="build_dockerfile")
    (kept, _) = await book.store.newest()

    assert kept == line
    assert kept.number == 2
    deed = kept.deed
    assert (deed.at, deed.reference, deed.person, deed.username, deed.channel) == (
        book.clock.now(), "KDWF-4071", ALICE, "alice", "C1",
    )  # fmt: skip
    assert deed.act == Act("build", "acme/web:v1", {"branch": "main"})
    assert (deed.outcome, deed.detail) == (Outcome.DONE, "build 1a2b")
    assert (deed.approval, deed.quay_log) == ("K7PX4", "build_dockerfile")


async def test_the_log_gets_a_copy_of_the_head_and_nothing_that_was_asked(book: AuditBook):
    with capture_logs() as logs:
        line = await noted(book)

    assert logs == [
        {
            "event": "audited",
            "log_level": "info",
            "number": 1,
            "hash": line.hash,
            "outcome": "tried",
            "reference": "KDWF-4071",
        }
    ]


async def test_the_head_is_the_newest_line(book: AuditBook):
    assert await book.head() is None
    await noted(book)
    line = await noted(book)

    assert await book.head() == line


async def test_what_was_noted_is_a_whole_chain(book: AuditBook):
    for _ in range(5):
        await noted(book)
    number, previous = 0, FIRST
    async for line in book.store.all():
        assert fault(line, number + 1, previous) == ""
        number, previous = line.number, line.hash

    assert number == 5


async def test_what_cannot_be_written_is_an_error_and_no_line_in_the_log():
    class Away:
        async def append(self, _: object) -> AsyncIterator[Line]:
            raise TryLater("The database does not answer.")

    with capture_logs() as logs, pytest.raises(TryLater):
        await noted(AuditBook(Away(), Hand()))

    assert logs == []


@pytest.mark.parametrize("change", [audit.update().values(detail="x"), audit.delete()], ids=["update", "delete"])
async def test_the_database_itself_refuses_to_change_a_line(book: AuditBook, store: SqlStore, change: object):
    line = await noted(book)

    with pytest.raises(DBAPIError, match="append-only"):
        async with store._database.engine.begin() as connection:
            await connection.execute(change)

    assert await book.store.newest() == (line,)
