"""Robots of the fake: who may see and change them, and what their end takes along."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.quay_scene import ALL_SCOPES, WEB, scene

ORG = "/api/v1/organization/acme/robots"
MINE = "/api/v1/user/robots"
CHANGES = (("GET", "/ci", 200), ("PUT", "/new", 201), ("POST", "/ci/regenerate", 200), ("DELETE", "/new", 204))


@pytest.mark.parametrize(
    ("scope", "organization", "own", "both"),
    [
        ("org:admin", True, False, 403),
        ("user:admin", False, True, 403),
        ("org:admin user:admin", True, True, 200),
        ("repo:admin super:user", False, False, 403),
    ],
)
async def test_robots_need_the_scope_of_whose_they_are(scope: str, organization: bool, own: bool, both: int) -> None:
    async with scene() as here:
        here.quay.add_robot("alice+ci")
        token = here.quay.token("alice", scope)
        for base, allowed in ((ORG, organization), (MINE, own)):
            assert (await here.call(token, "GET", base))[0] == (200 if allowed else 403)
            for method, ending, good in CHANGES:
                assert (await here.call(token, method, base + ending))[0] == (good if allowed else 403)
        assert (await here.call(token, "GET", f"{ORG}/ci/permissions"))[0] == both


async def test_permissions_of_a_robot_are_refused_in_two_shapes() -> None:
    async with scene() as here:
        weak = here.quay.token("alice", "user:admin")
        status, body, _ = await here.call(weak, "GET", f"{ORG}/ci/permissions")
        assert (status, list(body)) == (403, ["message"])
        weak = here.quay.token("alice", "org:admin")
        status, body, _ = await here.call(weak, "GET", f"{ORG}/ci/permissions")
        assert (status, body["error_type"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("who", ["bob", "superuser", "anonymous"])
async def test_robots_of_others_stay_as_they_are(who: str) -> None:
    async with scene() as here:
        token = here.quay.robots["acme+ci"].token
        for method, ending, _ in CHANGES:
            status = (await here.call(who, method, ORG + ending))[0]
            assert status == (401 if (who, method) == ("anonymous", "GET") else 403)
        assert (list(here.quay.robots), here.quay.robots["acme+ci"].token) == (["acme+ci"], token)


async def test_a_new_token_takes_the_place_of_the_old_one() -> None:
    async with scene() as here:
        old = here.quay.robots["acme+ci"].token
        _, body, _ = await here.call("alice", "POST", f"{ORG}/ci/regenerate")
        assert (len(body["token"]), body["token"] == old) == (64, False)
        assert here.quay.robots["acme+ci"].token == body["token"]
        row = here.quay.usage[-1]
        assert (row.kind, row.namespace, row.repository) == ("regenerate_robot_token", "acme", "")
        assert row.metadata["robot"] == "ci"


async def test_members_see_robots_without_tokens_and_places() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["bob", "acme+ci"])
        here.quay.grant("acme+ci", "acme/web", "write")
        _, body, _ = await here.call("bob", "GET", ORG, permissions="true")
        assert list(body["robots"][0]) == ["name", "created", "last_accessed", "description"]
        _, body, _ = await here.call("alice", "GET", ORG, permissions="true", token="false")
        (robot,) = body["robots"]
        assert ([team["name"] for team in robot["teams"]], robot["repositories"]) == (["devs"], ["web"])
        assert "token" not in robot
        _, body, _ = await here.call("alice", "GET", "/api/v1/organization/acme/team/devs/members")
        assert [one["is_robot"] for one in body["members"]] == [False, True]


async def test_the_end_of_a_robot_is_the_end_of_its_roles() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["acme+ci"])
        here.quay.grant("acme+ci", "acme/web", "write")
        assert (await here.call("alice", "DELETE", f"{ORG}/ci"))[0] == 204
        assert here.quay.repositories["acme/web"].roles == {}
        assert here.quay.organizations["acme"].teams["devs"].members == []
        assert (await here.call("alice", "DELETE", f"{ORG}/ci"))[0] == 400
        assert here.quay.usage[-1].kind == "delete_robot"


async def test_a_mirror_keeps_its_robot_and_says_which_one_it_is() -> None:
    async with scene() as here:
        here.quay.add_mirror("acme/mirrored", "acme+ci", "registry.example/base/ubi9", patterns=("9.*",))
        status, body, _ = await here.call("alice", "DELETE", f"{ORG}/ci")
        assert (status, body["detail"]) == (400, "Robot is being used by a mirror")
        _, body, _ = await here.call("alice", "GET", "/api/v1/repository/acme/mirrored/mirror")
        assert (body["robot_username"], body["external_reference"]) == ("acme+ci", "registry.example/base/ubi9")
        assert body["root_rule"] == {"rule_kind": "tag_glob_csv", "rule_value": ["9.*"]}
        assert (await here.call("alice", "GET", f"{WEB}/mirror"))[0] == 404
        with pytest.raises(KeyError):
            here.quay.add_mirror("acme/web", "acme+nobody")


async def test_pulls_of_a_robot_are_logged_and_show_that_it_was_here() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "latest")
        here.quay.pull("acme/web", "latest", "acme+ci", ago=timedelta(hours=3))
        here.quay.pull("acme/web", digest, "acme+ci")
        here.quay.pull("acme/web", "latest")
        _, body, _ = await here.call("alice", "GET", f"{ORG}/ci")
        assert body["last_accessed"] == "Mon, 23 Nov 2026 11:16:10 -0000"
        _, body, _ = await here.call("alice", "GET", "/api/v1/organization/acme/logs", performer="acme+ci")
        newest, older = body["logs"]
        assert (newest["kind"], newest["performer"]["is_robot"]) == ("pull_repo", True)
        assert (newest["metadata"]["manifest_digest"], older["metadata"]["tag"]) == (digest, "latest")
        assert older["datetime"] == "Mon, 23 Nov 2026 08:16:10 -0000"


@pytest.mark.parametrize(
    ("short", "wish", "words"),
    [
        ("Bad", {}, "must match expression"),
        ("a", {}, "must be between 2 and 255 characters"),
        ("ok", {"description": "x" * 256}, "is too long"),
        ("ok", {"unstructured_metadata": "x"}, "is not of type 'object'"),
    ],
)
async def test_a_robot_that_cannot_be_is_not_made(short: str, wish: dict[str, Any], words: str) -> None:
    async with scene() as here:
        status, body, _ = await here.call("alice", "PUT", f"{ORG}/{short}", wish)
        assert (status, words in body["detail"]) == (400, True)
        assert list(here.quay.robots) == ["acme+ci"]


async def test_own_robots_are_told_apart_by_who_asks() -> None:
    async with scene() as here:
        here.quay.add_robot("alice+mine", "for tests", metadata={"owner": "alice"})
        assert (await here.call("alice", "GET", f"{MINE}/mine"))[1]["unstructured_metadata"] == {"owner": "alice"}
        bob = here.quay.token("bob", ALL_SCOPES)
        assert (await here.call(bob, "GET", MINE))[1] == {"robots": []}
        assert (await here.call(bob, "GET", f"{MINE}/mine"))[0] == 400
        assert (await here.call(bob, "GET", "/api/v1/organization/bob/robots"))[0] == 403


async def test_robots_show_their_tokens_unless_told_not_to() -> None:
    async with scene() as here:
        path = "/api/v1/organization/acme/robots"
        assert len((await here.call("alice", "GET", path))[1]["robots"][0]["token"]) == 64
        assert "token" not in (await here.call("alice", "GET", path, token="false"))[1]["robots"][0]
        assert (await here.call(here.quay.token("alice"), "GET", path))[0] == 403
        assert (await here.call("bob", "GET", path))[0] == 403
