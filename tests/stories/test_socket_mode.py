"""Without a public address: the same bot behind Slack's Socket Mode."""

import asyncio

from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import PATIENCE, World


async def _connected(world: World) -> None:
    """Wake the bot with an app token, until it hangs on Slack's line."""
    token = type(world.settings.slack_app_token)(world.slack.app_token)
    await world.wake(slack_app_token=token)
    await _on_the_line(world)


async def _on_the_line(world: World) -> None:
    await world.slack.wait(lambda: world.slack._sockets.connected, PATIENCE)


async def test_a_command_is_answered_over_the_websocket(sleeping: World) -> None:
    await _connected(sleeping)
    answer = await sleeping.types("alice", "/quay help")
    assert answer.status == 200
    await sleeping.whispered("alice", "What I can do")


async def test_everything_works_over_the_websocket(sleeping: World) -> None:
    world = sleeping
    await _connected(world)
    await world.link_form("bob")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": "too short"}})
    assert world.slack.open_views(PEOPLE["bob"])[-1]["errors"]
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": world.tokens["bob"]}})
    await world.whispered("bob", "You are *bob*")
    await world.mentions("bob", f"build acme/web --archive-url {ARCHIVE}", event_id="EvOnce")
    await world.mentions("bob", f"build acme/web --archive-url {ARCHIVE}", event_id="EvOnce", retry=1)
    card = await world.card(DEV, "Build queued")
    await world.presses("bob", card, "build_logs")
    await world.window("bob", "There are no log lines yet")
    assert len(world.quay.builds) == 1


async def test_slack_may_move_the_line_and_nothing_is_missed(sleeping: World) -> None:
    await _connected(sleeping)
    old = list(sleeping.slack._sockets._open)
    await sleeping.slack.refresh_socket()
    await sleeping.slack.wait(lambda: any(line not in old for line in sleeping.slack._sockets._open), PATIENCE)
    assert (await sleeping.types("alice", "/quay help")).status == 200
    await sleeping.whispered("alice", "What I can do")


async def _knocking_in_vain(world: World, rest: float) -> None:
    """Wake the bot while Slack is down, until it has noticed. It rests `rest` seconds before it tries again."""
    world.slack.down = True
    token = type(world.settings.slack_app_token)(world.slack.app_token)
    await world.wake(slack_app_token=token)
    socket = world.app.room._socket
    assert socket is not None
    socket.handler.client.ping_interval = rest  # ten seconds in real life
    await world.slack.wait(lambda: any(call.status == 503 for call in world.slack.calls))


async def test_slack_is_down_at_first(sleeping: World) -> None:
    await _knocking_in_vain(sleeping, 0.5)
    sleeping.slack.down = False
    await _on_the_line(sleeping)
    await sleeping.types("alice", "/quay help")
    await sleeping.whispered("alice", "What I can do")


async def test_it_can_be_stopped_at_once_while_it_waits_for_slack(sleeping: World) -> None:
    await _knocking_in_vain(sleeping, 60)
    async with asyncio.timeout(PATIENCE):  # it rests far longer than that
        await sleeping.sleep()


async def test_webhooks_of_quay_come_in_all_the_same(sleeping: World) -> None:
    await _connected(sleeping)
    await sleeping.notification("repo_push", "acme/web", DEV)
    sleeping.quay.push("acme/web", "v1")
    await sleeping.quay.work()
    await sleeping.card(DEV, "v1")
