"""Bodies about another repository than their URL is for: whoever knows a URL gets nothing done with it elsewhere."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.people import Person
from bot.domain.subscriptions import Part, Subscription, Wanted
from tests.services.upkeep.lookout import A, B
from tests.webhooks.mill import Mill
from tests.webhooks.test_pipeline_looked_up import BUILD, Works
from webhooks.server import token_hash

SECRET: Mapping[str, Any] = {"repository": "acme/secret", "namespace": "acme", "name": "secret"}
PUSHED: Mapping[str, Any] = {**SECRET, "updated_tags": ["v1"]}
BUILT: Mapping[str, Any] = {
    **BUILD,
    **SECRET,
    "docker_url": "quay.example.com/acme/secret",
    "homepage": "https://quay.example.com/repository/acme/secret",
    "build_id": "b9",
}


@pytest.fixture
def works(mill: Mill) -> Works:
    return Works(mill)


async def other_channel_follows(works: Works) -> None:
    """C2 is told of builds of acme/secret, and shows the one that runs."""
    now = works.now
    wanted = Wanted("acme/secret", ("build_start",))
    assert await works.store.subscriptions.add(Subscription("S2", "C2", wanted, Person("T1", "U-BOB"), "bob", now), now)
    part = Part("", "S2", "acme/secret", "build_start", silent=False, config="{}", created_at=now)
    await works.store.subscriptions.add_part(part, token_hash("OTHER"), now)
    await works.mill.sends("OTHER", json.dumps(BUILT).encode())
    await works.mill.pipeline.step()


async def test_a_push_to_another_repository_is_set_aside_and_not_looked_up(works: Works) -> None:
    await works.wants()
    works.has("v1", A, B)
    await works.receives(**PUSHED)
    await works.looks(after=2)
    assert (await works.mill.queued(), works.quay.calls) == ([], [])
    [reason] = await works.mill.reasons()
    assert "acme/web" in reason
    assert "secret" not in reason


async def test_a_held_push_to_another_repository_is_not_looked_up_either(works: Works) -> None:
    await works.wants(filter_="-by:acme+mirror")
    await works.receives(**PUSHED)
    await works.looks(after=30)
    assert (await works.mill.queued(), works.quay.calls) == ([], [])


async def test_a_build_of_another_repository_is_not_followed(works: Works) -> None:
    await works.wants("build_start")
    await works.receives(**BUILT)
    assert await works.store.watches.claim(10, works.now, timedelta(seconds=60)) == ()
    assert works.mill.moved == []


async def test_a_forged_build_does_not_change_the_card_of_another_channel(works: Works) -> None:
    await works.wants("build_failure")
    await other_channel_follows(works)
    assert [channel for channel, _ in await works.mill.queued()] == ["C2"]
    await works.receives(**BUILT | {"error_message": "Forged."})
    assert await works.mill.queued() == []


async def test_the_id_of_somebody_elses_build_does_not_lead_to_its_card(works: Works) -> None:
    await works.wants("build_failure")
    await other_channel_follows(works)
    assert [channel for channel, _ in await works.mill.queued()] == ["C2"]
    await works.receives(**BUILD | {"build_id": "b9", "error_message": "Forged."})
    assert [channel for channel, _ in await works.mill.queued()] == ["C1"]


async def test_an_operators_url_tells_its_own_channel_alone(works: Works) -> None:
    await other_channel_follows(works)
    assert [channel for channel, _ in await works.mill.queued()] == ["C2"]
    token = await works.mill.hook("build_failure", "C1", target="acme/web")
    await works.mill.sends(token, json.dumps(BUILT | {"error_message": "Forged."}).encode())
    await works.mill.pipeline.step()
    [(channel, text)] = await works.mill.queued()
    assert (channel, "sent to the webhook URL of acme/web" in text) == ("C1", True)
    assert await works.mill.reasons() == []


async def test_the_storage_of_another_namespace_is_set_aside(works: Works) -> None:
    now = works.now
    wanted = Wanted("acme", ("quota_error",))
    assert await works.store.subscriptions.add(Subscription("S3", "C1", wanted, Person("T1", "U1"), "ann", now), now)
    part = Part("", "S3", "acme", "quota_error", silent=False, config="{}", created_at=now)
    await works.store.subscriptions.add_part(part, token_hash("QUOTA"), now)
    for namespace in ("acme", "globex"):
        body = {"namespace": namespace, "threshold_percent": 90, "usage_percent": 95, "limit_bytes": 100}
        await works.mill.sends("QUOTA", json.dumps(body).encode())
    await works.mill.pipeline.step()
    assert len(await works.mill.queued()) == 1
    assert len(await works.mill.reasons()) == 1
