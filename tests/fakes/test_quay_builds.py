"""Builds and triggers: what can be asked for, what is shown to whom, how a build moves."""

import json
from typing import Any

import pytest

from bot.fakes.quay import FakeBuild
from tests.fakes.quay_scene import WEB, Scene, scene

COMMIT = "a" * 40


async def test_a_build_waits_with_the_recorded_keys_and_a_place_to_look() -> None:
    async with scene() as here:
        wish = {"archive_url": "https://example.com/src.tar.gz", "dockerfile_path": "docker/Dockerfile"}
        status, body, answer = await here.call("alice", "POST", f"{WEB}/build/", wish)
        assert status == 201
        assert answer.headers["Location"] == f"{WEB}/build/{body['id']}/status"
        assert (body["context"], body["subdirectory"], body["display_name"]) == (
            "docker",
            "docker/Dockerfile",
            "916b9d1",
        )
        assert isinstance(here.quay.builds[body["id"]], FakeBuild)


async def test_the_archive_address_is_for_writers() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.grant("reader", "acme/web", "read")
        _, seen, _ = await here.call(here.quay.token("reader"), "GET", f"{WEB}/build/{build}")
        assert "archive_url" not in seen
        assert not seen["is_writer"]
        assert "archive_url" in (await here.call("alice", "GET", f"{WEB}/build/{build}"))[1]


async def test_credentials_of_a_trigger_leak_to_repository_admins_only() -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web")
        build = here.quay.git_push(trigger)
        secret = here.quay.triggers[trigger].secret
        here.quay.grant("reader", "acme/web", "read")
        assert secret in json.dumps((await here.call("alice", "GET", f"{WEB}/build/{build}"))[1])
        _, seen, _ = await here.call(here.quay.token("reader"), "GET", f"{WEB}/build/{build}")
        assert secret not in json.dumps(seen)
        assert (seen["trigger"]["config"], seen["trigger"]["can_invoke"]) == ({}, False)
        assert seen["trigger_metadata"]["ref"] == "refs/heads/main"


async def test_builds_are_listed_newest_first_five_of_them_unless_asked() -> None:
    async with scene() as here:
        ids = []
        for _ in range(7):
            ids.append(await here.build())
            here.clock.pass_by(60)
        _, body, _ = await here.call("alice", "GET", f"{WEB}/build/")
        assert [entry["id"] for entry in body["builds"]] == ids[:1:-1]
        since = int(here.clock.now().timestamp()) - 125
        _, body, _ = await here.call("alice", "GET", f"{WEB}/build/", limit=100, since=since)
        assert [entry["id"] for entry in body["builds"]] == ids[:-3:-1]
        assert (await here.call("alice", "GET", f"{WEB}/build/", limit="x"))[0] == 400


async def test_a_full_queue_is_429_until_a_build_ends() -> None:
    async with scene() as here:
        here.quay.queue_limit["acme"] = 1
        build = await here.build()
        wish = {"archive_url": "https://example.com/x"}
        status, body, answer = await here.call("alice", "POST", f"{WEB}/build/", wish)
        assert (status, body) == (429, {"message": "Maximum queued build rate exceeded."})
        assert "Retry-After" not in answer.headers
        here.quay.move_build(build, "complete")
        await here.build()


async def _view(here: Scene, build: str) -> Any:
    return (await here.call("alice", "GET", f"{WEB}/build/{build}/status"))[1]


async def test_a_build_shows_its_progress_while_it_runs() -> None:
    async with scene() as here:
        build = await here.build()
        assert (await _view(here, build))["status"] == {}
        here.quay.move_build(build, "building", step=2, steps=5)
        view = await _view(here, build)
        assert (view["phase"], view["status"]["current_command"], view["status"]["total_commands"]) == (
            "building",
            2,
            5,
        )
        here.quay.move_build(build, "complete")
        assert ((await _view(here, build))["phase"], (await _view(here, build))["status"]) == ("complete", {})


