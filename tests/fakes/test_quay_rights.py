"""Roles and scopes, dead tokens and slashes: what opens which call, and how the others are turned away."""

import json

import aiohttp
import pytest

from tests.fakes.quay_scene import ALL_SCOPES, WEB, scene

BUILD = {"archive_url": "https://example.com/x"}
DIGEST = f"sha256:{'1' * 64}"
LABEL = {"key": "approved", "value": "yes", "media_type": "text/plain"}
CALLS = {
    "look": ("GET", WEB, None, 200),
    "tags": ("GET", f"{WEB}/tag/", None, 200),
    "builds": ("GET", f"{WEB}/build/", None, 200),
    "build": ("POST", f"{WEB}/build/", BUILD, 201),
    "hooks": ("GET", f"{WEB}/notification/", None, 200),
    "triggers": ("GET", f"{WEB}/trigger/", None, 200),
    "manifest": ("GET", f"{WEB}/manifest/{DIGEST}", None, 200),
    "labels": ("GET", f"{WEB}/manifest/{DIGEST}/labels", None, 200),
    "scan": ("GET", f"{WEB}/manifest/{DIGEST}/security", None, 200),
    "restore": ("POST", f"{WEB}/tag/latest/restore", {"manifest_digest": DIGEST}, 200),
    "move": ("PUT", f"{WEB}/tag/other", {"manifest_digest": DIGEST}, 201),
    "delete": ("DELETE", f"{WEB}/tag/other", None, 204),
    "label": ("POST", f"{WEB}/manifest/{DIGEST}/labels", LABEL, 201),
    "describe": ("PUT", WEB, {"description": "new"}, 200),
    "hide": ("POST", f"{WEB}/changevisibility", {"visibility": "private"}, 200),
    "people": ("GET", f"{WEB}/permissions/user/", None, 200),
    "teams": ("GET", f"{WEB}/permissions/team/", None, 200),
    "mirror": ("GET", f"{WEB}/mirror", None, 404),
    "log": ("GET", f"{WEB}/logs", None, 200),
    "counts": ("GET", f"{WEB}/aggregatelogs", None, 200),
}
_READERS = ("look", "tags", "builds", "manifest", "labels", "scan")
_WRITERS = ("build", "restore", "move", "delete", "label", "describe")
NEEDS = {name: 1 if name in _READERS else 2 if name in _WRITERS else 3 for name in CALLS}
ROLES = {None: 0, "read": 1, "write": 2, "admin": 3}
SCOPES = {"user:read": 0, "repo:read": 1, "repo:write": 2, "repo:admin": 3, "repo:create": 0, "org:admin": 0}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_call_needs_the_role_and_the_scope(role: str | None, scope: str) -> None:
    async with scene() as here:
        if role:
            here.quay.grant("dora", "acme/web", role)
        here.quay.push("acme/web", "latest", digest=DIGEST)
        token = here.quay.token("dora", scope)
        for name, (method, path, body, good) in CALLS.items():
            status, answer, _ = await here.call(token, method, path, body)
            allowed = min(ROLES[role], SCOPES[scope]) >= NEEDS[name]
            assert status == (good if allowed else 403), name
            assert allowed or answer["error_type"] == "insufficient_scope"


async def test_build_logs_are_for_writers() -> None:
    async with scene() as here:
        build = await here.build()
        here.quay.grant("reader", "acme/web", "read")
        here.quay.grant("writer", "acme/web", "write")
        for name, expected in {"reader": 403, "writer": 200}.items():
            token = here.quay.token(name)
            assert (await here.call(token, "GET", f"{WEB}/build/{build}/logs"))[0] == expected


async def test_a_writer_cannot_cancel_the_build_they_requested() -> None:
    async with scene() as here:
        here.quay.grant("writer", "acme/web", "write")
        token = here.quay.token("writer", ALL_SCOPES)
        _, made, _ = await here.call(token, "POST", f"{WEB}/build/", BUILD)
        assert (await here.call(token, "DELETE", f"{WEB}/build/{made['id']}"))[0] == 403
        assert (await here.call("alice", "DELETE", f"{WEB}/build/{made['id']}"))[:2] == (201, "Okay")


