"""What people decided about channels."""

from bot.adapters.store import SqlStore
from bot.ports import Channel


async def test_a_channel_that_nobody_decided_about_has_the_defaults(store: SqlStore) -> None:
    assert await store.channels.of("C1") == Channel("C1", "card", "")
    assert await store.channels.all() == ()


async def test_what_was_decided_is_kept_and_replaced(store: SqlStore) -> None:
    await store.channels.keep(Channel("C2", "thread", "U1"))
    await store.channels.keep(Channel("C1", "compact"))
    await store.channels.keep(Channel("C2", "card", ""))

    assert await store.channels.all() == (Channel("C1", "compact"), Channel("C2", "card"))
    assert await store.channels.of("C2") == Channel("C2", "card", "")


async def test_two_processes_see_the_same(store: SqlStore, replica: SqlStore) -> None:
    await store.channels.keep(Channel("C1", "thread", "U1"))

    assert await replica.channels.of("C1") == Channel("C1", "thread", "U1")
