"""Organizations, teams, stars, accounts and the usage log: what each role and scope shows and allows."""

from datetime import timedelta

import pytest

from bot.fakes.quay import FakeQuay
from tests.fakes.quay_scene import ALL_SCOPES, WEB, HandClock, scene, visitor

ORG = "/api/v1/organization/acme"
BUILD = {"archive_url": "https://example.com/x"}


@pytest.mark.parametrize(("role", "status"), [("read", 403), ("write", 201), ("admin", 201), ("none", 403)])
async def test_a_teams_role_on_a_repository_counts_for_its_members(role: str, status: int) -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["dora"])
        here.quay.grant_team("devs", "acme/web", role)
        token = here.quay.token("dora", ALL_SCOPES)
        assert (await here.call(token, "POST", f"{WEB}/build/", BUILD))[0] == status
        assert (await here.call("bob", "POST", f"{WEB}/build/", BUILD))[0] == 403
        here.quay.leave_team("acme", "devs", "dora")
        assert (await here.call(token, "POST", f"{WEB}/build/", BUILD))[0] == 403


async def test_the_larger_of_the_own_and_the_teams_role_counts_under_the_scope() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["dora"])
        here.quay.grant_team("devs", "acme/web", "write")
        here.quay.grant("dora", "acme/web", "read")
        view = (await here.call(here.quay.token("dora", ALL_SCOPES), "GET", WEB))[1]
        assert (view["can_write"], view["can_admin"]) == (True, False)
        view = (await here.call(here.quay.token("dora", "repo:read"), "GET", WEB))[1]
        assert view["can_write"] is False


async def test_members_of_an_admin_team_are_admins_of_the_organization() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "bosses", "admin", ["dora"])
        token = here.quay.token("dora", ALL_SCOPES)
        view = (await here.call(token, "GET", ORG))[1]
        assert (view["is_admin"], view["is_member"], list(view["teams"])) == (True, True, ["owners", "bosses"])
        assert (await here.call(token, "GET", WEB))[1]["can_admin"]


async def test_without_org_admin_an_organization_looks_as_to_strangers() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["dora"])
        full, bare = (here.quay.token("dora", scopes) for scopes in (ALL_SCOPES, "repo:admin user:admin user:read"))
        view = (await here.call(full, "GET", ORG))[1]
        assert {name: team["can_view"] for name, team in view["teams"].items()} == {"owners": False, "devs": True}
        assert view["is_member"]
        view = (await here.call(bare, "GET", ORG))[1]
        assert set(view) == {"name", "email", "avatar", "is_admin", "is_member"}
        assert not view["is_member"]


async def test_members_of_a_team_are_shown_to_members_and_admins_with_org_admin() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["dora"])
        path = f"{ORG}/team/devs/members"
        dora = here.quay.token("dora", ALL_SCOPES)
        assert [m["name"] for m in (await here.call(dora, "GET", path))[1]["members"]] == ["dora"]
        assert (await here.call("alice", "GET", path))[1]["can_edit"] is True
        for who in ("bob", here.quay.token("dora", "repo:admin user:admin"), here.quay.token("alice")):
            assert (await here.call(who, "GET", path))[0] == 403
        assert (await here.call("anonymous", "GET", path))[0] == 401
        assert (await here.call("alice", "GET", f"{ORG}/team/nosuch/members"))[0] == 404
        assert (await here.call("bob", "GET", f"{ORG}/team/nosuch/members"))[0] == 403


async def test_only_admins_change_a_team_and_what_is_wrong_is_said() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "devs", members=["bob"])
        path = f"{ORG}/team/devs/members"
        assert (await here.call("bob", "PUT", f"{path}/carol"))[0] == 403
        assert (await here.call("alice", "PUT", f"{path}/carol"))[0] == 200
        assert (await here.call("alice", "DELETE", f"{path}/carol"))[0] == 204
        assert (await here.call("alice", "DELETE", f"{path}/carol"))[0] == 400
        assert (await here.call("alice", "DELETE", f"{ORG}/team/owners"))[0] == 400
        assert (await here.call("alice", "DELETE", f"{ORG}/team/devs"))[0] == 204
        assert "devs" not in here.quay.organizations["acme"].teams


async def test_a_members_organizations_are_in_the_answer_about_them() -> None:
    async with scene() as here:
        here.quay.add_team("acme", "makers", "creator", ["dora"])
        view = (await here.call(here.quay.token("dora", ALL_SCOPES), "GET", "/api/v1/user/"))[1]
        [found] = view["organizations"]
        assert (found["name"], found["is_org_admin"], found["can_create_repo"]) == ("acme", False, True)
        assert (await here.call("bob", "GET", "/api/v1/user/"))[1]["organizations"] == []