async def test_a_silent_builder_shows_as_an_internal_error_and_later_as_expired() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.move_build(build, "building")
        here.quay.builds[build].silent_since = here.clock.now()
        here.clock.pass_by(61)
        assert (await _view(here, build))["phase"] == "internalerror"
        here.quay.move_build(build, "expired")
        assert (await _view(here, build))["phase"] == "expired"


async def test_a_build_that_cannot_be_loaded_says_so() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.redis_down = True
        view = await _view(here, build)
        assert (view["phase"], view["error"]) == ("cannot_load", "Redis may be down. Please contact support.")


async def test_logs_are_read_from_where_one_left_off() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.move_build(build, "building", log=[("Step 1/2 : FROM x", "command"), ("plain", None)])
        path = f"{WEB}/build/{build}/logs"
        _, body, _ = await here.call("alice", "GET", path, start=1)
        when = {"datetime": "2026-11-23 11:16:10.000000"}
        assert body == {
            "start": 1,
            "total": 3,
            "logs": [
                {"message": "Step 1/2 : FROM x", "type": "command", "data": when},
                {"message": "plain", "data": when},
            ],
        }
        assert (await here.call("alice", "GET", path, start="x"))[0] == 500
        here.quay.builds[build].archived = True
        assert list((await here.call("alice", "GET", path))[1]) == ["logs_url"]


async def test_only_waiting_builds_are_cancelled_for_sure() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.move_build(build, "building")
        path = f"{WEB}/build/{build}"
        status, body, _ = await here.call("alice", "DELETE", path)
        assert (status, body["detail"]) == (400, "Build is currently running or has finished")
        here.quay.manager_cancels = True
        assert (await here.call("alice", "DELETE", path))[0] == 201
        assert (await here.call("alice", "DELETE", path))[0] == 400


async def test_a_build_that_ended_cannot_move() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.move_build(build, "internalerror")
        here.quay.move_build(build, "building")
        here.quay.move_build(build, "error")
        with pytest.raises(ValueError, match="cannot become"):
            here.quay.move_build(build, "complete")


async def test_a_custom_trigger_starts_from_a_commit() -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web")
        path = f"{WEB}/trigger/{trigger}/start"
        status, body, _ = await here.call("alice", "POST", path, {"commit_sha": COMMIT})
        assert (status, body["tags"], body["display_name"], body["manual_user"]) == (
            201,
            ["aaaaaaa"],
            "aaaaaaa",
            "alice",
        )
        assert "archive_url" not in body
        assert body["trigger_metadata"] == {"commit": COMMIT, "git_url": "git@git.example:acme/web.git"}
        for wish, detail in (
            ({"commit_sha": "abc"}, "'abc' does not match '^([A-Fa-f0-9]{7,})$'"),
            ({}, "missing required parameter"),
            ({"refs": {"kind": "branch", "name": "main"}}, "missing required parameter"),
        ):
            status, body, _ = await here.call("alice", "POST", path, wish)
            assert (status, body["detail"]) == (400, detail)
        status, body, _ = await here.call("alice", "POST", path, {"commit": COMMIT})
        assert status == 400
        assert body["detail"].startswith("Additional properties are not allowed ('commit' was unexpected)\n\n")


async def test_a_hosted_trigger_starts_from_a_branch_or_a_tag() -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web", "github", source="acme/web", branches=("main", "dev"))
        path = f"{WEB}/trigger/{trigger}/start"
        for wish, ref, tags in (
            ({}, "refs/heads/main", ["latest", "main"]),
            ({"branch_name": "dev"}, "refs/heads/dev", ["dev"]),
            ({"refs": {"kind": "tag", "name": "v1"}}, "refs/tags/v1", ["v1"]),
        ):
            status, body, _ = await here.call("alice", "POST", path, wish)
            assert (status, body["trigger_metadata"]["ref"], body["tags"]) == (201, ref, tags)
        status, body, _ = await here.call("alice", "POST", path, {"branch_name": "nope"})
        assert (status, body["detail"]) == (400, "Could not find branch in repository")
        view = (await here.call("alice", "GET", f"{WEB}/trigger/{trigger}"))[1]
        assert view["repository_url"] == "https://github.com/acme/web"