async def test_can_write_and_can_admin_tell_the_rights_under_the_scopes() -> None:
    async with scene() as here:
        for scopes, expected in {
            "repo:read": (False, False),
            "repo:write": (True, False),
            "repo:admin": (True, True),
        }.items():
            _, view, _ = await here.call(here.quay.token("alice", scopes), "GET", WEB)
            assert (view["can_write"], view["can_admin"]) == expected


@pytest.mark.parametrize("death", ["revoked", "disabled", "unknown", "basic"])
async def test_a_dead_token_is_401_on_reads_csrf_on_writes_and_anonymous_on_public_data(death: str) -> None:
    async with scene() as here:
        token = here.quay.token("alice")
        if death == "revoked":
            here.quay.revoke(token)
        elif death == "disabled":
            here.quay.disable_user("alice")
        headers = {"Authorization": f"{'Basic' if death == 'basic' else 'Bearer'} {token}"}
        if death == "unknown":
            headers = {"Authorization": "Bearer " + "X" * 40}
        url = here.quay.url
        async with here.session.get(f"{url}/api/v1/user/", headers=headers) as answer:
            body = await answer.json()
            assert (answer.status, body["error_type"], body["session_required"]) == (401, "invalid_token", False)
        async with here.session.get(f"{url}{WEB}", headers=headers) as answer:
            assert (answer.status, (await answer.json())["error_type"]) == (401, "invalid_token")
        async with here.session.get(f"{url}/api/v1/repository/acme/pub", headers=headers) as answer:
            assert answer.status == 200
            assert not (await answer.json())["can_admin"]
        async with here.session.post(f"{url}{WEB}/build/", json=BUILD, headers=headers) as answer:
            assert answer.status == 403
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert await answer.text() == '{"error": "CSRF token was invalid or missing."}'


async def test_a_good_token_without_user_read_is_401_on_user() -> None:
    async with scene() as here:
        token = here.quay.token("alice", "repo:admin")
        assert (await here.call(token, "GET", "/api/v1/user/"))[0] == 401
        assert (await here.call(token, "GET", WEB))[0] == 200


async def test_user_read_shows_the_short_view_and_user_admin_the_long_one() -> None:
    async with scene() as here:
        short = (await here.call(here.quay.token("alice"), "GET", "/api/v1/user/"))[1]
        assert list(short) == ["anonymous", "username", "avatar", "organizations"]
        assert list(short["organizations"][0]) == ["name", "avatar", "can_create_repo", "public"]
        assert short["avatar"]["color"] == "#a55194"
        long = (await here.call("alice", "GET", "/api/v1/user/"))[1]
        assert long["email"] == "alice@example.com"
        assert long["organizations"][0]["is_org_admin"]


async def test_the_word_bearer_may_be_small() -> None:
    async with scene() as here:
        headers = {"Authorization": f"bearer {here.tokens['alice']}"}
        async with here.session.get(f"{here.quay.url}/api/v1/user/", headers=headers) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("name", ["notification", "build", "tag", "trigger", "permissions/user", "permissions/team"])
async def test_collections_without_their_slash_are_308_with_the_host_that_was_called(name: str) -> None:
    async with scene() as here:
        status, _, answer = await here.call("alice", "GET", f"{WEB}/{name}", limit=3)
        host = here.quay.url
        assert (status, answer.headers["Location"]) == (308, f"{host}{WEB}/{name}/?limit=3")
        assert (await here.call("alice", "GET", f"{WEB}/{name}/"))[0] == 200


async def test_an_extra_slash_is_a_page_that_says_404() -> None:
    async with scene() as here:
        for path in (f"{WEB}/", f"{WEB}/build/x/status/", "/api/v1/messages/", "/api/v1/nosuch/thing/"):
            status, body, answer = await here.call("alice", "GET", path)
            assert (status, answer.content_type, body[:9]) == (404, "text/html", "<!DOCTYPE")


async def test_a_get_of_a_path_for_posts_is_308_and_then_404() -> None:
    async with scene() as here:
        trigger = here.quay.add_trigger("acme/web")
        path = f"{WEB}/trigger/{trigger}/start"
        assert (await here.call("alice", "GET", path))[0] == 308
        assert (await here.call("alice", "GET", f"{path}/"))[0] == 404


