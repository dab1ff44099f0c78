"""Whatever happens to a call, Slack shows every message exactly once."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from bot.fakes.slack import Fault
from bot.fakes.slack.state import BOT_USER
from bot.ports import Lane
from tests.stories.reading import read
from tests.stories.scenery import ARCHIVE, DEV, OPS, OUTSIDE, PEOPLE, PRIVATE
from tests.stories.world import World, body_of
from webhooks.sample import sample

FAULTS = ("429", "500", "timeout", "reset", "reset_after", "error:internal_error", "error:fatal_error")


async def _parked(world: World) -> Sequence[Lane]:
    """The channels that are parked, as soon as there are any."""
    end = time.monotonic() + 20
    while not (lanes := await world.app.store.dead.lanes()):
        assert time.monotonic() < end, world.log.tail()
        await asyncio.sleep(0.02)
    return lanes


def _impatient(world: World) -> None:
    world.app.voice._deadline = 0.3  # ten seconds, for those who have no time


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_post_that_fails_is_shown_once_in_the_end(world: World, kind: str) -> None:
    _impatient(world)
    world.slack.faults = [Fault("chat.postMessage", kind, retry_after=1)]
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.settled()
    assert world.slack.faults == []
    assert [message["text"] for message in world.slack.messages(DEV)] == ["Pushed acme/web:latest."]
    posts = [call for call in world.slack.calls if call.method == "chat.postMessage"]
    assert len(posts) == (1 if kind in {"timeout", "reset_after"} else 2)


@pytest.mark.parametrize("kind", ["429", "500", "timeout", "reset", "reset_after"])
async def test_an_edit_that_fails_is_made_in_the_end(world: World, kind: str) -> None:
    _impatient(world)
    queued = await world.hook("build_queued", "acme/web", DEV)
    success = await world.hook("build_success", "acme/web", DEV)
    await world.deliver(queued, sample("build_queued"))
    await world.card(DEV, "Build queued")
    world.slack.faults = [Fault("chat.update", kind, retry_after=1)]
    await world.deliver(success, sample("build_success"))
    await world.card(DEV, "Build succeeded")
    await world.settled()
    assert world.slack.faults == []
    assert len(world.slack.messages(DEV)) == 1


async def test_a_search_that_fails_as_well_is_repeated(world: World) -> None:
    _impatient(world)
    world.slack.faults = [Fault("chat.postMessage", "reset_after"), Fault("conversations.history", "500")]
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.settled()
    assert world.slack.faults == []
    assert len(world.slack.messages(DEV)) == 1


async def test_an_outage_of_slack_delays_everything_and_loses_nothing(world: World) -> None:
    push = await world.hook("repo_push", "acme/web", DEV)
    quota = await world.hook("quota_warning", "acme", OPS)
    world.slack.down = True
    await world.deliver(push, sample("repo_push"))
    await world.deliver(quota, sample("quota_warning"))
    await world.slack.wait(lambda: len({call.args["channel"] for call in world.slack.calls if call.status == 503}) == 2)
    world.slack.down = False
    await world.settled()
    assert [message["text"] for message in world.slack.messages(DEV)] == ["Pushed acme/web:latest."]
    assert len(world.slack.messages(OPS)) == 1


async def test_a_channel_in_trouble_does_not_hold_up_the_others(world: World) -> None:
    dev = await world.hook("repo_push", "acme/web", DEV)
    ops = await world.hook("repo_push", "acme/web", OPS)
    world.slack.faults = [Fault("chat.postMessage", "429", times=99, retry_after=30, channel=DEV)]
    await world.deliver(dev, sample("repo_push"))
    await world.deliver(ops, sample("repo_push"))
    await world.card(OPS, "latest")
    assert world.slack.messages(DEV) == []


@pytest.mark.parametrize("channel", [OUTSIDE, PRIVATE, "C0NOWHERE"])
async def test_a_channel_without_the_bot_is_parked_and_everything_for_it_is_kept(world: World, channel: str) -> None:
    url = await world.hook("repo_push", "acme/web", channel, DEV)
    await world.deliver(url, sample("repo_push"))
    await world.card(DEV, "latest")
    (lane,) = await _parked(world)
    assert (lane.channel, lane.waiting) == (channel, 1)
    assert world.calls("chat.postMessage") == 2
    assert "channel_parked" in "\n".join(world.log.lines)


async def test_a_channel_to_which_the_bot_is_invited_later_gets_what_waited(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", OUTSIDE)
    await world.deliver(url, sample("repo_push"))
    await _parked(world)
    world.slack.channels[OUTSIDE].members.add(BOT_USER)
    assert await world.app.store.outbox.open_lane(OUTSIDE)
    await world.card(OUTSIDE, "latest")
    await world.settled()


@pytest.mark.parametrize(
    ("channel", "why"),
    [(OUTSIDE, "quaybot is not in the channel"), (PRIVATE, "There is no such channel, or it is private and quaybot")],
)
async def test_who_asks_where_the_bot_is_not_is_told_in_private(world: World, channel: str, why: str) -> None:
    await world.links("alice")
    await world.types("alice", f"/quay build acme/web --archive-url {ARCHIVE}", channel)
    note = await world.card(PEOPLE["alice"], why, "/invite @quaybot")
    assert read(note).startswith("I could not post in")
    await world.whispered("alice", "is queued")
    assert len(world.quay.builds) == 1
    assert "invalid_message" not in "\n".join(world.log.lines)


async def test_a_bot_that_may_not_search_rather_speaks_than_stays_silent(world: World) -> None:
    world.slack.scopes -= {scope for scope in world.slack.scopes if scope.endswith(":history")}
    world.slack.faults = [Fault("chat.postMessage", "500")]
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.card(DEV, "latest")
    assert world.calls("conversations.history") == 1


async def test_a_card_that_was_deleted_is_not_a_disaster(world: World) -> None:
    queued = await world.hook("build_queued", "acme/web", DEV)
    success = await world.hook("build_success", "acme/web", DEV)
    await world.deliver(queued, sample("build_queued"))
    card = await world.card(DEV, "Build queued")
    headers = {"Authorization": f"Bearer {world.slack.bot_token}"}
    gone = {"channel": DEV, "ts": card["ts"]}
    async with world.http.post(f"{world.slack.url}chat.delete", json=gone, headers=headers) as response:
        assert (await response.json())["ok"]
    await world.deliver(success, sample("build_success"))
    await world.settled()
    push = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(push, body_of("repo_push"))
    await world.shown(DEV, lambda messages: any("Pushed" in message["text"] for message in messages))
