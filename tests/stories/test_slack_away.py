"""Slack is away for half an hour: nothing is lost, and when it is back nobody is flooded."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from tests.stories.reading import Json, buttons, read, words
from tests.stories.world import DEV, OPS, PATIENCE, World, a_world, body_of

ALERTS = 20
REPOSITORIES = [f"acme/service{number}" for number in range(ALERTS)]


class LeapingClock(SystemClock):
    """The machine's clock, for those who have no half hour to wait."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
async def later(database: Path) -> AsyncIterator[World]:
    """The world, with a clock that can leap."""
    async with a_world(database, LeapingClock()) as world:
        await world.wake()
        yield world


def leap(world: World, **span: float) -> None:
    assert isinstance(world.clock, LeapingClock)
    world.clock.ahead += timedelta(**span)


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
async def test_after_half_an_hour_a_channel_gets_one_message_with_the_lag(later: World, how: str) -> None:
    await away(later, how)
    for repository in REPOSITORIES:
        await push(later, repository, DEV)
    await push(later, "acme/alone", OPS)
    await tried(later, REPOSITORIES[0])
    await tried(later, "acme/alone")
    assert later.slack.messages(DEV) == later.slack.messages(OPS) == []
    leap(later, minutes=30)
    await back(later, how)
    await later.settled()

    (many,) = later.slack.messages(DEV)
    assert re.fullmatch(r"While Slack was away: 20 alerts, 30 min( \d+ s)? late\.", many["text"])
    (alone,) = later.slack.messages(OPS)
    assert alone["text"] == "Pushed acme/alone:v1."
    assert re.search(r"30 min( \d+ s)? late: Slack was away", read(alone))


async def test_all_that_was_gathered_can_be_looked_up(later: World) -> None:
    await away(later, "503")
    for repository in REPOSITORIES:
        await push(later, repository, DEV)
    await tried(later, REPOSITORIES[0])
    leap(later, minutes=30)
    await back(later, "503")
    many = await later.card(DEV, "20 alerts")
    assert buttons(many) == ["Show all"]
    await later.presses("alice", many, "show_all")
    listed = words(await later.window("alice", *REPOSITORIES))
    assert all(listed.count(f"{repository}:") == 1 for repository in REPOSITORIES)


async def test_a_few_late_messages_come_as_they_are(later: World) -> None:
    await away(later, "503")
    for repository in REPOSITORIES[:2]:
        await push(later, repository, DEV)
    await tried(later, REPOSITORIES[0])
    leap(later, minutes=30)
    await back(later, "503")
    await later.settled()
    texts = [message["text"] for message in later.slack.messages(DEV)]
    assert texts == [f"Pushed {repository}:v1." for repository in REPOSITORIES[:2]]


async def test_what_happens_afterwards_is_told_as_ever(later: World) -> None:
    await away(later, "503")
    for repository in REPOSITORIES:
        await push(later, repository, DEV)
    await tried(later, REPOSITORIES[0])
    leap(later, minutes=30)
    await back(later, "503")
    await later.settled()
    await push(later, "acme/web", DEV, "v2")
    await later.settled()
    gathered, new = later.slack.messages(DEV)
    assert gathered["text"].startswith("While Slack was away: 20 alerts")
    assert new["text"] == "Pushed acme/web:v2."
    assert "late" not in read(new)