async def test_a_missing_repository_is_hidden_from_those_without_rights() -> None:
    async with scene() as here:
        path = "/api/v1/repository/acme/nope"
        assert [(await here.call(who, "GET", path))[0] for who in ("alice", "bob", "anonymous")] == [404, 403, 401]


async def test_any_valid_token_lists_private_repositories_its_owner_can_see() -> None:
    async with scene() as here:
        token = here.quay.token("alice", "user:read")
        _, body, _ = await here.call(token, "GET", "/api/v1/repository", namespace="acme")
        assert [entry["name"] for entry in body["repositories"]] == ["web", "team/api", "pub", "mirrored"]
        _, found, _ = await here.call(token, "GET", "/api/v1/find/repositories", query="team")
        assert [entry["href"] for entry in found["results"]] == ["/repository/acme/team/api"]
        assert (await here.call("bob", "GET", "/api/v1/find/repositories", query="team"))[1]["results"] == []


async def test_lists_of_repositories_come_a_hundred_at_a_time() -> None:
    async with scene() as here:
        for number in range(105):
            here.quay.add_repository(f"many/r{number:03}", public=True)
        _, first, _ = await here.call("bob", "GET", "/api/v1/repository", namespace="many", public="true")
        token = first["next_page"]
        _, second, _ = await here.call(
            "bob", "GET", "/api/v1/repository", namespace="many", public="true", next_page=token
        )
        assert (len(first["repositories"]), len(second["repositories"]), "next_page" in second) == (100, 5, False)


async def test_discovery_names_the_operations() -> None:
    async with scene() as here:
        _, body, _ = await here.call("anonymous", "GET", "/api/v1/discovery")
        paths = body["paths"]
        assert paths["/api/v1/repository/{repository}/build/"]["post"] == {"operationId": "requestRepoBuild"}
        assert json.dumps(paths).count("operationId") == 104


async def test_a_server_that_is_down_drops_the_connection_and_requests_are_remembered() -> None:
    async with scene() as here:
        await here.call("anonymous", "GET", "/api/v1/messages")
        here.quay.down = True
        with pytest.raises(aiohttp.ClientError):
            await here.call("alice", "GET", WEB)
        here.quay.down = False
        assert [(r.method, r.path, r.authorization, r.status) for r in here.quay.requests][-1] == (
            "GET",
            WEB,
            True,
            0,
        )
        assert not here.quay.requests[0].authorization


async def test_tokens_are_forty_characters_and_unknown_scopes_are_refused() -> None:
    async with scene() as here:
        assert len(here.quay.token("alice", "repo:read,user:read")) == 40
        with pytest.raises(ValueError, match="direct_user_login"):
            here.quay.token("alice", "direct_user_login")


async def test_a_slow_server_answers_late_but_answers() -> None:
    async with scene() as here:
        here.quay.slow = 0.01
        assert (await here.call("alice", "GET", WEB))[0] == 200
        here.quay.slow = 5
        with pytest.raises(TimeoutError):
            async with here.session.get(f"{here.quay.url}{WEB}", timeout=aiohttp.ClientTimeout(total=0.05)):
                pass
        here.quay.slow = 0


async def test_head_has_the_headers_of_a_get_and_no_body() -> None:
    async with scene() as here:
        status, body, answer = await here.call("superuser", "GET", "/api/v1/messages")
        async with here.session.head(f"{here.quay.url}/api/v1/messages") as head:
            assert (head.status, await head.read()) == (status, b"")
            assert head.headers["Content-Length"] == answer.headers["Content-Length"]
        assert body == {"messages": []}


async def test_stopping_twice_is_harmless_and_mistakes_of_a_scene_are_refused() -> None:
    async with scene() as here:
        await here.quay.stop()
        await here.quay.stop()
        for mistake in (
            lambda: here.quay.add_repository("acme"),
            lambda: here.quay.add_repository("acme/x", state="BROKEN"),
            lambda: here.quay.grant("bob", "acme/web", "owner"),
            lambda: here.quay.mirror("acme/web", "maybe", ""),
            lambda: here.quay.find_vulnerability("acme/web", [], "CVE-1", "Terrible"),
        ):
            with pytest.raises(ValueError, match=r"\w"):
                mistake()
        with pytest.raises(KeyError):
            here.quay.push("acme/nope", "latest")
