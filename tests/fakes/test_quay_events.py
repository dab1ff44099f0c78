"""Which event fires when, and what its body holds: the recorded keys in the recorded order."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.quay_scene import WEB, Scene, scene

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "quay_webhooks.json").read_text())
EVENTS = sorted(set(RECORDED["real"]) - {"template"})
COMMIT = "a" * 40


async def _happen(here: Scene, event: str) -> None:
    quay = here.quay
    if event == "repo_push":
        quay.push("acme/web", "latest")
    elif event == "vulnerability_found":
        quay.find_vulnerability("acme/web", ["latest", "v2"], "CVE-2024-3094", "Critical", description="desc")
    elif event.startswith("repo_mirror"):
        quay.mirror("acme/web", event.rpartition("_")[2], "'host/x' with tag pattern '*'")
    elif event == "repo_image_expiry":
        quay.expire("acme/web", ["newtag", "labelled"])
    elif event.startswith("quota"):
        quay.quota("acme", warning=event == "quota_warning", percent=51)
    else:
        build = await here.build(docker_tags=["latest", "build-1"])
        if event == "build_cancelled":
            await here.call("alice", "DELETE", f"{WEB}/build/{build}")
        if event in {"build_start", "build_success", "build_failure"}:
            quay.move_build(build, {"build_start": "building", "build_success": "complete"}.get(event, "error"))


def _shape(value: Any) -> Any:
    """Keys in order and types, all the way down."""
    if isinstance(value, dict):
        return [(key, _shape(inner)) for key, inner in value.items()]
    return [_shape(value[0])] if isinstance(value, list) and value else type(value).__name__


async def _listen(here: Scene, event: str) -> str:
    config: dict[str, Any] = (
        {"days": 5} if event == "repo_image_expiry" else {"level": 3} if event == "vulnerability_found" else {}
    )
    where = "/api/v1/organization/acme" if event.startswith("quota") else WEB
    return await here.listen(event, where=where, **config)


@pytest.mark.parametrize("event", EVENTS)
async def test_a_real_body_has_the_recorded_keys_in_the_recorded_order(event: str) -> None:
    async with scene() as here:
        await _listen(here, event)
        await _happen(here, event)
        assert await here.quay.work() == 1
        body = here.receiver.got[0][1].decode()
        recorded = json.loads(RECORDED["real"][event])
        got = json.loads(body)
        assert body == json.dumps(got)
        for values in (recorded, got):  # recorded after a trigger's build
            if event == "build_failure":
                values |= {"trigger_id": None, "trigger_kind": None, "trigger_metadata": {}}
        assert _shape(got) == _shape(recorded)
        if "docker_url" in got:
            assert got["docker_url"] == f"{here.quay.url.removeprefix('http://')}/acme/web"
            assert got["homepage"].startswith(f"{here.quay.url}/repository/acme/web")


@pytest.mark.parametrize("event", sorted(RECORDED["test"]))
async def test_a_test_call_sends_the_recorded_sample(event: str) -> None:
    async with scene() as here:
        uuid = await _listen(here, event)
        home = "/api/v1/organization/acme/notifications" if event.startswith("quota") else f"{WEB}/notification"
        assert (await here.call("alice", "POST", f"{home}/{uuid}/test"))[:2] == (200, {})
        await here.quay.work()
        body = here.receiver.got[0][1].decode().replace(here.quay.url.removeprefix("http://"), "127.0.0.1:8081")
        undated = [re.sub(r'"date": \d+\.0', '"date": 0', text) for text in (body, RECORDED["test"][event])]
        assert undated[0] == undated[1]


async def test_samples_without_settings_show_it() -> None:
    async with scene() as here:
        for event in ("vulnerability_found", "repo_image_expiry"):
            uuid = await here.listen(event)
            await here.call("alice", "POST", f"{WEB}/notification/{uuid}/test")
        await here.quay.work()
        bodies = {path: json.loads(body) for path, body in here.receiver.got}
        assert bodies["/vulnerability_found"]["vulnerability"]["priority"] == "Unknown"
        assert bodies["/repo_image_expiry"]["expiring_in"] == "None days"


async def test_one_event_for_each_pushed_tag() -> None:
    async with scene() as here:
        await here.listen("repo_push")
        here.quay.push("acme/web", "latest", "v1", "v2")
        assert await here.quay.work() == 3
        tags = sorted(tag for _, body in here.receiver.got for tag in json.loads(body)["updated_tags"])
        assert tags == ["latest", "v1", "v2"]


async def _told(here: Scene, happen: Callable[[], Awaitable[None] | None]) -> list[str]:
    here.receiver.got.clear()
    for event in ("build_queued", "build_start", "build_success", "build_failure", "build_cancelled"):
        if not here.quay.listening("acme/web", event):
            await here.listen(event)
    await here.quay.work()
    here.receiver.got.clear()
    done = happen()
    if done is not None:
        await done
    await here.quay.work()
    return [path[1:] for path, _ in here.receiver.got]


@pytest.mark.parametrize(
    ("phase", "last_try", "told"),
    [
        ("build-scheduled", True, []),
        ("unpacking", True, []),
        ("pulling", True, []),
        ("building", True, ["build_start"]),
        ("pushing", True, []),
        ("complete", True, ["build_success"]),
        ("error", True, ["build_failure"]),
        ("error", False, []),
        ("internalerror", True, []),
        ("expired", True, ["build_failure"]),
        ("cancelled", True, ["build_cancelled"]),
    ],
)
async def test_a_phase_tells_its_event_or_nothing(phase: str, last_try: bool, told: list[str]) -> None:
    async with scene() as here:
        build = await here.build()
        assert await _told(here, lambda: here.quay.move_build(build, phase, last_try=last_try)) == told


async def test_staying_in_a_phase_tells_nothing_new() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.move_build(build, "building")
        assert await _told(here, lambda: here.quay.move_build(build, "building", step=2, steps=3)) == []


async def test_a_queued_build_of_a_trigger_names_the_trigger() -> None:
    async with scene() as here:
        await here.listen("build_queued")
        trigger = here.quay.add_trigger("acme/web")
        await here.call("alice", "POST", f"{WEB}/trigger/{trigger}/start", {"commit_sha": COMMIT})
        await here.quay.work()
        body = json.loads(here.receiver.got[0][1])
        assert list(body)[5:] == [
            "build_id",
            "docker_tags",
            "repo",
            "is_manual",
            "manual_user",
            "trigger_id",
            "trigger_kind",
            "trigger_metadata",
            "trigger_manual",
        ]
        assert (body["is_manual"], body["trigger_manual"], body["manual_user"]) == (True, True, "alice")
        here.quay.git_push(trigger, ref="refs/heads/dev")
        await here.quay.work()
        body = json.loads(here.receiver.got[1][1])
        assert (body["is_manual"], body["trigger_manual"], body["docker_tags"]) == (False, False, ["dev"])
        assert body["trigger_metadata"]["commit_info"]["author"]["username"] == "dev"


@pytest.mark.parametrize(
    ("expression", "ref", "passes"),
    [
        ("", None, True),
        ("refs/heads/main", None, False),
        ("refs/heads/", "refs/heads/main", True),
        ("main", "refs/heads/main", False),
        ("(", "refs/heads/main", False),
    ],
)
async def test_a_ref_expression_is_matched_from_the_start(expression: str, ref: str | None, passes: bool) -> None:
    async with scene() as here:
        await here.listen("build_queued", **{"ref-regex": expression})
        trigger = here.quay.add_trigger("acme/web")
        if ref is None:
            await here.build()
        else:
            here.quay.git_push(trigger, ref=ref)
        assert await here.quay.work() == int(passes)


@pytest.mark.parametrize("hooks", [1, 2, 3])
async def test_every_vulnerability_hook_gets_a_copy_for_each_hook(hooks: int) -> None:
    async with scene() as here:
        for number in range(hooks):
            await here.listen("vulnerability_found", path=f"/v{number}")
        here.quay.find_vulnerability("acme/web", ["latest"], "CVE-1", "Critical")
        assert await here.quay.work() == hooks * hooks
        assert [sum(path == f"/v{n}" for path, _ in here.receiver.got) for n in range(hooks)] == [hooks] * hooks


@pytest.mark.parametrize(
    ("config", "severity", "passes"),
    [
        ({}, "Critical", True),
        ({}, "High", False),
        ({"level": 3}, "Critical", True),
        ({"level": 3}, "High", False),
        ({"level": 3, "vulnerability": {"priority": "Low"}}, "Low", True),
        ({"level": "3", "vulnerability": {"priority": "Low"}}, "Low", True),
        ({"level": 1, "vulnerability": {"priority": "Low"}}, "Low", False),
        ({"level": 3, "vulnerability": {"priority": "Low"}}, "Negligible", False),
        ({"vulnerability": {"priority": "Unknown"}}, "Unknown", True),
    ],
)
async def test_level_and_priority_filter_in_two_places(config: dict[str, Any], severity: str, passes: bool) -> None:
    async with scene() as here:
        await here.listen("vulnerability_found", **config)
        here.quay.find_vulnerability("acme/web", ["latest"], "CVE-1", severity)
        assert await here.quay.work() == int(passes)


async def test_the_lowest_priority_of_a_repository_counts_for_all_its_hooks() -> None:
    async with scene() as here:
        await here.listen("vulnerability_found", path="/plain")
        await here.listen("vulnerability_found", path="/low", vulnerability={"priority": "Low"})
        here.quay.find_vulnerability("acme/web", ["latest"], "CVE-1", "High")
        await here.quay.work()
        assert sorted(path for path, _ in here.receiver.got) == ["/low", "/low", "/plain", "/plain"]


async def test_an_expiring_tag_is_announced_once_and_needs_days() -> None:
    async with scene() as here:
        await here.listen("repo_image_expiry", path="/with", days=5)
        await here.listen("repo_image_expiry", path="/without")
        here.quay.expire("acme/web", ["v1"])
        here.quay.expire("acme/web", ["v1", "v2"])
        await here.quay.work()
        assert {path for path, _ in here.receiver.got} == {"/with"}
        assert sorted(tuple(json.loads(body)["tags"]) for _, body in here.receiver.got) == [("v1",), ("v2",)]


async def test_quota_is_told_once_a_day_for_a_threshold_and_never_to_repositories() -> None:
    async with scene() as here:
        await here.listen("quota_warning")
        await here.listen("quota_warning", where="/api/v1/organization/acme", path="/org")
        here.quay.quota("acme", warning=True, percent=80)
        here.quay.quota("acme", warning=True, percent=80)
        assert await here.quay.work() == 1
        here.clock.pass_by(86400)
        here.quay.quota("acme", warning=True, percent=80)
        assert await here.quay.work() == 1
        body = json.loads(here.receiver.got[0][1])
        assert (body["usage_percent"], body["usage_bytes_formatted"], body["limit_bytes_formatted"]) == (
            80,
            "819.20 MB",
            "1.00 GB",
        )
        assert {path for path, _ in here.receiver.got} == {"/org"}
