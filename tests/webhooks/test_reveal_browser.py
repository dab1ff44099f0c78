"""Showing a secret once in a real browser: what somebody sees, presses and copies."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from bot.adapters.store import SqlStore
from bot.rules.robot_snippets import snippets
from bot.services.revealing import Revealing, Where
from tests.fakes.page_eyes import Eyes, launch
from tests.fakes.quay_scene import HandClock
from tests.plugins.databases import ONLY_SQLITE
from tests.webhooks.reveal_house import ALICE, TOKEN, Names
from webhooks.pages import static
from webhooks.pages.guard import with_headers
from webhooks.pages.reveal import RevealPages

pytestmark = [pytest.mark.browser, ONLY_SQLITE]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@asynccontextmanager
async def a_page(store: SqlStore) -> AsyncIterator[str]:
    """The address of a page with a token behind it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        site = f"http://127.0.0.1:{door.getsockname()[1]}"
        revealing = Revealing(store.reveals, HandClock(), site, Where.PAGE)
        app, files = web.Application(), web.Application()
        files.on_response_prepare.append(with_headers)
        files.add_routes(static.routes())
        RevealPages(revealing, Names()).add_to(app)
        app.add_subapp("/quay", files)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, door).start()
        title = "The token of the robot account acme+ci on quay.example"
        ticket = await revealing.keep(ALICE, title, snippets("quay.example", "acme+ci", TOKEN))
        try:
            yield revealing.address(ticket)
        finally:
            await runner.cleanup()


async def sees(driver: webdriver.Chrome, url: str, story: Callable[[Eyes], None]) -> None:
    def told() -> None:
        driver.get("about:blank")
        eyes = Eyes(driver, url)
        eyes.complaints()  # those of the story before
        story(eyes)
        assert [one for one in eyes.complaints() if "410 (Gone)" not in one] == []
        driver.get("about:blank")

    await asyncio.to_thread(told)


async def test_it_is_shown_after_a_press_copied_and_gone_after_a_reload(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.get(url)
        eyes.reads("main", "robot account acme+ci on quay.example, for the Slack user Alice <A> (U-ALICE)")
        assert TOKEN not in eyes.driver.page_source
        eyes.see("main button").send_keys(Keys.ENTER)  # no mouse
        eyes.reads("#text-2", TOKEN)
        eyes.driver.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        )
        eyes.click("[data-copy=text-2]")
        eyes.reads("[data-copy=text-2]", "Copied")
        eyes.reads("#words", "Copied.")
        copied = eyes.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        assert copied == TOKEN
        assert eyes.driver.execute_script("return document.referrer") in ("", url)
        eyes.driver.get(url)
        eyes.reads("h1", "It was shown already")
        assert TOKEN not in eyes.driver.page_source

    async with a_page(store) as url:
        await sees(chromium, url, story)


async def test_back_in_the_history_there_is_nothing_to_see(store: SqlStore, chromium: webdriver.Chrome) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.get(url)
        eyes.click("main button")
        eyes.reads("#text-2", TOKEN)
        eyes.driver.get("about:blank")
        eyes.driver.back()
        eyes.until(lambda: eyes.driver.current_url != "about:blank")
        assert TOKEN not in eyes.driver.page_source

    async with a_page(store) as url:
        await asyncio.to_thread(story, Eyes(chromium, url))  # (Chromium says in its log that it shows no form again)
        await asyncio.to_thread(chromium.get, "about:blank")


@pytest.mark.parametrize("width", [360, 1400])
async def test_nothing_sticks_out_sideways(store: SqlStore, chromium: webdriver.Chrome, width: int) -> None:
    def story(eyes: Eyes) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        eyes.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        try:
            eyes.driver.get(url)
            eyes.click("main button")
            eyes.reads("#text-2", TOKEN)
            wide = eyes.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0
        finally:
            eyes.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    async with a_page(store) as url:
        await sees(chromium, url, story)
