"""Global messages with a time: one mover for each step, the due ones and no others, in order."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.adapters.store import SqlStore
from bot.domain.acts import Vote
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import TryLater
from bot.domain.people import Person
from tests.plugins.rows import NOW, after

ANN = Person("T1", "U1")


def banner(name: str, begins: datetime = NOW, ends: datetime | None = None) -> Banner:
    return Banner(
        name=name,
        person=ANN,
        username="ann",
        channel="C1",
        content="Maintenance\n“at” *six* 🚧",
        severity="warning",
        media_type="text/markdown",
        begins_at=begins,
        ends_at=ends,
        reference="KDWF-4071",
        created_at=NOW,
        moved_at=NOW,
    )


async def test_what_is_stored_comes_back_as_it_was(store: SqlStore) -> None:
    kept = banner("M2222", after(60), after(120))
    await store.banners.add(kept)
    assert await store.banners.get("M2222") == kept
    assert await store.banners.get("M3333") is None
    assert await store.banners.open() == (kept,)


async def test_a_name_is_taken_once(store: SqlStore) -> None:
    await store.banners.add(banner("M2222"))
    with pytest.raises(TryLater):
        await store.banners.add(replace(banner("M2222"), content="another"))
    found = await store.banners.get("M2222")
    assert found == banner("M2222")


async def test_due_is_what_waits_past_its_beginning_or_is_shown_past_its_end(store: SqlStore) -> None:
    await store.banners.add(banner("MA", after(10)))
    await store.banners.add(banner("MB", after(-10)))
    await store.banners.add(banner("MC", after(-20), after(-5)))
    await store.banners.add(banner("MD", after(-30), after(5)))
    await store.banners.add(banner("ME", after(-40)))
    for name in ("MC", "MD", "ME"):
        found = await store.banners.get(name)
        assert found
        assert await store.banners.move(found, BannerStage.SHOWN, NOW, uuid=f"uuid-{name}")
    assert [one.name for one in await store.banners.due(NOW)] == ["MC", "MB"]
    assert [one.name for one in await store.banners.due(after(10))] == ["MD", "MC", "MB", "MA"]
    assert [one.name for one in await store.banners.open()] == ["ME", "MD", "MC", "MB", "MA"]


async def test_of_many_who_move_it_at_once_one_does(store: SqlStore, replica: SqlStore) -> None:
    kept = banner("M2222")
    await store.banners.add(kept)
    moved = await asyncio.gather(
        *(one.banners.move(kept, BannerStage.POSTING, after(1)) for one in (store, replica) * 4)
    )
    assert sorted(moved) == [*[False] * 7, True]
    found = await replica.banners.get("M2222")
    assert found == replace(kept, stage=BannerStage.POSTING, moved_at=after(1))


async def test_who_has_read_it_before_it_moved_twice_does_not_move_it(store: SqlStore) -> None:
    stale = banner("M2222")
    await store.banners.add(stale)
    assert await store.banners.move(stale, BannerStage.POSTING, after(1))
    posting = await store.banners.get("M2222")
    assert posting
    assert await store.banners.move(posting, BannerStage.WAITING, after(2), reason="cut off")
    assert not await store.banners.move(stale, BannerStage.POSTING, after(3))
    found = await store.banners.get("M2222")
    assert found
    assert (found.stage, found.reason) == (BannerStage.WAITING, "cut off")


async def test_who_agreed_and_what_was_there_before_are_kept(store: SqlStore) -> None:
    votes = tuple(Vote(Person("T1", user), user.lower(), after(number)) for number, user in enumerate(("U2", "U3")))
    kept = replace(banner("M2222"), approval="K7PX4", votes=votes)
    await store.banners.add(kept)
    assert await store.banners.get("M2222") == kept
    for seen in (("uuid-1", "uuid-2"), (), None):
        assert await store.banners.move(replace(kept, seen=seen), BannerStage.WAITING, kept.moved_at)
        assert await store.banners.get("M2222") == replace(kept, seen=seen)


async def test_a_uuid_stays_when_the_next_step_knows_none(store: SqlStore) -> None:
    kept = banner("M2222", ends=after(5))
    await store.banners.add(kept)
    await store.banners.move(kept, BannerStage.SHOWN, after(1), uuid="uuid-1", reason="why")
    shown = await store.banners.get("M2222")
    assert shown
    assert (shown.uuid, shown.reason) == ("uuid-1", "why")
    await store.banners.move(shown, BannerStage.REMOVING, after(6))
    removing = await store.banners.get("M2222")
    assert removing
    assert (removing.uuid, removing.reason, removing.stage) == ("uuid-1", "", BannerStage.REMOVING)


@pytest.mark.parametrize("over", [BannerStage.ENDED, BannerStage.CANCELLED, BannerStage.FAILED])
async def test_what_is_over_is_forgotten_after_a_while_and_nothing_else(store: SqlStore, over: BannerStage) -> None:
    await store.banners.add(banner("MA"))
    await store.banners.add(banner("MB"))
    await store.banners.move(banner("MA"), over, after(1))
    assert [one.name for one in await store.banners.open()] == ["MB"]
    await store.banners.sweep(after(1))
    assert await store.banners.get("MA") is not None
    await store.banners.sweep(after(2))
    assert await store.banners.get("MA") is None
    assert await store.banners.get("MB") is not None


async def test_text_that_no_database_can_hold_is_kept_nearly_so(store: SqlStore) -> None:
    await store.banners.add(replace(banner("M2222"), content="a\0b"))
    found = await store.banners.get("M2222")
    assert found
    assert "\0" not in found.content
