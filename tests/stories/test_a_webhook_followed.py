"""One delivery's id leads through the log, from the webhook to the message in Slack."""

import json
from typing import Any

from tests.stories.scenery import DEV
from tests.stories.world import World
from webhooks.sample import sample


def _logged(world: World, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line.partition(" ")[2]) for line in world.log.lines if line.partition(" ")[2][:1] == "{"]
    return [line for line in lines if line["event"] == event]


async def test_the_log_leads_from_a_delivery_to_its_message(world: World) -> None:
    queued = await world.hook("build_queued", "acme/web", DEV)
    success = await world.hook("build_success", "acme/web", DEV)
    await world.deliver(queued, sample("build_queued"))
    await world.card(DEV, "Build queued")
    await world.deliver(success, sample("build_success"))
    message = await world.card(DEV, "Build succeeded")
    await world.settled()
    settled = _logged(world, "deliveries_settled")
    assert [(line["first"], line["last"]) for line in settled] == [(1, 1), (2, 2)]
    told = {delivery: line for line in _logged(world, "card_told") for delivery in line["deliveries"]}
    assert {number: (line["verdict"], line["channel"]) for number, line in told.items()} == {
        1: ("opened", DEV),
        2: ("turned", DEV),
    }
    sent = [line for line in _logged(world, "sent") if line["key"] == told[2]["key"]]
    assert [(line["ts"], line["channel"]) for line in sent] == [(message["ts"], DEV)] * 2
    assert told[1]["key"] == told[2]["key"] == message["metadata"]["event_payload"]["key"]