async def test_stars_are_the_persons_own_and_their_list_needs_user_admin() -> None:
    async with scene() as here:
        star = {"namespace": "acme", "repository": "web"}
        assert (await here.call("alice", "POST", "/api/v1/user/starred", star))[0] == 201
        listed = await here.call("alice", "GET", "/api/v1/repository", starred="true")
        assert [entry["name"] for entry in listed[1]["repositories"]] == ["web"]
        assert (await here.call("alice", "GET", WEB))[1]["is_starred"] is True
        assert (await here.call("bob", "POST", "/api/v1/user/starred", star))[:2] == (200, None)
        assert (await here.call("bob", "GET", "/api/v1/user/starred"))[1] == {"repositories": []}
        assert (await here.call("carol", "GET", "/api/v1/user/starred"))[0] == 403
        assert (await here.call("alice", "DELETE", "/api/v1/user/starred/acme/web"))[0] == 204
        assert (await here.call("alice", "DELETE", "/api/v1/user/starred/acme/web"))[0] == 404


async def test_the_superusers_list_has_pages_and_is_for_superusers() -> None:
    async with scene() as here:
        path, names, token = "/api/v1/superuser/users/", [], {}
        while True:
            _, body, _ = await here.call("superuser", "GET", path, limit=2, **token)
            names += [user["username"] for user in body["users"]]
            if "next_page" not in body:
                break
            token = {"next_page": body["next_page"]}
        assert names == list(here.quay.users)
        assert (await here.call("superuser", "GET", path, limit=101))[0] == 400
        assert (await here.call(here.quay.token("super", "user:admin"), "GET", path))[0] == 403


async def test_the_usage_log_has_pages_newest_first() -> None:
    async with scene() as here:
        for _ in range(45):
            here.quay.push("acme/web", "v1", by="acme+ci")
            here.clock.pass_by(1)
        rows, token = [], {}
        for expected in (20, 20, 5):
            _, body, _ = await here.call("alice", "GET", f"{WEB}/logs", **token)
            assert len(body["logs"]) == expected
            rows += body["logs"]
            token = {"next_page": body.get("next_page")}
        assert token == {"next_page": None}
        assert {row["performer"]["is_robot"] for row in rows} == {True}
        assert (await here.call("alice", "GET", f"{WEB}/logs", next_page="garbage"))[1]["logs"][0] == rows[0]


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        ({}, ["today"]),
        ({"starttime": "11/20/2026", "endtime": "11/20/2026"}, ["old"]),
        ({"starttime": "11/20/2026"}, ["today", "old"]),
        ({"starttime": "2026-11-20", "endtime": "2026-11-20"}, ["today"]),
    ],
)
async def test_dates_of_the_usage_log_are_american_or_silently_ignored(query: dict[str, str], tags: list[str]) -> None:
    async with scene() as here:
        here.clock.time -= timedelta(days=3)
        here.quay.push("acme/web", "old")
        here.clock.time += timedelta(days=3)
        here.quay.push("acme/web", "today")
        _, body, _ = await here.call("alice", "GET", f"{WEB}/logs", **query)
        assert [row["metadata"]["tag"] for row in body["logs"]] == tags


async def test_the_usage_log_is_for_repository_admins_with_repo_admin() -> None:
    async with scene() as here:
        here.quay.grant("bob", "acme/web", "write")
        assert (await here.call("bob", "GET", f"{WEB}/logs"))[0] == 403
        here.quay.grant("bob", "acme/web", "admin")
        assert (await here.call("bob", "GET", f"{WEB}/logs"))[0] == 200
        assert (await here.call(here.quay.token("bob", "repo:write"), "GET", f"{WEB}/logs"))[0] == 403


async def test_what_a_session_did_names_no_application() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        build = await here.build()
        assert (await browser.ask("DELETE", f"{WEB}/build/{build}"))[0] == 201
        _, body, _ = await browser.ask("GET", f"{WEB}/logs")
        row = body["logs"][0]
        assert (row["kind"], row["performer"]["name"]) == ("cancel_build", "alice")
        assert row["metadata"] == {"build_uuid": build}


async def test_an_organizations_log_can_be_narrowed_to_a_performer() -> None:
    async with scene() as here:
        here.quay.push("acme/web", "a", by="alice")
        here.quay.push("acme/pub", "b", by="bob")
        _, body, _ = await here.call("alice", "GET", f"{ORG}/logs", performer="bob")
        assert [row["metadata"]["tag"] for row in body["logs"]] == ["b"]


def test_setting_the_scene_wrongly_is_an_error_at_once() -> None:
    quay = FakeQuay(clock=HandClock())
    quay.add_organization("acme")
    quay.add_repository("acme/web")
    for wrong in (
        lambda: quay.add_team("acme", "devs", "god"),
        lambda: quay.grant_team("nosuch", "acme/web", "read"),
        lambda: quay.leave_team("acme", "owners", "nobody"),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            wrong()
    with pytest.raises(KeyError):
        quay.add_application("nosuch", "bot")
