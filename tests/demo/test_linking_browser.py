"""Linking in the demo, in all three ways, in a real browser: from the command that waits to the one that runs."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.demo import demo
from bot.demo.city import CHANNELS, PEOPLE
from tests.demo.conftest import Visit
from tests.fakes.page_eyes import Eyes, launch

pytestmark = pytest.mark.browser
BUILD = "/quay build acme/web"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


class Visitor(Eyes):
    """Somebody in front of the demo's page, who also looks at other tabs."""

    def come(self, who: str) -> None:
        """As a person who has never been here."""
        self.driver.delete_all_cookies()  # those of the demos before, which had the same host
        self.open(PEOPLE[who], CHANNELS["builds"])

    def say(self, line: str) -> None:
        composer = self.see("#line")
        composer.send_keys(line, Keys.ESCAPE, Keys.ENTER)
        self.until(lambda: composer.get_attribute("value") == "")

    def press(self, action: str) -> None:
        """The newest button with this action id."""
        self.click(f"[data-action={action}]", last=True)

    def ask_and_be_kept(self) -> None:
        """Pick the first suggestion, which is to build, and send it; then let the answer show the ways to link."""
        self.click(".tries button")
        self.until(lambda: self.see("#line").get_attribute("value") == BUILD)
        self.see("#line").send_keys(Keys.ENTER)
        self.reads("#messages .whisper", "I remember what you asked for")
        self.press("link_start")
        self.reads("#messages .whisper", "Paste a token")

    def is_resumed(self, who: str) -> None:
        """What was kept runs by itself, where it was asked."""
        self.reads("#messages .whisper", f"You are {who} on")
        self.reads("#messages .whisper", f"Now I do what you asked for: {BUILD}")
        self.click(f"[data-channel={CHANNELS['builds']}]")
        self.reads("#messages .message", "acme/web:latest")

    def to_linking_page(self) -> None:
        """Into the tab that the button opens, which knows nothing of the page that it comes from."""
        before = set(self.driver.window_handles)
        self.press("link_open")
        [tab] = self.until(lambda: set(self.driver.window_handles) - before)
        self.driver.switch_to.window(tab)
        self.reads("h1", "Link your Quay account")
        assert self.driver.execute_script("return [window.opener, document.referrer]") == [None, ""]

    def to_slack(self) -> None:
        self.driver.switch_to.window(self.driver.window_handles[0])

    def leave(self) -> None:
        """Close every tab but that of the demo."""
        for tab in self.driver.window_handles[1:]:
            self.driver.switch_to.window(tab)
            self.driver.close()
        self.to_slack()

    def to_last_tab(self) -> None:
        self.driver.switch_to.window(self.driver.window_handles[-1])

    def sign_in(self, who: str) -> None:
        """At Quay, whose consent page only says that somebody has to, and then consent."""
        self.reads("h1", "Unauthorized")
        self.click("a")
        self.click(f"#as-{who} button")
        self.reads("#user", who)
        self.click("#authorize button")

    def code(self, who: str) -> str:
        """The code that the linking page shows. Nothing else has stayed in the browser."""
        self.reads("h1", "Enter this code in Slack")
        self.reads("main", f"as {who}.")
        self.stays_clean()
        return self.see(".code").text

    def stays_clean(self) -> None:
        address = urlsplit(self.driver.current_url)
        assert (address.path, address.query) == ("/quay/link/code", "")
        assert address.fragment in {"", "code"}  # a name that takes away whatever stood there
        assert self.driver.execute_script("return [document.cookie, localStorage.length, sessionStorage.length]") == [
            "",
            0,
            0,
        ]
        [cookie] = [one for one in self.driver.get_cookies() if one["name"] == "quaybot"]
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/quay")

    def ends_linked(self) -> None:
        """The page with the code says how it ended, and tells no code any more."""
        self.driver.refresh()
        self.reads("h1", "Linked")
        assert self.driver.find_elements(By.CSS_SELECTOR, ".code") == []


@pytest.fixture
def eyes(visit: Visit, chromium: webdriver.Chrome) -> Iterator[Visitor]:
    eyes = Visitor(chromium, f"{visit.address}/")
    yield eyes
    eyes.leave()
    chromium.get("about:blank")


