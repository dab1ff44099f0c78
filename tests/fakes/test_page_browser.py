"""The page in a real browser, over the scripted world: what people type, and what the page shows by itself."""

import asyncio

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.fakes.page import HAPPENINGS, Hint
from tests.fakes.page_eyes import Eyes, chromium, looking
from tests.fakes.page_world import NASTY, ScriptedWorld

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


async def test_a_command_is_sent_answered_in_private_and_remembered(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()

    def story(eyes: Eyes) -> None:
        eyes.open()
        line = eyes.see("#line")
        line.send_keys("/quay t")
        eyes.reads("#suggestions li", "/quay tags REPO")
        line.send_keys(Keys.TAB)
        assert line.get_attribute("value") == "/quay tags "
        line.send_keys(NASTY, Keys.ENTER)
        eyes.reads("#messages .whisper", f"You said tags {NASTY}")
        eyes.reads("#messages .whisper", "Only visible to you")
        assert line.get_attribute("value") == ""
        line.send_keys(Keys.ARROW_UP)
        assert line.get_attribute("value") == f"/quay tags {NASTY}"
        line.clear()
        line.send_keys("hello", Keys.ENTER)
        eyes.reads("#complaint", "only speaks slash commands")
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.until(lambda: eyes.all("#messages .whisper") == [])

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.slack.done == [("command", "U1", "C1", f"tags {NASTY}")]


async def test_what_happens_in_the_registry_appears_by_itself_and_is_logged(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()

    def story(eyes: Eyes) -> None:
        eyes.open(channel="C2")
        eyes.reads("#empty", "Nothing here yet.")
        Select(eyes.see("#repository")).select_by_visible_text("acme/web")
        eyes.see("#tag").send_keys("v7")
        eyes.see("[data-happening=push]").click()
        eyes.reads("#log li", "Did: push")
        eyes.reads('[data-channel="C1"] .count', "1")
        eyes.see('[data-channel="C1"]').click()
        eyes.reads("#messages .message", "acme/web got a push")
        assert eyes.all('[data-channel="C1"] .count') == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.wishes == [("push", {"repository": "acme/web", "tag": "v7"})]


async def test_slack_being_down_and_what_quay_has_queued_are_shown(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(eyes.open)
        await asyncio.to_thread(eyes.reads, "#status-slack", "Slack is up")
        world.slack.down, world.queued, world.waiting = True, 1, 34
        world.board.bump()
        await asyncio.to_thread(eyes.reads, "#status-slack", "Slack is down")
        await asyncio.to_thread(eyes.reads, "#status-queued", "1 delivery queued")
        await asyncio.to_thread(eyes.reads, "#status-waiting", "34 messages waiting")
        await asyncio.to_thread(eyes.reads, "#outage", "catches up")


async def test_a_command_that_slack_cannot_carry_is_complained_about_and_kept(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.down = True

    def story(eyes: Eyes) -> None:
        eyes.open()
        line = eyes.see("#line")
        assert line.get_attribute("placeholder") == "Type /quay help"
        line.send_keys("/quay help", Keys.ENTER)
        eyes.reads("#complaint", "Slack is down: your command cannot reach the bot.")
        assert line.get_attribute("value") == "/quay help"

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.slack.done == []


async def test_what_is_worth_trying_is_put_into_the_composer(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.invited["U2"] = [Hint("/quay tags acme/web", f"Look {NASTY}"), Hint("/quay help", "Ask")]

    def story(eyes: Eyes) -> None:
        eyes.open()
        assert not eyes.driver.find_element(By.ID, "tries").is_displayed()
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.reads("#tries", f"Look {NASTY}")
        eyes.see("#tries button").click()
        line = eyes.see("#line")
        assert line.get_attribute("value") == "/quay tags acme/web"
        assert eyes.driver.switch_to.active_element == line
        assert world.slack.done == []
        line.send_keys(Keys.ENTER)
        eyes.reads("#messages .whisper", "You said tags acme/web")
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_news_for_somebody_one_was_before_are_counted(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.said = {"C1": [], "C2": [], "D1": []}

    def story(eyes: Eyes) -> None:
        eyes.open()
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.until(lambda: eyes.see("#me").text == "B")
        world.slack.say("D1", text="for alice")
        world.slack.say("C2", text="for all")
        eyes.reads('[data-channel="C2"] .count', "1")
        Select(eyes.see("#user")).select_by_visible_text("alice")
        eyes.reads('[data-channel="D1"] .count', "1")
        eyes.see('[data-channel="D1"]').click()
        eyes.reads("#messages", "for alice")
        assert eyes.all('[data-channel="D1"] .count') == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_every_button_of_the_panel_explains_itself(chromium: webdriver.Chrome) -> None:
    def story(eyes: Eyes) -> None:
        eyes.open()
        titles = {one.get_attribute("data-happening"): one.get_attribute("title") for one in eyes.all(".tile")}
        assert titles == {one.name: one.says for one in HAPPENINGS}

    async with looking(chromium, ScriptedWorld()) as eyes:
        await asyncio.to_thread(story, eyes)
