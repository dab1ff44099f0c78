"""What people decided about channels."""

import asyncio
from dataclasses import replace

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.ports import Channel
from tests.plugins.rows import NOW, SOON

NIGHTS = Rhythm("Europe/Berlin", "22:00-07:00", "weekly mon 09:00", NOW)


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
    assert await store.channels.set_rhythm("C1", Rhythm(), NIGHTS)
    assert await store.channels.of("C1") == Channel("C1", rhythm=NIGHTS)
    later = replace(NIGHTS, told_at=SOON)
    assert await store.channels.set_rhythm("C1", NIGHTS, later)
    assert await store.channels.all() == (Channel("C1", rhythm=later),)
    assert await store.channels.set_rhythm("C1", later, Rhythm())
    assert await store.channels.of("C1") == Channel("C1")


async def test_a_layout_and_the_times_do_not_touch_each_other(store: SqlStore, replica: SqlStore) -> None:
    setting = replica.channels.set_rhythm("C1", Rhythm(), NIGHTS)
    await asyncio.gather(store.channels.keep(Channel("C1", "thread", "U1")), setting)
    assert await store.channels.of("C1") == Channel("C1", "thread", "U1", NIGHTS)
    await store.channels.keep(Channel("C1", "compact"))
    assert await store.channels.of("C1") == Channel("C1", "compact", "", NIGHTS)


async def test_times_that_were_changed_meanwhile_are_not_overwritten(store: SqlStore, replica: SqlStore) -> None:
    wishes = [replace(NIGHTS, digest=f"daily {hour:02}:00") for hour in range(8)]
    for before in (Rhythm(), NIGHTS):
        await store.channels.set_rhythm("C2", Rhythm(), NIGHTS)
        channel = "C1" if before == Rhythm() else "C2"
        setting = [
            one.channels.set_rhythm(channel, before, wish)
            for one, wish in zip((store, replica) * 4, wishes, strict=True)
        ]
        stored = await asyncio.gather(*setting)
        assert sorted(stored) == [*[False] * 7, True]
        assert (await store.channels.of(channel)).rhythm == wishes[stored.index(True)]


async def test_two_processes_see_the_same(store: SqlStore, replica: SqlStore) -> None:
    await store.channels.keep(Channel("C1", "thread", "U1"))

    assert await replica.channels.of("C1") == Channel("C1", "thread", "U1")