async def test_an_admin_signs_in_at_quay_and_enters_the_code_below_the_bots_message(eyes: Visitor) -> None:
    def story() -> None:
        eyes.come("dave")
        eyes.ask_and_be_kept()
        eyes.to_linking_page()
        eyes.reads("main", "the Slack user dave (U0DAVE)")
        eyes.click("form button")
        eyes.sign_in("dave")
        code = eyes.code("dave")
        eyes.to_slack()
        eyes.reads("#directs .count", "1")
        eyes.click("#directs button")
        eyes.reads("#messages", "Somebody signed in")
        assert code not in eyes.see("#messages").text
        eyes.press("link_code")
        eyes.see("#modal input").send_keys("AAAA-AAAA", Keys.ENTER)
        eyes.reads("#modal .field-error", "That is not the code")
        eyes.see("#modal input").send_keys(Keys.CONTROL, "a")
        eyes.see("#modal input").send_keys(code, Keys.ENTER)
        eyes.is_resumed("dave")
        eyes.to_last_tab()
        eyes.ends_linked()

    await asyncio.to_thread(story)


async def test_an_assigned_token_is_taken_over_and_the_code_typed_behind_the_command(
    visit: Visit, eyes: Visitor
) -> None:
    def story() -> str:
        eyes.come("carol")
        eyes.ask_and_be_kept()
        number = eyes.see("#notes code").text
        eyes.to_linking_page()
        eyes.see("#assignment").send_keys(number, Keys.ENTER)
        eyes.sign_in("carol")
        code = eyes.code("carol")
        eyes.to_slack()
        eyes.say(f"/quay link {code}")
        eyes.is_resumed("carol")
        eyes.to_last_tab()
        eyes.ends_linked()
        return number

    number = await asyncio.to_thread(story)
    assert number not in visit.world.quay.assignments


async def test_an_assigned_token_is_found_at_quay_by_somebody_who_was_told_no_number(eyes: Visitor) -> None:
    def story() -> None:
        eyes.come("carol")
        eyes.ask_and_be_kept()
        eyes.to_linking_page()
        eyes.see("#assignment").send_keys(Keys.ENTER)
        eyes.reads("h1", "Authorize it in Quay")
        eyes.driver.get(eyes.see("ol a").get_attribute("href"))
        eyes.click("a")
        eyes.click("#as-carol button")
        eyes.click(".assigned a")
        eyes.click("#authorize button")
        eyes.click("#use")  # it came without a state
        code = eyes.code("carol")
        eyes.to_slack()
        eyes.press("link_code")
        eyes.see("#modal input").send_keys(code, Keys.ENTER)
        eyes.is_resumed("carol")

    await asyncio.to_thread(story)


async def test_a_token_is_pasted(eyes: Visitor) -> None:
    def story() -> None:
        eyes.come("carol")
        eyes.ask_and_be_kept()
        eyes.press("link_paste")
        token = eyes.see("#modal .notes li:last-child code").text
        eyes.see("#modal input").send_keys(token, Keys.ENTER)
        eyes.is_resumed("carol")
        assert token not in eyes.see("#messages").text
        assert len(eyes.driver.window_handles) == 1
        assert eyes.complaints() == []

    await asyncio.to_thread(story)


async def test_a_browser_that_came_by_another_name_links_all_the_same(chromium: webdriver.Chrome) -> None:
    async with demo("0.0.0.0", 0) as (place, _):  # as in a container
        eyes = Visitor(chromium, f"{place.replace('localhost', '127.0.0.1')}/")

        def story() -> None:
            eyes.come("dave")
            eyes.ask_and_be_kept()
            eyes.to_linking_page()
            assert eyes.driver.current_url.startswith(place)
            eyes.click("form button")
            eyes.sign_in("dave")
            code = eyes.code("dave")
            eyes.leave()
            eyes.say(f"/quay link {code}")
            eyes.is_resumed("dave")
            eyes.driver.get("about:blank")

        await asyncio.to_thread(story)


async def test_an_approval_is_given_by_changing_who_one_is(eyes: Visitor) -> None:
    def story() -> None:
        eyes.come("bob")
        eyes.click(".tries button")
        eyes.see("#line").send_keys(Keys.ENTER)
        eyes.press("approval_approve")
        eyes.click("#confirm-yes")
        eyes.reads("#messages .whisper", "somebody else has to approve it")
        Select(eyes.see("#user")).select_by_visible_text("alice")
        eyes.until(lambda: eyes.all("#messages .whisper") == [])
        eyes.press("approval_approve")
        eyes.click("#confirm-yes")
        eyes.reads("#messages .message", "acme/web:prod-2")
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.reads("#directs .count", "1")
        assert eyes.complaints() == []

    await asyncio.to_thread(story)
