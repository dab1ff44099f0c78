"""A repository that two subscriptions of a channel cover: what happens there is told and looked up once."""

import json
from datetime import timedelta

from tests.plugins.slackless import trail
from tests.services.upkeep.keeper import Keeper
from tests.webhooks.mill import PUSH, Mill


async def settled(keeper: Keeper) -> None:
    for _ in range(3):
        keeper.clock.pass_by(5)
        for one in await keeper.store.subscriptions.claim(9, keeper.clock.now(), timedelta(seconds=1)):
            await keeper.tending.tend(one)


async def pushed(mill: Mill, keeper: Keeper, tag: str) -> int:
    """Quay sends it through every notification that it has; gives how many these are."""
    body = json.dumps(json.loads(PUSH) | {"updated_tags": [tag]}).encode()
    urls = [keeper.quay.urls[one.uuid] for one in keeper.quay.bells["acme/web"] if one.event == "repo_push"]
    for url in urls:
        await mill.sends(url.rpartition("/")[2], body)
    while await mill.pipeline.step():
        pass
    return len(urls)


async def test_a_push_is_told_and_looked_up_once_whoever_came_first(mill: Mill) -> None:
    keeper = Keeper(mill.store)
    keeper.quay.names = ["acme/api", "acme/web"]
    await keeper.subscribes("acme/*", "pushes", name="S1")
    await settled(keeper)
    await keeper.subscribes("acme/web", "pushes", name="S2")
    await settled(keeper)
    assert await pushed(mill, keeper, "v1") == 1
    assert await mill.queued() == [("C1", "Pushed acme/web:v1.")]
    assert len(await trail(mill.store)) == 1
    mill.clock.pass_by(60)
    lookups = await mill.store.lookups.claim(99, mill.clock.now(), timedelta(seconds=1))
    assert [one.subscription for one in lookups] == ["S2"]


async def test_no_push_is_lost_while_one_takes_over_from_another(mill: Mill) -> None:
    keeper = Keeper(mill.store)
    keeper.quay.names = ["acme/web"]
    await keeper.subscribes("acme/*", "pushes", name="S1")
    await settled(keeper)
    new = await keeper.subscribes("acme/web", "pushes", name="S2")
    assert await pushed(mill, keeper, "v1") == 1
    await keeper.tending.tend(new)
    assert await pushed(mill, keeper, "v2") == 2  # for a moment both are there
    await settled(keeper)
    assert await pushed(mill, keeper, "v3") == 1
    tags = [json.loads(step.tags) for step in await trail(mill.store)]
    assert tags == [["v1"], ["v2"], ["v2"], ["v3"]]