@pytest.mark.parametrize(
    ("state", "detail"),
    [({"active": False}, "Trigger is not active."), ({"enabled": False}, "Trigger is not enabled.")],
)
async def test_a_trigger_that_is_off_does_not_start(state: dict[str, Any], detail: str) -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web", **state)
        status, body, _ = await here.call("alice", "POST", f"{WEB}/trigger/{trigger}/start", {"commit_sha": COMMIT})
        assert (status, body["detail"]) == (400, detail)


async def test_the_reason_stays_when_a_trigger_is_switched_on_again() -> None:
    async with scene() as here:
        path = f"{WEB}/trigger/{here.quay.add_trigger('acme/web')}"
        assert (await here.call("alice", "PUT", path, {"enabled": False}))[1]["disabled_reason"] == "user_toggled"
        _, view, _ = await here.call("alice", "PUT", path, {"enabled": True})
        assert (view["enabled"], view["disabled_reason"], view["config"], view["can_invoke"]) == (
            True,
            "user_toggled",
            {},
            False,
        )


async def test_builds_of_a_trigger_are_listed() -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web")
        await here.build()
        build = here.quay.git_push(trigger)
        _, body, _ = await here.call("alice", "GET", f"{WEB}/trigger/{trigger}/builds", limit=5)
        assert [entry["id"] for entry in body["builds"]] == [build]


@pytest.mark.parametrize(
    ("content_type", "data", "status", "message"),
    [
        (
            "application/x-www-form-urlencoded",
            b"archive_url=x",
            415,
            "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
        ),
        (
            "application/json",
            b"{not json",
            400,
            "The browser (or proxy) sent a request that this server could not understand.",
        ),
    ],
)
async def test_bodies_that_are_no_json_are_refused(content_type: str, data: bytes, status: int, message: str) -> None:
    async with scene() as here:
        headers = {"Authorization": f"Bearer {here.tokens['alice']}", "Content-Type": content_type}
        async with here.session.post(f"{here.quay.url}{WEB}/build/", data=data, headers=headers) as answer:
            assert (answer.status, await answer.json()) == (status, {"message": message})


async def test_a_robot_of_a_foreign_namespace_or_without_org_admin_cannot_pull() -> None:
    async with scene() as here:
        here.quay.add_robot("bob+ci")
        wish = {"archive_url": "https://example.com/x", "pull_robot": "bob+ci"}
        assert (await here.call("alice", "POST", f"{WEB}/build/", wish))[0] == 403
        wish["pull_robot"] = "acme+ci"
        assert (await here.call(here.quay.token("alice"), "POST", f"{WEB}/build/", wish))[0] == 403
        assert (await here.call("alice", "POST", f"{WEB}/build/", {"archive_url": "http://[x"}))[0] == 400


async def test_a_repository_shows_its_statistics_and_lists_what_is_asked_for() -> None:
    async with scene() as here:
        _, view, _ = await here.call("alice", "GET", WEB, includeTags="false", includeStats="true")
        assert "tags" not in view
        assert (len(view["stats"]), view["stats"][0]) == (91, {"date": "2026-11-22", "count": 0})
        here.quay.push("acme/web", "latest")
        asked = {"namespace": "acme", "last_modified": "true", "popularity": "true", "next_page": "broken"}
        _, body, _ = await here.call("alice", "GET", "/api/v1/repository", **asked)
        first = body["repositories"][0]
        assert list(first)[6:8] == ["last_modified", "popularity"]
        assert first["last_modified"] == int(here.clock.now().timestamp())
        assert (await here.call("alice", "GET", "/api/v1/repository", starred="true"))[1] == {"repositories": []}
