"""The usage log of the fake: windows, pages, counts, whose it is; and what changing a repository writes into it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.quay_scene import WEB, Scene, scene

ORG = "/api/v1/organization/acme"


async def _kinds(here: Scene, place: str = WEB, **more: Any) -> list[str]:
    _, body, _ = await here.call("alice", "GET", f"{place}/logs", **more)
    return [row["kind"] for row in body["logs"]]


async def test_the_window_is_from_yesterday_unless_it_is_asked_for_in_the_american_way() -> None:
    async with scene() as here:
        here.quay.push("acme/web", "old", ago=timedelta(days=10))
        here.quay.push("acme/web", "new")
        assert len(await _kinds(here)) == 1
        assert len(await _kinds(here, starttime="11/01/2026")) == 2
        assert len(await _kinds(here, starttime="11/01/2026", endtime="11/13/2026")) == 1
        assert len(await _kinds(here, starttime="11/01/2026", endtime="11/12/2026")) == 0
        assert len(await _kinds(here, starttime="2026-11-01")) == 1


async def test_the_log_comes_twenty_rows_at_a_time() -> None:
    async with scene() as here:
        for number in range(21):
            here.quay.push("acme/web", f"v{number}")
        _, first, _ = await here.call("alice", "GET", f"{ORG}/logs")
        _, second, _ = await here.call("alice", "GET", f"{ORG}/logs", next_page=first["next_page"])
        tags = [row["metadata"]["tag"] for row in first["logs"] + second["logs"]]
        assert (len(first["logs"]), tags) == (20, [f"v{number}" for number in reversed(range(21))])
        assert "next_page" not in second


async def test_rows_are_counted_by_kind_and_day() -> None:
    async with scene() as here:
        here.quay.push("acme/web", "a", ago=timedelta(hours=20))
        here.quay.push("acme/web", "b", "c", by="bob")
        here.quay.pull("acme/pub", "latest", "bob")
        _, body, _ = await here.call("alice", "GET", f"{ORG}/aggregatelogs")
        day, before = "Mon, 23 Nov 2026 00:00:00 -0000", "Sun, 22 Nov 2026 00:00:00 -0000"
        assert body["aggregated"] == [
            {"kind": "pull_repo", "count": 1, "datetime": day},
            {"kind": "push_repo", "count": 2, "datetime": day},
            {"kind": "push_repo", "count": 1, "datetime": before},
        ]
        _, body, _ = await here.call("alice", "GET", f"{WEB}/aggregatelogs", performer="bob")
        assert [row["count"] for row in body["aggregated"]] == [2]


async def test_the_callers_own_log_is_about_their_namespace() -> None:
    async with scene() as here:
        here.quay.add_repository("alice/own")
        here.quay.push("alice/own", "latest")
        here.quay.push("acme/web", "latest", by="alice")
        assert await _kinds(here, "/api/v1/user") == ["push_repo"]
        _, body, _ = await here.call("alice", "GET", "/api/v1/user/aggregatelogs")
        assert [row["count"] for row in body["aggregated"]] == [1]
        for path in ("logs", "aggregatelogs"):
            weak = here.quay.token("alice", "org:admin repo:admin")
            assert (await here.call(weak, "GET", f"/api/v1/user/{path}"))[0] == 403
            weak = here.quay.token("alice", "user:admin repo:admin")
            assert (await here.call(weak, "GET", f"{ORG}/{path}"))[0] == 403


async def test_a_description_and_a_visibility_are_changed_and_logged() -> None:
    async with scene() as here:
        assert (await here.call("alice", "PUT", WEB, {"description": "# new"}))[:2] == (200, {"success": True})
        change = f"{WEB}/changevisibility"
        assert (await here.call("alice", "POST", change, {"visibility": "public"}))[:2] == (200, {"success": True})
        _, view, _ = await here.call("anonymous", "GET", WEB)
        assert (view["description"], view["is_public"]) == ("# new", True)
        shown, described = here.quay.usage[-1], here.quay.usage[-2]
        assert (shown.kind, shown.metadata["visibility"]) == ("change_repo_visibility", "public")
        assert (described.kind, described.metadata["description"]) == ("set_repo_description", "# new")


async def test_a_writer_describes_but_does_not_show() -> None:
    async with scene() as here:
        here.quay.grant("bob", "acme/web", "write")
        assert (await here.call("bob", "PUT", WEB, {"description": "x"}))[0] == 200
        assert (await here.call("bob", "POST", f"{WEB}/changevisibility", {"visibility": "public"}))[0] == 403
        assert (await here.call("bob", "PUT", "/api/v1/repository/acme/nope", {"description": "x"}))[0] == 403
        assert (await here.call("alice", "PUT", "/api/v1/repository/acme/nope", {"description": "x"}))[0] == 404


async def test_the_time_machine_window_is_that_of_the_namespace() -> None:
    async with scene() as here:
        assert (await here.call("alice", "PUT", ORG, {"tag_expiration_s": 86400}))[0] == 200
        assert (await here.call("alice", "GET", WEB))[1]["tag_expiration_s"] == 86400


@pytest.mark.parametrize("query", ["acme/web", "acme"])
async def test_a_search_looks_at_names_and_descriptions_and_not_at_namespaces(query: str) -> None:
    async with scene() as here:
        assert (await here.call("alice", "GET", "/api/v1/find/repositories", query=query))[1]["results"] == []
        here.quay.repositories["acme/pub"].description = "the web is public"
        _, body, _ = await here.call("alice", "GET", "/api/v1/find/repositories", query="web", includeUsage="true")
        assert [one["name"] for one in body["results"]] == ["web", "pub"]
        assert body["results"][0]["stars"] == 0


async def test_a_search_for_everything_finds_teams_and_robots_and_needs_a_scope() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "cinema", members=["alice"])
        _, body, _ = await here.call("alice", "GET", "/api/v1/find/all", query="ci")
        assert [(one["kind"], one["name"]) for one in body["results"]] == [("team", "cinema"), ("robot", "acme+ci")]
        assert (await here.call("anonymous", "GET", "/api/v1/find/all", query="ci"))[1]["results"] == []
        weak = here.quay.token("alice", "user:read")
        assert (await here.call(weak, "GET", "/api/v1/find/all", query="ci"))[0] == 403


async def test_names_that_begin_alike_are_teams_first_for_members_only() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "ali-team")
        asked = {"namespace": "acme", "includeTeams": "true"}
        _, body, _ = await here.call("alice", "GET", "/api/v1/entities/ali", **asked)
        assert [(one["kind"], one["name"]) for one in body["results"]] == [("team", "ali-team"), ("user", "alice")]
        _, body, _ = await here.call("bob", "GET", "/api/v1/entities/ali", **asked)
        assert [one["name"] for one in body["results"]] == ["alice"]
