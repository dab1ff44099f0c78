"""OAuth beyond what was recorded: who may have a token, what dies when, and what can be used only once."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes.quay_scene import Scene, Visitor, scene, visitor

BACK = "http://127.0.0.1:9100/quay/oauth/callback"
SCOPE = "repo:read user:read"


def _wish(client: str, **more: str) -> dict[str, str]:
    return {"client_id": client, "redirect_uri": BACK, "scope": SCOPE, "state": "st4te", **more}


def _query(location: str) -> dict[str, str]:
    return {key: value for key, [value] in parse_qs(urlsplit(location).query).items()}


def _fragment(location: str) -> dict[str, str]:
    return {key: value for key, [value] in parse_qs(urlsplit(location).fragment).items()}


async def _agree(browser: Visitor, client: str, **more: str) -> str:
    status, body, answer = await browser.ask("POST", "/oauth/authorizeapp", data=_wish(client, **more))
    assert status == 302, body
    return answer.headers["Location"]


async def _exchange(here: Scene, client: str, secret: str, code: str, /, **more: str) -> tuple[int, Any]:
    form = {"grant_type": "authorization_code", "client_id": client, "client_secret": secret, "redirect_uri": BACK}
    form |= {"code": code, "scope": SCOPE, **more}
    async with here.session.post(f"{here.quay.url}/oauth/access_token", data=form) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_code_becomes_one_token_of_the_person_who_agreed() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, secret = here.quay.add_application("acme", "bot", BACK)
        given = _query(await _agree(browser, client))
        assert given["state"] == "st4te"
        status, body = await _exchange(here, client, secret, given["code"])
        assert (status, body["token_type"], body["refresh_token"]) == (200, "Bearer", None)
        assert (await here.call(body["access_token"], "GET", "/api/v1/user/"))[1]["username"] == "alice"
        assert await _exchange(here, client, secret, given["code"]) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_secret": "no"}, "invalid_client"),
        ({"client_id": "no"}, "invalid_client"),
        ({"scope": "user:read repo:read"}, "invalid_grant"),
        ({"redirect_uri": "http://evil.example/"}, "invalid_grant"),
        ({"code": "no"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_wrong_exchange_leaves_the_code_alive(wrong: dict[str, str], error: str) -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, secret = here.quay.add_application("acme", "bot", BACK)
        code = _query(await _agree(browser, client))["code"]
        assert await _exchange(here, client, secret, code, **wrong) == (400, {"error": error})
        assert (await _exchange(here, client, secret, code))[0] == 200


async def test_a_code_of_another_application_is_worth_nothing() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        other, secret = here.quay.add_application("acme", "other", BACK)
        code = _query(await _agree(browser, client))["code"]
        assert await _exchange(here, other, secret, code) == (400, {"error": "invalid_grant"})


async def test_the_consent_is_skipped_when_living_tokens_cover_the_request() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client)))[0] == 200
        token = here.quay.token("alice", SCOPE, application=client)
        status, _, answer = await browser.ask("GET", "/oauth/authorize", params=_wish(client))
        assert (status, set(_query(answer.headers["Location"]))) == (302, {"scope", "state", "code"})
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client, scope="org:admin")))[0] == 200
        here.quay.revoke(token)
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client)))[0] == 200


@pytest.mark.parametrize(("password", "status"), [("alice-pass-123", 302), ("wrong", 401)])
async def test_name_and_password_in_the_header_sign_in_at_the_consent_without_a_cookie(
    password: str, status: int
) -> None:
    async with scene() as here, visitor(here.quay) as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        here.quay.token("alice", SCOPE, application=client)
        secret = base64.b64encode(f"alice:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}"}
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client), headers=headers))[0] == status


async def test_a_bearer_token_does_not_sign_in_at_the_consent() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        headers = {"Authorization": f"Bearer {here.tokens['alice']}"}
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client), headers=headers))[0] == 401


async def test_who_is_no_admin_is_not_asked_but_gets_an_assigned_token_once() -> None:
    async with scene() as here, visitor(here.quay, "bob") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client)))[0] == 403
        mine = here.quay.assign(client, "bob", SCOPE)
        ask = {"response_type": "token", "assignment_uuid": mine}
        assert (await browser.ask("GET", "/oauth/authorize", params=_wish(client, **ask)))[0] == 200
        got = _fragment(await _agree(browser, client, **ask))
        assert (got["token_type"], got["expires_in"]) == ("Bearer", "315576000")
        assert (await here.call(got["access_token"], "GET", "/api/v1/user/"))[1]["username"] == "bob"
        assert _query(await _agree(browser, client, **ask)) == {"error": "unauthorized_client"}


async def test_an_assignment_is_for_one_person_one_application_and_the_assigned_scopes() -> None:
    async with scene() as here, visitor(here.quay, "bob") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        other, _ = here.quay.add_application("acme", "other", BACK)
        refused = {"error": "unauthorized_client"}
        carols = {"response_type": "token", "assignment_uuid": here.quay.assign(client, "carol", SCOPE)}
        assert _query(await _agree(browser, client, **carols)) == refused
        mine = {"response_type": "token", "assignment_uuid": here.quay.assign(client, "bob", "user:read")}
        assert _query(await _agree(browser, other, **mine, scope="user:read")) == refused
        assert _query(await _agree(browser, client, **mine)) == refused
        assert _fragment(await _agree(browser, client, **mine, scope="user:read"))["access_token"]


async def test_a_foreign_address_is_refused_by_the_form_itself() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        for path in ("authorizeapp", "denyapp"):
            evil = _wish(client, redirect_uri="http://evil.example/")
            status, body, _ = await browser.ask("POST", f"/oauth/{path}", data=evil)
            assert (status, body) == (400, {"error": "invalid_request"})


async def test_a_denial_brings_back_no_state() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        _, _, answer = await browser.ask("POST", "/oauth/denyapp", data=_wish(client))
        assert answer.headers["Location"] == f"{BACK}?error=authorization_denied"


async def test_deleting_an_application_kills_its_tokens_and_codes() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        client, secret = here.quay.add_application("acme", "bot", BACK)
        token = here.quay.token("alice", SCOPE, application=client)
        code = _query(await _agree(browser, client))["code"]
        path = f"/api/v1/organization/acme/applications/{client}"
        assert (await here.call("alice", "DELETE", path))[0] == 204
        assert (await here.call(token, "GET", "/api/v1/user/"))[0] == 401
        assert await _exchange(here, client, secret, code) == (400, {"error": "invalid_client"})
        assert (await here.call("alice", "GET", path))[0] == 404
        assert (await here.call("alice", "GET", "/api/v1/user/"))[0] == 200


async def test_a_short_lived_token_dies_in_time() -> None:
    async with scene() as here:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        path = f"/api/v1/organization/acme/applications/{client}/tokens"
        wish = {"name": " short ", "scope": "repo:read,user:read", "expiration": 60}
        _, made, _ = await here.call("alice", "POST", path, wish)
        assert made["name"] == "short"
        assert (await here.call(made["token"], "GET", "/api/v1/user/"))[0] == 200
        here.clock.pass_by(60)
        assert (await here.call(made["token"], "GET", "/api/v1/user/"))[0] == 401
        assert (await here.call("alice", "GET", path))[1] == {"tokens": []}


async def test_a_person_revokes_their_own_tokens_and_nobody_elses() -> None:
    async with scene() as here:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        mine = here.quay.token("bob", "user:admin user:read", application=client)
        path = "/api/v1/user/authorizations"
        _, body, _ = await here.call(mine, "GET", path)
        [found] = [a for a in body["authorizations"] if a["application"]["name"] == "bot"]
        assert [scope["scope"] for scope in found["scopes"]] == ["user:read", "user:admin"]
        assert (await here.call("alice", "DELETE", f"{path}/{found['uuid']}"))[0] == 404
        assert (await here.call("carol", "DELETE", f"{path}/{found['uuid']}"))[0] == 403
        assert (await here.call(mine, "DELETE", f"{path}/{found['uuid']}"))[0] == 204
        assert (await here.call(mine, "GET", "/api/v1/user/"))[0] == 401


async def test_an_assignment_can_be_refused_without_using_it() -> None:
    async with scene() as here, visitor(here.quay, "bob") as browser:
        client, _ = here.quay.add_application("acme", "bot", BACK)
        mine = here.quay.assign(client, "bob", SCOPE)
        path = "/api/v1/user/assignedauthorization"
        _, body, _ = await browser.ask("GET", path)
        assert [found["uuid"] for found in body["authorizations"]] == [mine]
        assert (await browser.ask("DELETE", f"{path}/{mine}"))[0] == 204
        assert (await browser.ask("DELETE", f"{path}/{mine}"))[0] == 404


async def test_only_admins_of_the_organization_see_its_applications_and_secrets() -> None:
    async with scene() as here:
        client, secret = here.quay.add_application("acme", "bot", BACK)
        path = "/api/v1/organization/acme/applications"
        assert (await here.call("bob", "GET", path))[0] == 403
        assert (await here.call(here.quay.token("alice"), "GET", path))[0] == 403
        assert (await here.call("alice", "GET", f"{path}/{client}"))[1]["client_secret"] == secret
        _, told, _ = await here.call("anonymous", "GET", f"/api/v1/app/{client}")
        assert told["name"] == "bot"
        assert secret not in str(told)
        assert (await here.call("anonymous", "GET", "/api/v1/app/nobody"))[0] == 404
