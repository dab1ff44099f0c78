"""The consent of the fake in a real browser: sign in, look, and press one of two buttons."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from selenium import webdriver

from tests.fakes.page_eyes import Eyes, launch
from tests.fakes.quay_scene import scene

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@asynccontextmanager
async def _landing() -> AsyncIterator[str]:
    """Somewhere to come back to."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>back</title><p id=back>back</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/back", show)
    async with TestServer(app) as server:
        yield str(server.make_url("/back"))


@pytest.mark.parametrize(
    ("kind", "button", "sign"),
    [("token", "authorize", "#access_token="), ("code", "authorize", "&code="), ("code", "deny", "?error=")],
)
async def test_a_person_signs_in_and_answers(chromium: webdriver.Chrome, kind: str, button: str, sign: str) -> None:
    async with scene() as here, _landing() as back:
        client, _ = here.quay.add_application("acme", "bot", back)
        wish = {"client_id": client, "redirect_uri": back, "scope": "repo:read user:read", "state": "s"}
        asked = f"{here.quay.url}/oauth/authorize?{urlencode(wish | {'response_type': kind})}"

        def story() -> str:
            eyes = Eyes(chromium, here.quay.url)
            chromium.delete_all_cookies()
            chromium.get(asked)
            eyes.see("a").click()
            eyes.see("[name=username]").send_keys("alice")
            eyes.see("[name=password]").send_keys("alice-pass-123")
            eyes.see("#signin button").click()
            eyes.reads("#user", "alice")
            eyes.reads("li", "repo:read")
            eyes.see(f"#{button} button").click()
            eyes.see("#back")
            address = chromium.current_url
            chromium.get("about:blank")
            return address

        assert sign in await asyncio.to_thread(story)
