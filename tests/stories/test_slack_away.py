"""Slack is away for half an hour: nothing is lost, and when it is back nobody is flooded."""

import asyncio
import re

import pytest

from tests.stories.reading import Json, buttons, read, words
from tests.stories.scenery import DEV, OPS
from tests.stories.world import PATIENCE, World, body_of

ALERTS = 20
REPOSITORIES = [f"acme/service{number}" for number in range(ALERTS)]


async def away(world: World, how: str) -> None:
    if how == "refused":
        await world.slack.unplug()
    else:
        world.slack.down = True


async def back(world: World, how: str) -> None:
    if how == "refused":
        await world.slack.plug_in()
    else:
        world.slack.down = False


async def push(world: World, repository: str, channel: str, tag: str = "v1") -> None:
    namespace, _, name = repository.partition("/")
    url = await world.hook("repo_push", repository, channel)
    body: Json = body_of("repo_push", repository=repository, namespace=namespace, name=name, updated_tags=[tag])
    assert await world.deliver(url, body) == 200


async def tried(world: World, repository: str) -> None:
    """Until the bot has read everything and failed to tell of this repository."""
    store = world.app.store
    async with asyncio.timeout(PATIENCE):
        while await store.inbox.waiting() or not (await store.trail.steps(repository))[0].reason:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["503", "refused"])
async def test_after_half_an_hour_a_channel_gets_one_message_with_the_lag(world: World, how: str) -> None:
    await away(world, how)
    for repository in REPOSITORIES:
        await push(world, repository, DEV)
    await push(world, "acme/alone", OPS)
    await tried(world, REPOSITORIES[0])
    await tried(world, "acme/alone")
    assert world.slack.messages(DEV) == world.slack.messages(OPS) == []
    world.leap(minutes=30)
    await back(world, how)
    await world.settled()

    (many,) = world.slack.messages(DEV)
    assert re.fullmatch(r"While Slack was away: 20 alerts, 30 min( \d+ s)? late\.", many["text"])
    (alone,) = world.slack.messages(OPS)
    assert alone["text"] == "Pushed acme/alone:v1."
    assert re.search(r"30 min( \d+ s)? late: Slack was away", read(alone))


async def test_all_that_was_gathered_can_be_looked_up(world: World) -> None:
    await away(world, "503")
    for repository in REPOSITORIES:
        await push(world, repository, DEV)
    await tried(world, REPOSITORIES[0])
    world.leap(minutes=30)
    await back(world, "503")
    many = await world.card(DEV, "20 alerts")
    assert buttons(many) == ["Show all"]
    await world.presses("alice", many, "show_all")
    listed = words(await world.window("alice", *REPOSITORIES))
    assert all(listed.count(f"{repository}:") == 1 for repository in REPOSITORIES)


async def test_a_few_late_messages_come_as_they_are(world: World) -> None:
    await away(world, "503")
    for repository in REPOSITORIES[:2]:
        await push(world, repository, DEV)
    await tried(world, REPOSITORIES[0])
    world.leap(minutes=30)
    await back(world, "503")
    await world.settled()
    texts = [message["text"] for message in world.slack.messages(DEV)]
    assert texts == [f"Pushed {repository}:v1." for repository in REPOSITORIES[:2]]


async def test_what_happens_afterwards_is_told_as_ever(world: World) -> None:
    await away(world, "503")
    for repository in REPOSITORIES:
        await push(world, repository, DEV)
    await tried(world, REPOSITORIES[0])
    world.leap(minutes=30)
    await back(world, "503")
    await world.settled()
    await push(world, "acme/web", DEV, "v2")
    await world.settled()
    gathered, new = world.slack.messages(DEV)
    assert gathered["text"].startswith("While Slack was away: 20 alerts")
    assert new["text"] == "Pushed acme/web:v2."
    assert "late" not in read(new)
