"""What the store holds when the program looks at it, for the tests of the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.tables import lanes
from bot.domain.messages import Outgoing
from tests.command_line import Run
from tests.plugins.rows import LEASE
from webhooks.server import token_hash

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

BODY = '{"häßlich": 1'.encode()

Do = Callable[[Callable[[SqlStore], Awaitable[object]]], None]


@pytest.fixture
def stored(quaybot: Run, tmp_path: Path) -> Do:
    """Does something with the store that the program will look at."""
    quaybot("migrate")

    def do(work: Callable[[SqlStore], Awaitable[object]]) -> None:
        async def done() -> None:
            store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", None)
            try:
                await work(store)
            finally:
                await store.close()

        asyncio.run(done())

    return do


async def an_unreadable_body(store: SqlStore, count: int = 1, reason: str = "the body is not JSON") -> None:
    await store.hooks.add("repo_push", "acme/web", ["C01", "C02"], token_hash("t"), AT)
    await store.intake.keep([(token_hash("t"), BODY)] * count, AT)
    async with store.inbox.ledger() as ledger:
        for number in range(1, count + 1):
            await ledger.set_aside(number, reason)


async def a_refused_message(store: SqlStore, text: str = "acme/web was pushed") -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("k", "C01", {"text": text}), AT)
    (due,) = await store.outbox.claim(1, AT, LEASE)
    await store.outbox.park(due, "invalid_blocks", AT)


async def a_parked_channel(store: SqlStore) -> None:
    async with store.inbox.ledger() as ledger:
        await ledger.say(Outgoing("waits", "C09", {"text": "x"}), AT)
    async with store._database.writing() as connection:
        values = {"channel": "C09", "free_at": AT, "parked_at": AT, "reason": "The channel is archived."}
        await connection.execute(lanes.insert().values(**values, pace=1050, away=False))


PARKED = (
    "channel C09 is parked since 2026-03-04 05:06:07 with 1 message: The channel is archived. "
    "When that is mended: quaybot channels resume C09"
)
