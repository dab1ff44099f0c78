"""What was missed is told once, late and marked, through the same filter."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.domain.subscriptions import Gap
from bot.rules.rhythm import due
from tests.plugins.wishes import becomes
from tests.services.upkeep.chasm import WEB, Chasm, chasm, notes, push


@pytest.fixture
async def here(store: SqlStore) -> AsyncIterator[Chasm]:
    async with chasm(store) as here:
        yield here


async def test_a_push_that_nobody_heard_of_is_told_once_and_late(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1", by="acme+ci")
    await here.lose("repo_push")
    assert len(await here.store.subscriptions.parts("S1")) == 1
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]
    assert await notes(here) == ["recovered, 1 min late"]
    await here.recovers_the_rest()
    assert await here.waiting() == []
    await here.lose("repo_push", since=600)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_what_came_in_time_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    here.clock.pass_by(6)
    await here.hears(push(here, "v1"))
    here.clock.pass_by(40)
    here.quay.push(WEB, "v1")
    here.quay.push(WEB, "v2")
    await here.lose("repo_push")
    await here.recovers()
    assert sorted(await here.told())[0] == ("repo_push", "folded", ("v2",))
    assert [row[2] for row in await here.told()].count(("v1",)) == 2


async def test_what_is_still_on_its_way_is_waited_for(here: Chasm) -> None:
    await here.subscribes("pushes")
    await here.lose("repo_push")
    here.clock.pass_by(-10)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(10)
    await here.recovers()
    assert (await here.told(), len(await here.waiting())) == ([], 1)
    await here.recovers_the_rest()
    assert (await here.told(), await here.waiting()) == ([("repo_push", "opened", ("v1",))], [])


async def test_what_still_arrives_in_time_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("pushes")
    await here.lose("repo_push")
    here.clock.pass_by(-10)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(10)
    await here.recovers()
    await here.hears(push(here, "v1"))
    await here.recovers_the_rest()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_a_gap_that_grows_again_and_again_is_looked_through_to_its_end(here: Chasm) -> None:
    await here.subscribes("pushes")
    began = here.clock.now()
    for _ in range(7):  # switched off and reset each minute
        until = here.clock.now() + timedelta(seconds=60)
        await here.store.gaps.open(Gap("S1", WEB, ("repo_push",), began, until, until))
        here.clock.pass_by(59)
    here.clock.pass_by(-59)
    here.quay.push(WEB, "lost")
    (gap,) = await here.waiting()
    assert gap.until > here.clock.now() - timedelta(seconds=30)
    here.clock.pass_by(2)
    await here.recovers()
    here.clock.pass_by(600)
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([("repo_push", "opened", ("lost",))], [])


async def test_what_another_subscription_of_the_channel_kept_out_was_still_missed_by_this_one(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "main")
    here.clock.pass_by(5)
    await here.hears(push(here, "main"), rule="`tag:v*`: the tag main does not match", name="S1")
    await here.lose("repo_push", name="S2")
    await here.recovers()
    assert [row[1] for row in await here.told()] == ["filtered by `tag:v*`: the tag main does not match", "opened"]
    await here.lose("repo_push", name="S1", since=600)
    await here.recovers()
    assert len(await here.told()) == 2


async def test_what_one_gap_keeps_out_another_one_tells_once(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "main")
    here.quay.push(WEB, "v1")
    for name in ("S1", "S2", "S1", "S2"):
        await here.lose("repo_push", name=name, since=900)
        await here.recovers()
    told = sorted(row[1:] for row in await here.told())
    assert told == [
        ("filtered by `tag:v*`: the tag main does not match", ("main",)),
        ("folded", ("main",)),
        ("opened", ("v1",)),
    ]


async def test_what_the_quiet_hours_of_the_channel_kept_out_was_not_missed_by_anybody(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "v1")
    here.clock.pass_by(5)
    await here.hears(push(here, "v1"), rule="quiet hours until 07:00", name="S1")
    await here.lose("repo_push", name="S2")
    await here.recovers()
    assert len(await here.told()) == 1


async def test_the_filter_the_pause_and_quiet_hours_keep_out_what_they_always_do(here: Chasm) -> None:
    wanted = await here.subscribes("pushes -tag:*-dev")
    here.quay.push(WEB, "v1-dev")
    await here.lose("repo_push")
    await here.recovers()
    assert await here.told() == [("repo_push", "filtered by `-tag:*-dev`: the tag v1-dev is excluded", ("v1-dev",))]
    await becomes(here.store, replace(wanted, paused_until=here.clock.now() + timedelta(hours=4)), here.clock.now())
    here.quay.push(WEB, "v2")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told())[-1][1].startswith("filtered by paused until")
    await becomes(here.store, wanted, here.clock.now())
    await here.store.channels.set_rhythm("C1", Rhythm(), Rhythm("UTC", "00:00-23:59"))
    here.quay.push(WEB, "v3")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told())[-1][1].startswith("filtered by quiet hours until 23:59")


async def test_what_happened_before_quiet_hours_and_is_recovered_in_them_is_in_the_next_summary(here: Chasm) -> None:
    await here.subscribes("pushes")
    begin, end = (here.clock.now() + timedelta(minutes=1), here.clock.now() + timedelta(hours=8))
    rhythm = Rhythm("UTC", f"{begin:%H:%M}-{end:%H:%M}")
    await here.store.channels.set_rhythm("C1", Rhythm(), rhythm)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(30)
    await here.lose("repo_push")
    await here.recovers()
    assert "quiet hours" in (await here.told())[-1][1]
    here.clock.pass_by(9 * 3600)
    period = due(rhythm, here.clock.now(), (await here.store.trail.waiting(["C1"]))["C1"])
    assert period is not None
    async with here.store.inbox.ledger() as ledger:
        assert [one.quiet for one in await ledger.sum_up("C1", period.since, period.until)] == [1]


async def test_a_filter_by_pusher_asks_the_usage_log(here: Chasm) -> None:
    await here.subscribes("pushes -by:acme+ci")
    here.quay.push(WEB, "v1", by="acme+ci")
    here.quay.push(WEB, "v2", by="bob")
    await here.lose("repo_push")
    await here.recovers()
    assert sorted(await here.told()) == [
        ("repo_push", "filtered by `-by:acme+ci`: the account acme+ci is excluded", ("v1",)),
        ("repo_push", "opened", ("v2",)),
    ]
