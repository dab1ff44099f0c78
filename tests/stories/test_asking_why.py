"""Somebody asks what became of a push: from Quay's webhook through the channel's filter to the message in Slack."""

# ruff: noqa: E501 - golden sentences stand on one line

import secrets

from inline_snapshot import snapshot

from bot.operator import explain
from tests.stories.reading import read
from tests.stories.scenery import DEV, OPS, PEOPLE
from tests.stories.world import World, body_of
from webhooks.server import token_hash


async def pushed(world: World, *tags: str) -> None:
    """A URL that tells #ops of releases only and #dev of everything, and a push through each."""
    for channel, filter_ in ((DEV, ""), (OPS, "tag:v*")):
        secret = secrets.token_urlsafe(32)
        world.secrets.append(secret)
        hashed = token_hash(secret)
        store, now = world.app.store, world.clock.now()
        await store.hooks.add("repo_push", "acme/web", [channel], hashed, now, filter_=filter_)
        body = body_of("repo_push", repository="acme/web", namespace="acme", name="web", updated_tags=list(tags))
        assert await world.deliver(f"{world.address}/webhooks/quay/{secret}", body) == 200
    await world.settled()


async def answer(world: World, name: str, line: str, channel: str) -> str:
    before = len(world.slack.whispers(PEOPLE[name]))
    assert (await world.types(name, line, channel)).status == 200
    await world.slack.wait(lambda: len(world.slack.whispers(PEOPLE[name])) > before)
    return read(world.slack.whispers(PEOPLE[name])[-1])


async def test_everybody_in_the_channel_learns_why_a_push_is_there_or_not(world: World) -> None:
    await pushed(world, "latest")
    assert len(world.slack.messages(DEV)) == 1

    there = await answer(world, "dave", "/quay why acme/web", DEV)
    not_there = await answer(world, "dave", "/quay why acme/web:latest", OPS)

    assert "Sent (time)." in there
    assert not_there == snapshot("""\
The last event about `acme/web:latest`:
*`repo_push` of `latest`*
Received (time) as delivery 2, through webhook URL 2.
Filtered: `tag:v*`: the tag latest does not match.
What to do: nothing, if such events should stay out. For a URL with another filter, my operator can run `quaybot hooks add acme/web repo_push --channel C0OPS --filter …`.
Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.\
""")
    assert world.slack.messages(OPS) == []


async def test_whoever_can_read_the_repository_learns_about_the_other_channels_too(world: World) -> None:
    await pushed(world, "latest")
    await world.links("carol")
    await world.links("dave")

    assert "Matched: it opened card 1." in await answer(world, "carol", "/quay why acme/web", OPS)
    told = await answer(world, "dave", "/quay why acme/web", OPS)
    assert "Matched" not in told
    assert "Only this channel is shown." in told


async def test_the_operator_sees_every_channel(world: World) -> None:
    await pushed(world, "latest")

    lines = await explain(world.settings, "acme/web", "", 5)

    assert [line.split()[0] for line in lines if line.split()[:1] in (["Matched:"], ["Filtered:"])] == [
        "Filtered:",
        "Matched:",
    ]
