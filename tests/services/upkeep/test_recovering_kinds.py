"""Builds, syncs and expiring tags that were missed are told once, late and marked."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    TagsExpiring,
)
from tests.services.upkeep.chasm import BUILDS, OF_WEB, WEB, Chasm, chasm, notes


@pytest.fixture
async def here(store: SqlStore) -> AsyncIterator[Chasm]:
    async with chasm(store) as here:
        yield here


async def test_a_build_that_failed_unheard_is_told_also_if_it_began_before(here: Chasm) -> None:
    await here.subscribes("builds:failure")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    here.clock.pass_by(900)
    here.quay.move_build(build, "building")
    here.quay.move_build(build, "error", last_try=False)
    await here.lose("build_failure")
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_failure", "opened")]
    assert await notes(here) == ["recovered, 3 min late"]
    await here.recovers_the_rest()
    assert await here.waiting() == []


async def test_a_failure_that_quay_never_sends_is_told_if_any_notification_about_builds_was_off(here: Chasm) -> None:
    await here.subscribes("builds")
    trigger = here.quay.add_trigger(WEB)
    failed, worked = here.quay.git_push(trigger), here.quay.git_push(trigger)
    here.quay.move_build(failed, "building")
    here.quay.move_build(failed, "error", last_try=False)
    here.quay.move_build(worked, "complete")
    await here.lose("build_queued", "build_start")
    await here.recovers()
    assert sorted(row[:2] for row in await here.told()) == [("build_failure", "opened"), ("build_success", "opened")]
    await here.lose("build_queued", "build_success", since=900)
    await here.recovers()
    assert len(await here.told()) == 2


async def test_a_build_from_before_the_subscription_is_not_told(here: Chasm) -> None:
    trigger = here.quay.add_trigger(WEB)
    here.quay.move_build(here.quay.git_push(trigger), "error")
    here.clock.pass_by(900)
    await here.subscribes("builds:failure")
    here.clock.pass_by(300)
    await here.lose("build_failure")
    await here.recovers()
    assert await here.told() == []


async def test_a_build_that_came_in_time_is_not_told_as_late(here: Chasm) -> None:
    await here.subscribes("builds")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    here.quay.move_build(build, "complete")
    here.clock.pass_by(5)
    await here.hears(
        BuildMoved(kind="build_success", at=here.clock.now(), build_id=build, phase=Phase.COMPLETE, **OF_WEB)
    )
    await here.lose(*BUILDS)
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_success", "opened")]


async def test_the_end_of_a_build_that_goes_on_is_waited_for(here: Chasm) -> None:
    await here.subscribes("builds:failure")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    await here.lose("build_failure")
    await here.recovers()
    assert await here.told() == []
    assert len(await here.waiting()) == 1
    here.quay.move_build(build, "error", last_try=False)
    here.clock.pass_by(7_200)
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_failure", "opened")]
    assert await here.waiting() == []


async def test_a_failed_sync_and_tags_that_end_are_told(here: Chasm) -> None:
    await here.subscribes("mirrors:failed expiry")
    here.quay.push(WEB, "soon", labels={"quay.expires-after": "3d"}, ago=timedelta(days=2))
    here.quay.push(WEB, "named", labels={"quay.expires-after": "3d"}, ago=timedelta(days=2))
    await here.hears(
        TagsExpiring(kind="repo_image_expiry", at=here.clock.now(), tags=("named",), expiring_in="7 days", **OF_WEB)
    )
    here.quay.mirror(WEB, "failed", "'registry.example/web' with tag pattern '*'")
    await here.lose("repo_mirror_sync_failed", "repo_image_expiry")
    await here.recovers()
    assert sorted(await here.told()) == [
        ("repo_image_expiry", "opened", ("named",)),
        ("repo_image_expiry", "opened", ("soon",)),
        ("repo_mirror_sync_failed", "opened", ()),
    ]
    assert sorted(await notes(here)) == ["", "recovered, 1 min late", "recovered, 3 min late"]
    await here.lose("repo_mirror_sync_failed", "repo_image_expiry", since=900)
    await here.recovers()
    assert len(await here.told()) == 3


async def test_a_sync_that_was_heard_of_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("mirrors")
    here.quay.mirror(WEB, "success", "m")
    here.clock.pass_by(8)
    event = MirrorSynced(
        kind="repo_mirror_sync_success", at=here.clock.now(), outcome=MirrorOutcome.SUCCESS, message="m", **OF_WEB
    )
    await here.hears(event)
    await here.lose("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed")
    await here.recovers()
    assert len(await here.told()) == 1
