"""Somebody asks for too much: they read when to come again, everybody else is served, and forgers use up nothing."""

from tests.stories import forging
from tests.stories.reading import words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

TOO_MUCH = "You have asked me for a lot in the last minute"


async def test_one_person_is_slowed_down_in_a_friendly_way_and_nobody_else(sleeping: World) -> None:
    world = sleeping
    await world.wake(limit_per_person=3)
    for _ in range(3):
        assert "What I can do" in words(await world.hears("alice", "/quay help"))
    told = words(await world.hears("alice", "/quay help"))
    assert TOO_MUCH in told
    assert "Please try again in" in told
    assert "What I can do" in words(await world.hears("bob", "/quay help"))
    world.leap(minutes=1)
    assert "What I can do" in words(await world.hears("alice", "/quay help"))


async def test_buttons_forms_and_mentions_count_as_well(sleeping: World) -> None:
    world = sleeping
    await world.wake(limit_per_person=2)
    await world.links("alice")
    await world.types("alice", f"/quay build acme/web --archive-url {ARCHIVE}")
    shown = await world.card(DEV, "Build queued")
    await world.hears("alice", "/quay help")
    await world.presses("alice", shown, "build_cancel")
    await world.whispered("alice", TOO_MUCH)
    (build,) = world.quay.builds.values()
    assert build.phase == "waiting"
    await world.mentions("alice", f"build acme/web --archive-url {ARCHIVE}")
    sent = forging.submission(world, PEOPLE["alice"], "link_account", {"token": world.tokens["bob"]})
    assert await forging.sends(world, sent) == 200
    await world.settled()
    assert len(world.quay.builds) == 1
    assert "link tried" not in await world.outcomes()


async def test_everybody_together_is_bounded_too(sleeping: World) -> None:
    world = sleeping
    await world.wake(limit_per_workspace=3)
    for name in ("alice", "bob", "carol"):
        assert "What I can do" in words(await world.hears(name, "/quay help"))
    assert "Everybody here together has asked me for a lot" in words(await world.hears("dave", "/quay help"))


async def test_forged_requests_use_up_nobodys_share(sleeping: World) -> None:
    world = sleeping
    await world.wake(limit_per_person=2)
    body = forging.command(world, PEOPLE["alice"], "help")
    now = world.clock.now().timestamp()
    for _ in range(10):
        assert (await forging.knock(world, body, forging.signed("not the secret at all", body, now)))[0] == 401
    for _ in range(2):
        assert "What I can do" in words(await world.hears("alice", "/quay help"))
