"""Notifications whose owner is somebody, somewhere: a person's own, those that are off, those that nobody may see."""

import json
from typing import Any

import pytest

from tests.fakes.quay_scene import WEB, Scene, scene

OWN = "/api/v1/user/namespacenotifications"
NOBODY = "00000000-0000-0000-0000-000000000000"


def wish(here: Scene, event: str = "quota_error", **more: Any) -> dict[str, Any]:
    return {
        "event": event,
        "method": "webhook",
        "config": {"url": f"{here.receiver.url}/own"},
        "eventConfig": {},
    } | more


async def test_ones_own_namespace_has_notifications_of_its_own() -> None:
    async with scene() as here:
        assert (await here.call("bob", "GET", OWN))[:2] == (200, {"notifications": []})
        status, made, _ = await here.call("bob", "POST", OWN, wish(here, title="quaybot"))
        assert (status, made["title"], made["number_of_failures"]) == (201, "quaybot", 0)
        assert (await here.call("bob", "GET", OWN))[1] == {"notifications": [made]}
        assert (await here.call("alice", "GET", OWN))[1] == {"notifications": []}
        one = f"{OWN}/{made['uuid']}"
        assert (await here.call("bob", "GET", one))[:2] == (200, made)
        assert (await here.call("bob", "POST", f"{one}/test"))[:2] == (200, {})
        here.quay.quota("bob", warning=False, percent=101)
        assert await here.quay.work() == 2
        assert {json.loads(body)["namespace"] for _, body in here.receiver.got} == {"bob"}
        assert (await here.call("bob", "POST", one))[0] == 204
        assert (await here.call("alice", "DELETE", one))[0] == 404
        assert (await here.call("bob", "DELETE", one))[0] == 204
        assert (await here.call("bob", "DELETE", one))[0] == 404
        assert [row.kind for row in here.quay.usage if row.namespace == "bob"] == [
            "create_namespace_notification",
            "reset_namespace_notification",
            "delete_namespace_notification",
        ]


async def test_ones_own_take_the_scope_and_quota_events_alone() -> None:
    async with scene() as here:
        assert (await here.call("carol", "GET", OWN))[0] == 403
        assert (await here.call("anonymous", "GET", OWN))[0] == 401
        status, said, _ = await here.call("bob", "POST", OWN, wish(here, "repo_push"))
        assert (status, said["detail"]) == (
            400,
            "Invalid event 'repo_push'. Must be one of: quota_error, quota_warning",
        )
        status, said, _ = await here.call("bob", "POST", OWN, wish(here, method="pigeon"))
        assert (status, said["detail"]) == (400, "Unknown notification method 'pigeon'")


async def test_what_is_switched_off_takes_test_calls_and_sends_nothing_until_it_is_reset() -> None:
    async with scene() as here:
        uuid = await here.listen("repo_push")
        here.quay.push("acme/web", "queued")
        here.quay.switch_off(uuid)
        assert (await here.call("alice", "POST", f"{WEB}/notification/{uuid}/test"))[:2] == (200, {})
        here.quay.push("acme/web", "missed")
        assert await here.quay.work() == 0
        assert (await here.call("alice", "GET", f"{WEB}/notification/{uuid}"))[1]["number_of_failures"] == 3
        assert (await here.call("alice", "POST", f"{WEB}/notification/{uuid}"))[0] == 204
        assert await here.quay.work() == 0
        here.quay.push("acme/web", "told")
        await here.quay.work()
        assert [json.loads(body)["updated_tags"] for _, body in here.receiver.got] == [["told"]]


async def test_each_notification_announces_an_expiry_once_also_when_it_is_off() -> None:
    async with scene() as here:
        first = await here.listen("repo_image_expiry", path="/first", days=5)
        here.quay.expire("acme/web", ["v1"])
        here.quay.expire("acme/web", ["v1"])
        await here.listen("repo_image_expiry", path="/second", days=7)
        here.quay.expire("acme/web", ["v1"])
        await here.quay.work()
        assert sorted(path for path, _ in here.receiver.got) == ["/first", "/second"]
        here.receiver.got.clear()
        here.quay.switch_off(first)
        here.quay.expire("acme/web", ["v2"])
        await here.quay.work()
        await here.call("alice", "POST", f"{WEB}/notification/{first}")
        here.quay.expire("acme/web", ["v2"])
        await here.quay.work()
        assert [path for path, _ in here.receiver.got] == ["/second"]


@pytest.mark.parametrize(
    ("outcome", "verb", "status"),
    [("started", "start", "SYNCING"), ("success", "end", "SUCCESS"), ("failed", "end", "FAIL")],
)
async def test_a_sync_is_in_the_usage_log_and_in_how_the_mirror_is(outcome: str, verb: str, status: str) -> None:
    async with scene() as here:
        here.quay.add_mirror("acme/mirrored", "acme+ci", status="NEVER_RUN")
        here.quay.mirror("acme/mirrored", outcome, "'host/x' with tag pattern '*'")
        (row,) = (await here.call("alice", "GET", "/api/v1/repository/acme/mirrored/logs"))[1]["logs"]
        assert (row["kind"], row["metadata"]) == (
            f"repo_mirror_sync_{outcome}",
            {
                "verb": verb,
                "namespace": "acme",
                "repo": "mirrored",
                "message": "'host/x' with tag pattern '*'",
                "tag": None,
                "tags": None,
                "stdout": None,
                "stderr": None,
            },
        )
        assert "performer" not in row
        seen = (await here.call("alice", "GET", "/api/v1/repository/acme/mirrored/mirror"))[1]
        assert seen["sync_status"] == status


async def test_a_sync_of_what_is_not_set_up_as_a_mirror_is_told_all_the_same() -> None:
    async with scene() as here:
        here.quay.mirror("acme/mirrored", "failed", "x")
        assert [row.kind for row in here.quay.usage] == ["repo_mirror_sync_failed"]


async def test_who_lost_all_rights_in_a_namespace_sees_nothing_of_it_any_more() -> None:
    async with scene() as here:
        here.quay.grant("bob", "acme/web", "admin")
        here.quay.add_team("acme", "devs", members=["bob", "carol"])
        here.quay.grant_team("devs", "acme/team/api", "admin")
        for path in (WEB, "/api/v1/repository/acme/team/api"):
            assert (await here.call("bob", "GET", f"{path}/notification/"))[0] == 200
        here.quay.ungrant("bob", "acme")
        for path in (WEB, "/api/v1/repository/acme/team/api"):
            assert (await here.call("bob", "GET", f"{path}/notification/"))[0] == 403
        assert here.quay.organizations["acme"].teams["devs"].members == ["carol"]
        here.quay.ungrant("alice", "acme")
        assert (await here.call("alice", "GET", "/api/v1/organization/acme/notifications"))[0] == 403
        here.quay.ungrant("bob", "bob")
        assert (await here.call("bob", "GET", OWN))[0] == 200
