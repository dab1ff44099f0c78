"""Linking in a real browser, over the fake Quay and the real client for it: what somebody sees, presses and types."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.adapters.quay import QuayRegistry
from bot.adapters.store import SqlStore
from bot.domain.people import Way
from bot.fakes.quay import FakeQuay
from bot.ports import Client
from bot.services.linking import Linking
from tests.fakes.page_eyes import Eyes, launch
from tests.plugins.databases import ONLY_SQLITE
from tests.services.linking_desk import ALICE, World
from webhooks.pages import LinkPages

pytestmark = [pytest.mark.browser, ONLY_SQLITE]
SCOPES = "repo:admin repo:read repo:write user:read"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@dataclass
class Town:
    """A Quay, the bot's pages, and somebody in front of a browser."""

    quay: FakeQuay
    world: World
    linking: Linking
    driver: webdriver.Chrome

    async def sees(self, story: Callable[[Eyes], None]) -> None:
        await asyncio.to_thread(story, Eyes(self.driver, self.linking.public_url))


@asynccontextmanager
async def town(store: SqlStore, driver: webdriver.Chrome) -> AsyncIterator[Town]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        site = f"http://127.0.0.1:{door.getsockname()[1]}"
        world = World(links=store.links, accounts=store.accounts, site=site)
        quay = FakeQuay(clock=world.clock)
        await quay.start("127.0.0.2")
        quay.add_organization("acme", admins=["alice"])
        quay.add_user("bob")
        world.client = Client(*quay.add_application("acme", "quaybot", f"{site}/quay/oauth/callback"))
        registry = QuayRegistry(quay.url)
        world.quay = registry  # type: ignore[assignment]
        linking = world.linking(quay_url=quay.url)
        app = web.Application()
        LinkPages(linking).add_to(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, door).start()
        try:
            yield Town(quay, world, linking, driver)
        finally:
            await asyncio.to_thread(forget, driver)
            await runner.cleanup()
            await registry.aclose()
            await quay.stop()


def forget(driver: webdriver.Chrome) -> None:
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    driver.get("about:blank")


def sign_in(eyes: Eyes, quay: str, name: str) -> None:
    eyes.driver.get(f"{quay}/signin")
    eyes.see("[name=username]").send_keys(name)
    eyes.see("[name=password]").send_keys(f"{name}-pass-123", Keys.ENTER)
    eyes.reads("#user", name)


def shown_code(eyes: Eyes) -> str:
    return eyes.see(".code code").text


