"""What people decided about channels."""

from dataclasses import replace

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.ports import Channel
from tests.plugins.rows import NOW, SOON


async def test_a_channel_that_nobody_decided_about_has_the_defaults(store: SqlStore) -> None:
    assert await store.channels.of("C1") == Channel("C1", "card", "")
    assert await store.channels.all() == ()


async def test_what_was_decided_is_kept_and_replaced(store: SqlStore) -> None:
    await store.channels.keep(Channel("C2", "thread", "U1"))
    await store.channels.keep(Channel("C1", "compact"))
    await store.channels.keep(Channel("C2", "card", ""))

    assert await store.channels.all() == (Channel("C1", "compact"), Channel("C2", "card"))
    assert await store.channels.of("C2") == Channel("C2", "card", "")


async def test_quiet_hours_and_summaries_are_kept_and_taken_back(store: SqlStore) -> None:
    channel = Channel("C1", "thread", "U1", Rhythm("Europe/Berlin", "22:00-07:00", "weekly mon 09:00", NOW))
    await store.channels.keep(channel)
    assert await store.channels.of("C1") == channel
    later = replace(channel, rhythm=replace(channel.rhythm, told_at=SOON))
    await store.channels.keep(later)
    assert await store.channels.all() == (later,)
    await store.channels.keep(Channel("C1"))
    assert await store.channels.of("C1") == Channel("C1")


async def test_two_processes_see_the_same(store: SqlStore, replica: SqlStore) -> None:
    await store.channels.keep(Channel("C1", "thread", "U1"))

    assert await replica.channels.of("C1") == Channel("C1", "thread", "U1")
