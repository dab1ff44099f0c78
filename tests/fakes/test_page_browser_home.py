"""The Home tab and links in the page, in a real browser over the scripted world."""

import asyncio

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.fakes.page_eyes import Eyes, chromium, looking
from tests.fakes.page_world import NASTY, ScriptedWorld

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


async def test_the_home_tab_is_drawn_at_each_visit_and_its_buttons_work(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see('[data-channel="home"]').click()
        eyes.reads("#room-name", "quaybot: Home")
        eyes.reads("#home", f"Hello alice {NASTY}")
        assert not eyes.all("#composer")[0].is_displayed()
        eyes.click("#home button")
        eyes.reads("#home", "It is done.")
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.reads("#home", "Hello bob")
        eyes.see('[data-channel="C1"]').click()
        eyes.see("#composer")
        assert not eyes.all("#home")[0].is_displayed()

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.slack.done == [("home", "U1"), ("click_home", "U1", "unlink", "b2"), ("home", "U2")]


async def test_a_link_is_shared_and_what_it_shows_stands_below_it(chromium: webdriver.Chrome) -> None:
    world, link = ScriptedWorld(), "https://quay.example/repository/acme/web"

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see("#line").send_keys(link, Keys.ENTER)
        eyes.reads("#messages .message", link)
        eyes.reads("#messages .message .block.section", "acme/web")
        assert eyes.see("#line").get_attribute("value") == ""

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.slack.done == [("share", "U1", "C1", link)]