async def test_signing_in_through_quay_ends_with_a_code_and_then_says_done(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    codes = []

    def first(eyes: Eyes) -> None:
        sign_in(eyes, here.quay.url, "alice")
        eyes.driver.get(ticket)
        eyes.reads("main", "the Slack user Alice (UALICE) in the workspace Acme")
        eyes.complaints()
        eyes.see("section:nth-of-type(1) button").send_keys(Keys.ENTER)  # no mouse
        eyes.reads("h1", "Authorize quaybot?")
        eyes.see("#authorize button").click()
        codes.append(shown_code(eyes))
        assert eyes.driver.current_url == f"{here.linking.public_url}/quay/link/code#code"
        eyes.reads("main", "as alice. Your code for Slack")
        assert eyes.complaints() == []

    def then(eyes: Eyes) -> None:
        eyes.reads("h1", "Linked")  # the page's own script looks after a few seconds

    async with town(store, chromium) as here:
        ticket = await here.linking.start(ALICE, "")
        await here.sees(first)
        account = (await here.linking.confirm(ALICE, codes[0])).account
        assert (account.username, account.way, account.scopes) == ("alice", Way.CODE, frozenset(SCOPES.split()))
        await here.sees(then)


def history(eyes: Eyes) -> str:
    """Every address that the browser's history holds."""
    found = eyes.driver.execute_cdp_cmd("Page.getNavigationHistory", {})
    return " ".join(entry["url"] for entry in found["entries"])


def forget_history(eyes: Eyes) -> None:
    """The browser is shared with other tests, which have been elsewhere."""
    eyes.driver.get("about:blank")  # where it is now stays in the history
    eyes.driver.execute_cdp_cmd("Page.resetNavigationHistory", {})


@pytest.mark.parametrize("own", [True, False], ids=["own browser", "another browser"])
@pytest.mark.parametrize("answer", ["authorize", "deny"])
async def test_history_and_address_keep_no_code(
    store: SqlStore, chromium: webdriver.Chrome, own: bool, answer: str
) -> None:
    def story(eyes: Eyes) -> None:
        forget_history(eyes)
        sign_in(eyes, here.quay.url, "alice")
        if own:
            eyes.driver.get(ticket)
            eyes.see("section:nth-of-type(1) button").click()
        else:  # somebody else has pressed the button, and sent only Quay's address
            eyes.driver.get(departure.address)
        eyes.see(f"#{answer} button").click()
        eyes.reads("h1", "Enter this code" if own and answer == "authorize" else "Not linked")
        for words in ("code=", "error=", "/oauth/callback"):
            assert words not in history(eyes)
            assert words not in eyes.driver.current_url

    async with town(store, chromium) as here:
        ticket = await here.linking.start(ALICE, "")
        departure = await here.linking.leave(ticket.rpartition("/")[2], Way.CODE)
        await here.sees(story)


async def test_history_keeps_no_token(store: SqlStore, chromium: webdriver.Chrome) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.get(f"{here.linking.callback}?scope=x&state={'a' * 43}#access_token={'s' * 40}&token_type=Bearer")
        eyes.reads("h1", "Not linked")
        eyes.driver.get(f"{here.linking.callback}?error=x&state={'a' * 43}#access_token={'s' * 40}")
        eyes.reads("h1", "Not linked")
        for words in ("s" * 40, "a" * 43):
            assert words not in history(eyes)

    async with town(store, chromium) as here:
        await here.sees(story)


async def test_an_assigned_token_is_read_from_the_address_and_gone_from_it(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    codes = []

    def story(eyes: Eyes) -> None:
        sign_in(eyes, here.quay.url, "bob")
        eyes.driver.get(ticket)
        eyes.see("#assignment").send_keys(uuid, Keys.ENTER)
        eyes.reads("h1", "Authorize quaybot?")
        eyes.complaints()
        eyes.see("#authorize button").click()
        codes.append(shown_code(eyes))
        eyes.reads("main", "as bob. Your code for Slack")
        assert eyes.complaints() == []
        eyes.driver.back()  # what lies behind in the history holds no token either
        eyes.until(lambda: "/quay/link/code" not in eyes.driver.current_url)
        assert "access_token" not in eyes.driver.current_url

    async with town(store, chromium) as here:
        assert here.world.client is not None
        back = here.linking.callback
        uuid = here.quay.assign(here.world.client.id, "bob", SCOPES, back)
        ticket = await here.linking.start(ALICE, "")
        await here.sees(story)
        account = (await here.linking.confirm(ALICE, codes[0])).account
        assert (account.username, account.way, account.scopes) == ("bob", Way.ASSIGNED, frozenset(SCOPES.split()))


async def test_who_finds_the_assignment_in_quay_comes_back_by_themselves(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    codes = []

    def story(eyes: Eyes) -> None:
        sign_in(eyes, here.quay.url, "bob")
        eyes.driver.get(ticket)
        eyes.see("section:nth-of-type(2) button").click()
        eyes.reads("h1", "Authorize it in Quay")
        eyes.driver.get(link)  # as Quay's own page has it: without a state
        eyes.see("#authorize button").click()
        eyes.reads("main", "Quay has sent a token. Use it for Alice (UALICE) in Acme?")
        eyes.see("#use").click()
        codes.append(shown_code(eyes))

    async with town(store, chromium) as here:
        assert here.world.client is not None
        uuid = here.quay.assign(here.world.client.id, "bob", SCOPES, here.linking.callback)
        link = (
            f"{here.quay.url}/oauth/authorize?response_type=token&client_id={here.world.client.id}"
            f"&redirect_uri={here.linking.callback}&scope={SCOPES.replace(' ', '%20')}&assignment_uuid={uuid}"
        )
        ticket = await here.linking.start(ALICE, "")
        await here.sees(story)
        assert (await here.linking.confirm(ALICE, codes[0])).account.username == "bob"


async def test_a_token_in_a_strangers_browser_is_taken_out_of_the_address_and_thrown_away(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.get(f"{here.linking.callback}?scope=user:read#access_token={'s' * 40}&token_type=Bearer")
        eyes.reads("#words", "This is not the browser in which you began")
        assert eyes.driver.current_url == here.linking.callback

    async with town(store, chromium) as here:
        await here.sees(story)
        assert here.world.voice.posted == []


async def test_what_another_site_brings_along_is_not_used_without_a_press(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.get(ticket)
        eyes.see("section:nth-of-type(2) button").click()
        eyes.reads("h1", "Authorize it in Quay")
        eyes.driver.get(f"{here.linking.callback}?scope=user:read#access_token={'s' * 40}&token_type=Bearer")
        eyes.reads("h1", "Is this yours?")
        eyes.reads("main", "Press the button only if you have just authorized this bot")
        assert eyes.driver.current_url == here.linking.callback

    async with town(store, chromium) as here:
        ticket = await here.linking.start(ALICE, "")
        await here.sees(story)
        assert here.world.voice.posted == []


async def test_no_at_quay_comes_back_as_a_plain_page(store: SqlStore, chromium: webdriver.Chrome) -> None:
    def story(eyes: Eyes) -> None:
        sign_in(eyes, here.quay.url, "alice")
        eyes.driver.get(ticket)
        eyes.see("section:nth-of-type(1) button").click()
        eyes.see("#deny button").click()
        eyes.reads("main", "You said no in Quay, so nothing was linked.")

    async with town(store, chromium) as here:
        ticket = await here.linking.start(ALICE, "")
        await here.sees(story)


async def test_the_pages_fit_a_narrow_screen_and_have_names_for_everything(
    store: SqlStore, chromium: webdriver.Chrome
) -> None:
    def story(eyes: Eyes) -> None:
        eyes.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True}
        )
        try:
            eyes.driver.get(ticket)
            eyes.see("h1")
            wide = eyes.driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= 320
            assert eyes.driver.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
            for field in eyes.all("input:not([type=hidden]), button"):
                assert field.accessible_name
            for scheme in ("light", "dark"):
                media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
                eyes.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
                for selector in ("p", ".small", ".warning", "button", "a"):
                    assert contrast(eyes, selector) >= 4.5, (scheme, selector)
        finally:
            eyes.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            eyes.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    async with town(store, chromium) as here:
        ticket = await here.linking.start(ALICE, "")
        await here.sees(story)
        assert urlsplit(ticket).port


def contrast(eyes: Eyes, selector: str) -> float:
    """Between the text of the first such element and what lies behind it, as accessibility guidelines count it."""
    script = """
        let one = document.querySelector(arguments[0]);
        const ink = getComputedStyle(one).color;
        while (one && getComputedStyle(one).backgroundColor === "rgba(0, 0, 0, 0)") one = one.parentElement;
        return [ink, getComputedStyle(one).backgroundColor];
    """
    light = sorted(luminance(color) for color in eyes.driver.execute_script(script, selector))
    return (light[1] + 0.05) / (light[0] + 0.05)


def luminance(color: str) -> float:
    shares = [int(number) / 255 for number in re.findall(r"\d+", color)[:3]]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
