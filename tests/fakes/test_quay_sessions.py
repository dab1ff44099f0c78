"""Signing in with a browser: cookies, CSRF tokens, the form for people, and the ways that lead nowhere."""

import html
import re

import pytest

from bot.fakes.quay.sessions import COOKIE
from tests.fakes.quay_scene import WEB, Visitor, scene, visitor

BACK = "http://127.0.0.1:9100/quay/oauth/callback"


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type=hidden name="(\w+)" value="([^"]*)">', page)
    return {key: html.unescape(value) for key, value in found}


async def _sign_in_by_form(browser: Visitor, onward: str, name: str, password: str) -> tuple[int, str, str]:
    _, page, _ = await browser.ask("GET", "/signin", params={"next": onward})
    form = _hidden(page) | {"username": name, "password": password}
    status, body, answer = await browser.ask("POST", "/signin", data=form, csrf=False)
    return status, body, answer.headers.get("Location", "")


async def test_the_csrf_token_and_the_cookie_change_when_somebody_signs_in() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        _, first, answer = await browser.ask("GET", "/csrf_token")
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert await browser.sign_in("alice") == 200
        assert browser.csrf != first["csrf_token"]
        assert len(here.quay.sessions) == 1
        assert cookie.value not in here.quay.sessions
        _, again, _ = await browser.ask("GET", "/csrf_token")
        assert again["csrf_token"] == browser.csrf


async def test_a_session_acts_as_its_user_and_only_with_the_csrf_token() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        wish = {"archive_url": "https://example.com/x"}
        status, body, _ = await browser.ask("POST", f"{WEB}/build/", json=wish, csrf=False)
        assert (status, body) == (403, '{"error": "CSRF token was invalid or missing. (authorized: user alice)"}')
        status, made, _ = await browser.ask("POST", f"{WEB}/build/", json=wish)
        assert (status, made["manual_user"]) == (201, "alice")
        status, _, _ = await browser.ask("POST", f"{WEB}/build/", json=wish, headers={"X-CSRF-Token": "x" * 64})
        assert status == 403
        assert (await browser.ask("GET", "/api/v1/user/"))[1]["email"] == "alice@example.com"


async def test_one_persons_csrf_token_does_not_open_anothers_session() -> None:
    async with scene() as here, visitor(here.quay, "alice") as hers, visitor(here.quay, "bob") as his:
        wish = {"archive_url": "https://example.com/x"}
        stolen = {"X-CSRF-Token": his.csrf}
        assert (await hers.ask("POST", f"{WEB}/build/", json=wish, headers=stolen))[0] == 403


async def test_signing_out_forgets_the_session() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        assert (await browser.ask("POST", "/api/v1/signout"))[0] == 200
        assert here.quay.sessions == {}
        assert (await browser.ask("GET", "/api/v1/user/"))[0] == 401


async def test_a_disabled_account_has_no_session_and_gets_none() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        here.quay.disable_user("alice")
        assert (await browser.ask("GET", "/api/v1/user/"))[0] == 401
        assert await browser.sign_in("alice") == 403
        here.quay.enable_user("alice")
        assert await browser.sign_in("alice") == 200


async def test_the_form_signs_in_and_goes_on_to_the_consent() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        client, _ = here.quay.add_application("acme", "<b>bot</b>", BACK)
        wish = {"client_id": client, "redirect_uri": BACK, "scope": "repo:read", "state": "s&t"}
        status, page, answer = await browser.ask(
            "GET", "/oauth/authorize", params=wish, headers={"Accept": "text/html,*/*"}
        )
        assert (status, "/signin?next=" in page) == (401, True)
        onward = answer.url.path_qs
        assert (await _sign_in_by_form(browser, onward, "alice", "alice-pass-123"))[::2] == (303, onward)
        status, page, _ = await browser.ask("GET", onward, headers={"Accept": "text/html"})
        assert (status, "<b>bot</b>" in page, "&lt;b&gt;bot" in page) == (200, False, True)
        status, _, answer = await browser.ask("POST", "/oauth/authorizeapp", data=_hidden(page), csrf=False)
        assert (status, answer.headers["Location"].partition("&code=")[0]) == (
            302,
            f"{BACK}?scope=repo%3Aread&state=s%26t",
        )


async def test_the_form_comes_back_with_the_reason_when_the_password_is_wrong() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        status, page, where = await _sign_in_by_form(browser, "/x", "alice", "wrong")
        assert (status, where, "Invalid Username or Password" in page) == (403, "", True)
        assert (await browser.ask("GET", "/api/v1/user/"))[0] == 401


async def test_the_form_without_its_csrf_token_is_refused() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        form = {"username": "alice", "password": "alice-pass-123"}
        assert (await browser.ask("POST", "/signin", data=form, csrf=False))[0] == 403


@pytest.mark.parametrize("onward", ["http://evil.example/", "//evil.example/", "/\\evil.example", "evil", "/a\r\nb"])
async def test_signing_in_goes_on_only_within_this_server(onward: str) -> None:
    async with scene() as here, visitor(here.quay) as browser:
        status, _, where = await _sign_in_by_form(browser, onward, "alice", "alice-pass-123")
        assert (status, where) == (200, "")


async def test_a_demonstration_may_offer_the_accounts_themselves() -> None:
    async with scene() as here, visitor(here.quay) as browser:
        assert "alice" not in (await browser.ask("GET", "/signin"))[1]
        here.quay.offers_accounts = True
        _, page, _ = await browser.ask("GET", "/signin")
        [form] = re.findall(r'<form id="as-alice".*?</form>', page, re.DOTALL)
        status, _, _ = await browser.ask("POST", "/signin", data=_hidden(form), csrf=False)
        assert status == 200
        assert (await browser.ask("GET", "/api/v1/user/"))[1]["username"] == "alice"


async def test_paths_beside_the_api_have_their_own_405() -> None:
    async with scene() as here, visitor(here.quay, "alice") as browser:
        status, page, _ = await browser.ask("PUT", "/oauth/authorize")
        assert (status, "Method Not Allowed" in page) == (405, True)
        assert (await browser.ask("GET", "/oauth/localapp"))[0] == 200
