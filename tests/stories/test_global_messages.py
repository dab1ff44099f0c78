"""Telling every user of the registry: over real HTTP, as a superuser and as somebody who is none, now and on time."""

import asyncio
import re
from pathlib import Path

from tests.stories.council import assemble
from tests.stories.reading import Json, buttons, read, words
from tests.stories.scenery import DEV, PEOPLE
from tests.stories.world import World

SCOPES = "super:user user:read repo:read"
APPROVAL = """
[[rule]]
name = "banners"
effect = "approve"
commands = ["message post"]
approvers = ["group:S0REL"]
approvals = 1
"""


def crown(world: World, name: str = "alice") -> None:
    """Somebody is a superuser whose token has the scope."""
    world.quay.users[name].superuser = True
    world.tokens[name] = world.quay.token(name, SCOPES)
    world.secrets.append(world.tokens[name])


async def said(world: World, *expected: str) -> Json:
    found = await world.shown(
        DEV, lambda every: next((one for one in every if all(text in words(one) for text in expected)), None)
    )
    assert found
    return found


def banners(world: World) -> list[str]:
    return [message.content for message in world.quay.messages]


async def yes(world: World, name: str, line: str) -> Json:
    """Somebody asks, looks at the preview, and presses its button."""
    preview = await world.hears(name, line)
    await world.presses(name, preview, "confirm", whisper=True)
    return preview


async def until(world: World, *expected: str) -> None:
    """Wait until just these are shown in Quay."""
    for _ in range(300):
        if banners(world) == list(expected):
            return
        await asyncio.sleep(0.05)
    assert banners(world) == list(expected)


async def test_everybody_is_told_and_it_is_taken_back(sleeping: World) -> None:
    world = sleeping
    crown(world)
    await world.wake()
    await world.links("alice")
    preview = await yes(world, "alice", '/quay message post warning "Read-only from six" --markdown')
    assert "Every user of the registry" in read(preview)
    shown = await said(world, "showed every user of", "a new global message", "*Verified:*")
    assert buttons(shown) == ["Undo"]
    assert banners(world) == ["Read-only from six"]
    await world.presses("alice", shown, "undo")
    await said(world, "nobody sees it any more", "*Verified:*")
    assert banners(world) == []
    assert "message post done" in await world.outcomes()


async def test_who_is_no_superuser_shows_nothing_to_anybody(sleeping: World) -> None:
    world = sleeping
    world.tokens["bob"] = world.quay.token("bob", SCOPES)
    await world.wake()
    await world.links("bob")
    for line in ('info "Hello"', 'info "Hello" --at "in 2 hours"'):
        await world.types("bob", f"/quay message post {line}")
        await world.whispered("bob", "Quay did not let you post global messages", "superuser")
    assert (banners(world), world.slack.messages(DEV)) == ([], [])


async def test_it_begins_and_ends_by_itself_whoever_restarts_meanwhile(sleeping: World) -> None:
    world = sleeping
    crown(world)
    await world.wake()
    await world.links("alice")
    await yes(world, "alice", '/quay message post info "Maintenance" --at "in 2 hours" --for 4h')
    await said(world, "scheduled a global message")
    listed = read(await world.hears("alice", "/quay message list"))
    assert re.search(r"`M[A-Z0-9]{4}` :information_source: info begins \(time\) until \(time\)", listed)
    await world.sleep()
    world.leap(hours=2)
    await world.wake()
    await until(world, "Maintenance")
    await said(world, "is shown to every user of the registry now")
    await world.sleep()
    world.leap(hours=4)
    await world.wake()
    await until(world)
    await said(world, "is over, and not shown any more", "it is gone")


async def test_who_unlinks_meanwhile_is_told_that_it_was_cancelled(sleeping: World) -> None:
    world = sleeping
    crown(world)
    await world.wake()
    await world.links("alice")
    await yes(world, "alice", '/quay message post info "Maintenance" --at "in 2 hours"')
    await said(world, "scheduled a global message")
    await world.types("alice", "/quay unlink")
    await world.whispered("alice", "I have forgotten", "I have cancelled what you had scheduled")
    await said(world, "was cancelled", "has unlinked their Quay account")
    world.leap(hours=2)
    assert banners(world) == []


async def test_it_is_approved_when_it_is_scheduled_and_not_again(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    crown(world)
    await assemble(world, tmp_path, APPROVAL)
    await yes(world, "alice", '/quay message post error "Storage is full" --at "in 1 hour" --for 1h')
    asked = await said(world, "Approval needed", "Storage is full", "for 1 h")
    await world.presses("bob", asked, "approval_approve")
    await said(world, "scheduled a global message")
    world.leap(hours=1)
    await until(world, "Storage is full")
    world.leap(hours=1)
    await until(world)
    assert PEOPLE["alice"] in str(world.slack.messages(DEV))
