"""Somebody in front of a real browser that shows the page."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from bot.fakes.page import routes
from tests.fakes.page_world import ScriptedWorld

T = TypeVar("T")
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,900",
)


def launch(profile: Path) -> webdriver.Chrome:
    """A headless Chromium with a fresh profile; the test is skipped where Debian's is not installed."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip(f"needs {CHROMIUM} and {DRIVER} (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for switch in [*SWITCHES, f"--user-data-dir={profile}"]:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests of a file."""
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


class Eyes:
    """Somebody in front of the browser. Everything waits until it is there."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def until(self, look: Callable[[], T]) -> T:
        wait = WebDriverWait(
            self.driver,
            15,
            poll_frequency=0.05,
            ignored_exceptions=[NoSuchElementException, StaleElementReferenceException],
        )

        def again(_: object) -> T | None:
            try:
                return look()
            except WebDriverException as error:  # the page went away in the middle of it: stale, in other words
                if "does not belong to the document" in str(error.msg):
                    return None
                raise

        return cast("T", wait.until(again))

    def see(self, selector: str) -> WebElement:
        return self.until(
            lambda: next(one for one in [self.driver.find_element(By.CSS_SELECTOR, selector)] if shown(one))
        )

    def click(self, selector: str, *, last: bool = False) -> None:
        """Press the first (or last) one, and try again if it was drawn anew or covered in that moment."""

        def pressed() -> bool:
            try:
                self.all(selector)[-1 if last else 0].click()
            except WebDriverException:
                return False
            return True

        self.see(selector)
        self.until(pressed)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def reads(self, selector: str, text: str) -> None:
        self.until(lambda: any(text in one.text for one in self.all(selector)))

    def open(self, user: str = "U1", channel: str = "C1") -> None:
        self.driver.get("about:blank")
        self.complaints()  # those of the story before
        self.driver.get(f"{self.url}#user={user}&channel={channel}")
        self.see("#channels button")

    def complaints(self) -> list[str]:
        """What the browser itself complains about, such as a breach of the page's policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


def shown(element: WebElement) -> bool:
    if not element.is_displayed():
        raise NoSuchElementException("not displayed yet")
    return True


@asynccontextmanager
async def looking(driver: webdriver.Chrome, world: ScriptedWorld) -> AsyncIterator[Eyes]:
    app = web.Application()
    app.add_routes(routes(world))
    app.on_shutdown.append(world.board.close_streams)
    async with TestServer(app) as server:
        try:
            yield Eyes(driver, str(server.make_url("/")))
        finally:
            await asyncio.to_thread(driver.get, "about:blank")
