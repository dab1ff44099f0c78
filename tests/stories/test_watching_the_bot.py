"""What whoever watches the bot can see: numbers for Prometheus, and the details of its readiness."""

import re
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.errors import TryLater
from bot.fakes.slack import Fault
from tests.stories.scenery import DEV, OUTSIDE
from tests.stories.world import World
from webhooks.sample import sample


async def _numbers(world: World) -> dict[str, float]:
    async with world.http.get(f"{world.address}/metrics") as response:
        assert response.status == 200
        text = await response.text()
    samples = [sample_ for family in text_string_to_metric_families(text) for sample_ in family.samples]
    return {
        f"{one.name.removeprefix('quaybot_')}{''.join(f' {label}' for label in one.labels.values())}": one.value
        for one in samples
    }


async def _details(world: World) -> dict[str, Any]:
    async with world.http.get(f"{world.address}/readyz") as response:
        assert response.status == 200
        details: dict[str, Any] = await response.json()
    return details


async def test_the_numbers_follow_events_from_the_webhook_to_the_message(world: World) -> None:
    queued = await world.hook("build_queued", "acme/web", DEV)
    success = await world.hook("build_success", "acme/web", DEV)
    await world.deliver(queued, sample("build_queued"))
    await world.card(DEV, "Build queued")
    await world.deliver(success, sample("build_success"))
    await world.deliver(success, b"no JSON")
    await world.card(DEV, "Build succeeded")
    await world.settled()
    found = await _numbers(world)
    totals = {
        "deliveries_received": 3,
        "deliveries_stored": 3,
        "deliveries_settled": 2,
        "deliveries_set_aside": 1,
        "cards_opened": 1,
        "cards_turned": 1,
        "events_folded": 1,
        "messages_posted": 1,
        "messages_edited": 1,
    }
    assert {name: found[f"{name}_total"] for name in totals} == totals
    assert (found["dead deliveries"], found["dead messages"]) == (1, 0)
    assert (found["deliveries_waiting"], found["messages_waiting"], found["spool_records"]) == (0, 0, 0)
    assert (found["leader"], found["slack_answers"], found["lanes_parked"]) == (1, 1, 0)
    assert found["settled_seconds_count"] == 3
    assert found["posted_seconds_count"] == 1


async def test_a_lane_that_lags_behind_is_a_number(world: World) -> None:
    world.slack.faults = [Fault("chat.postMessage", "429", None, retry_after=60, channel=DEV)]
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.slack.wait(lambda: world.calls("chat.postMessage"))
    while not (found := await _numbers(world)).get("calls_refused_total chat.postMessage"):
        assert found["messages_waiting"] == 1
    assert found[f"lane_lag_seconds {DEV}"] > 0
    assert found["slack_answers"] == 1  # being asked for patience is no trouble
    assert (await _details(world))["slack"] == "ok"


async def test_a_parked_channel_is_among_the_details(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", OUTSIDE)
    await world.deliver(url, sample("repo_push"))
    while not (details := await _details(world))["parked_lanes"]:
        assert details["slack"] == "ok"
    (lane,) = details["parked_lanes"]
    assert (lane["channel"], lane["waiting"]) == (OUTSIDE, 1)
    assert "/invite" in lane["reason"]
    assert re.match(r"\d{4}-\d\d-\d\dT", lane["since"])
    assert (await _numbers(world))["lanes_parked"] == 1


async def test_a_token_that_slack_refuses_is_told_and_the_bot_stays_ready(world: World) -> None:
    world.slack.faults = [Fault("*", "error:token_revoked", None)]
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    while (details := await _details(world))["slack"] == "ok" or not details["messages_waiting"]:
        assert details["messages_waiting"] <= 1
    assert "token_revoked" in details["slack"]
    assert (details["status"], details["messages_waiting"]) == ("ready", 1)
    assert (await _numbers(world))["slack_answers"] == 0


async def test_a_slack_that_was_never_there_is_told_although_nothing_is_said(sleeping: World) -> None:
    sleeping.slack.faults = [Fault("auth.test", "500", None)]
    await sleeping.wake()
    while (details := await _details(sleeping))["slack"] == "ok":
        assert details["messages_waiting"] == 0
    assert (await _numbers(sleeping))["slack_answers"] == 0
    assert sleeping.slack.messages(DEV) == []


async def test_nothing_that_is_told_is_secret(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.settled()
    async with world.http.get(f"{world.address}/metrics") as response:
        told = await response.text() + str(await _details(world))
    assert [secret for secret in world.secrets if secret in told] == []


async def test_without_its_database_it_is_not_ready_and_still_has_numbers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.app.store.inbox, "waiting", _away)
    monkeypatch.setattr(world.app.store, "ready", _away)
    async with world.http.get(f"{world.address}/readyz") as response:
        told = await response.json()
    assert (response.status, told["status"], told["why"]) == (
        503,
        "not ready",
        "My database does not answer right now.",
    )
    found = await _numbers(world)
    assert (found["database_answers"], found["spool_records"]) == (0, 0)
    assert "deliveries_waiting" not in found


async def _away() -> int:
    raise TryLater("My database does not answer right now.")
