"""Quay cannot reach the bot for a while: what it switched off is found and reset, and nothing is lost or doubled."""

from collections import Counter

import pytest

from bot.domain.subscriptions import OFF
from tests.stories.reading import words
from tests.stories.scenery import DEV
from tests.stories.world import World

WEB, MIRRORED = "acme/web", "acme/mirrored"
FAILED_SYNC = "repo_mirror_sync_failed"
SYNC = "'registry.example/web' with tag pattern '*'"


@pytest.fixture
async def world(sleeping: World) -> World:
    """The bot knows where it is reached from, and #dev wants to hear of two repositories."""
    await sleeping.wake()
    await sleeping.sleep()
    place = sleeping.address
    await sleeping.wake(public_url=place, port=int(place.rpartition(":")[2]))
    await sleeping.links("alice")
    await subscribes(sleeping, WEB, "pushes builds:failure")
    await subscribes(sleeping, MIRRORED, "mirrors:failed")
    assert notifications(sleeping) == {"repo_push", "build_queued", "build_start", "build_failure", FAILED_SYNC}
    return sleeping


async def subscribes(world: World, target: str, line: str) -> None:
    """Somebody types it, and agrees to what it would do."""
    shown = await world.hears("alice", f"/quay subscribe {target} {line}")
    await world.presses("alice", shown, "confirm", whisper=True)
    await world.slack.wait(lambda: any(one.target == target for one in world.quay.notifications.values()))
    await world.settled()


def notifications(world: World) -> set[str]:
    """The events of which Quay tells the bot."""
    return {one.event for one in world.quay.notifications.values()}


async def time_passes(world: World, seconds: int) -> None:
    """Quay's worker looks every ten seconds; the bot does what it has to do on the way."""
    upkeep = world.app.desk.upkeep
    for _ in range(seconds // 10):
        world.leap(seconds=10)
        await world.quay.work()
        await world.settled()
        for work in (upkeep.tending, upkeep.recovering, upkeep.looking):
            await work.run()
    await world.settled()


async def told(world: World) -> Counter[str]:
    """How often the channel was told of each thing."""
    found = Counter[str]()
    for target in (WEB, MIRRORED):
        for step in await world.app.store.trail.steps(target, limit=100):
            if step.verdict in {"opened", "folded"}:
                found[" ".join((step.kind, *step.tags))] += 1
    return found


def failures(world: World) -> list[int]:
    """Quay's counters, and those that are switched off among them."""
    return sorted(one.number_of_failures for one in world.quay.notifications.values())


def said(world: World, what: str) -> list[str]:
    """The messages of the channel that say it."""
    return [text for text in map(words, world.slack.messages(DEV)) if what in text]


async def test_what_happened_while_the_bot_was_away_is_told_once_and_late(world: World) -> None:
    build = world.quay.git_push(world.quay.add_trigger(WEB))
    world.quay.push(WEB, "before", by="acme+ci")
    await time_passes(world, 600)
    place = world.address
    await world.sleep()
    world.quay.push(WEB, "v1", by="acme+ci")
    world.quay.move_build(build, "building")
    world.quay.move_build(build, "error")
    world.quay.mirror(MIRRORED, "failed", SYNC)
    for second in range(10, 130, 10):
        world.leap(seconds=10)
        await world.quay.work()
        if second == 100:
            world.quay.push(WEB, "v2", by="acme+ci")
    assert failures(world) == [0, OFF, OFF, OFF, OFF]
    assert world.quay.queue == []
    await world.wake()
    assert world.address == place
    await time_passes(world, 300)
    assert failures(world) == [0, 0, 0, 0, 0]
    assert await told(world) == {
        "repo_push before": 1,
        "repo_push v1": 1,
        "repo_push v2": 1,
        "build_failure latest main": 1,
        "repo_mirror_sync_failed": 1,
    }
    late = said(world, "recovered, ")
    for what in ("|acme/web:v1>", "|acme/web:v2>", "*Build failed*", "*Mirror sync failed*"):
        assert len([text for text in late if what in text]) == len(said(world, what)) == 1
    assert len(late) == 4
    before = len(world.slack.messages(DEV))
    await time_passes(world, 600)
    assert len(world.slack.messages(DEV)) == before


async def test_what_quay_repeats_after_the_reset_is_not_told_twice(world: World) -> None:
    await time_passes(world, 600)
    tags = [f"v{number}" for number in range(6)]
    world.quay.cut_off = True
    for tag in tags:
        world.quay.push(WEB, tag, by="acme+ci")
    world.leap(seconds=10)
    await world.quay.work()  # three of them fail, and the others are dropped
    assert max(failures(world)) == OFF
    repeated = len(world.quay.queue)
    assert 0 < repeated < len(tags)
    world.quay.cut_off = False
    await time_passes(world, 300)
    assert await told(world) == {f"repo_push {tag}": 1 for tag in tags}
    assert world.app.desk.upkeep.tending.counts["notifications_reset"] == 1
