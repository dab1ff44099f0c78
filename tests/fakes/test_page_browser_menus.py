"""The page in a real browser, over the scripted world: fields that search, forms that change, and shortcuts."""

import asyncio
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.fakes.page_eyes import Eyes, chromium, looking
from tests.fakes.page_world import NASTY, Answered, ScriptedWorld, option, plain, text_input

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


def search(block: str, label: str, least: int = 1, **more: Any) -> dict[str, Any]:
    element = {"type": "external_select", "action_id": "seek", "min_query_length": least}
    return {"type": "input", "block_id": block, "label": plain(label), "element": element, **more}


def form(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"id": "V1", "type": "modal", "title": plain("Restore"), "submit": plain("Go"), "blocks": list(blocks)}


def field(block: str) -> str:
    return f"#modal .block:nth-of-type({block}) [role=combobox]"


def rows(eyes: Eyes) -> list[tuple[str, str | None]]:
    return [(one.text, one.get_attribute("aria-selected")) for one in eyes.all("#modal [role=option]")]


async def test_a_field_searches_while_one_types_and_is_driven_by_keys(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.views["U1"] = [form(search("repo", "Repository"))]

    def story(eyes: Eyes) -> None:
        eyes.open()
        box = eyes.see("#modal [role=combobox]")
        assert eyes.driver.switch_to.active_element == box
        assert (box.get_attribute("aria-expanded"), box.accessible_name) == ("false", "Repository")
        box.send_keys("acme")
        eyes.until(lambda: rows(eyes) == [("acme/api", "true"), ("acme/web", "false")])
        listed = eyes.see("#modal [role=listbox]").get_attribute("id")
        assert (box.get_attribute("aria-expanded"), box.get_attribute("aria-controls")) == ("true", listed)
        box.send_keys(Keys.ARROW_DOWN)
        assert rows(eyes) == [("acme/api", "false"), ("acme/web", "true")]
        assert box.get_attribute("aria-activedescendant") == eyes.all("#modal [role=option]")[1].get_attribute("id")
        box.send_keys(Keys.ENTER)
        assert (box.get_attribute("value"), box.get_attribute("aria-expanded")) == ("acme/web", "false")
        box.send_keys(Keys.BACKSPACE * 8, "zzz")
        eyes.reads("#modal [role=status]", "No results")
        box.send_keys(Keys.ENTER)  # chooses nothing, and sends nothing
        box.send_keys(Keys.ESCAPE)  # closes the list and not the window
        assert box.get_attribute("value") == "acme/web"
        eyes.see("#modal-submit").click()
        eyes.until(lambda: not eyes.driver.find_element(By.ID, "modal").is_displayed())
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    asked = [deed for deed in world.slack.done if deed[0] == "options"]
    assert asked == [("options", "U1", "seek", "acme"), ("options", "U1", "seek", "zzz")]  # not one for each letter
    assert world.slack.done[-1] == ("submit", "U1", {"repo": {"seek": option("acme/web")}})


async def test_a_search_that_fails_says_so_and_can_be_repeated(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.views["U1"] = [form(search("repo", "Repository"))]
    world.slack.offer = Answered(0, None, "operation_timeout")

    def story(eyes: Eyes) -> None:
        eyes.open()
        box = eyes.see("#modal [role=combobox]")
        box.send_keys("acm")
        eyes.reads("#modal [role=status]", "Could not load. The app’s answer: operation_timeout.")
        groups = [{"label": plain("Yours"), "options": [option(NASTY)]}]
        world.slack.offer = Answered(200, {"option_groups": groups})
        box.send_keys("e")
        eyes.reads("#modal [role=option]", NASTY)
        eyes.reads("#modal .group-name", "Yours")
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_a_choice_changes_the_form_and_what_was_typed_stays(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    repo, why = search("repo", "Repository", dispatch_action=True), text_input("why", "Why")
    world.slack.views["U1"] = [form(repo, why)]
    world.slack.updates["V1"] = form(repo, search("tag", "Tag", least=0), why)

    def story(eyes: Eyes) -> None:
        eyes.open()
        note = eyes.see("#modal input[type=text]:not([role])")
        note.send_keys("half-typed")
        box = eyes.see("#modal [role=combobox]")
        box.send_keys("web")
        eyes.reads("#modal [role=option]", "acme/web")
        box.send_keys(Keys.ENTER)
        eyes.reads("#modal label", "Tag")
        assert note.get_attribute("value") == "half-typed"
        assert box.get_attribute("value") == "acme/web"
        assert eyes.driver.switch_to.active_element == box
        tag = eyes.all("#modal [role=combobox]")[1]
        tag.click()
        eyes.until(lambda: len(eyes.all("#modal [role=option]")) == 4)  # what was found before, and all three of them
        tag.send_keys(Keys.ESCAPE)
        assert eyes.see("#modal").is_displayed()

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert ("click_view", "U1", "seek", option("acme/web")) in world.slack.done
    assert world.slack.filled == {"repo": {"seek": option("acme/web")}, "why": {"text": "half-typed"}}


async def test_a_menu_under_a_message_searches_and_chooses(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    menu = {"type": "external_select", "action_id": "seek", "min_query_length": 1, "placeholder": plain("Repository")}
    ts = world.slack.say("C1", blocks=[{"type": "actions", "block_id": "b", "elements": [menu]}])

    def story(eyes: Eyes) -> None:
        eyes.open()
        box = eyes.see("#messages [role=combobox]")
        box.send_keys("ops")
        eyes.reads("#messages [role=option]", "ops/base")
        box.send_keys(Keys.ENTER)
        eyes.until(lambda: world.slack.done[-1][0] == "click")

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    assert world.slack.done[-1] == ("click", "U1", "C1", ts, "seek", False, option("ops/base"))


async def test_shortcuts_stand_beside_the_composer_and_at_each_message(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    about = {"description": "Back to before"}
    world.slack.shortcuts = [
        {"name": "Restore a tag", "type": "global", "callback_id": "restore", **about},
        {"name": f"Build {NASTY}", "type": "global", "callback_id": "build", **about},
        {"name": "Restore this", "type": "message", "callback_id": "restore_this", **about},
    ]
    ts = world.slack.say("C1", text="acme/web:latest is broken")
    world.slack.whispered["U1"] = [{"channel": "C1", "user": "UBOT", "ts": "1763900900.000100", "text": "psst"}]

    def story(eyes: Eyes) -> None:
        eyes.open()
        button = eyes.see("#shortcuts-button")
        button.send_keys(Keys.ENTER)
        eyes.reads("[role=menuitem]", f"Build {NASTY}")
        assert button.get_attribute("aria-expanded") == "true"
        active = eyes.driver.switch_to.active_element
        assert active.text.startswith("Restore a tag")
        active.send_keys(Keys.ESCAPE)
        eyes.until(lambda: eyes.all("[role=menu]") == [])
        assert eyes.driver.switch_to.active_element == button
        button.click()
        eyes.see("[role=menu]")
        button.click()  # a second press closes it
        eyes.until(lambda: eyes.all("[role=menu]") == [])
        button.send_keys(Keys.ARROW_DOWN)
        eyes.see("[role=menuitem]")
        eyes.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
        eyes.driver.switch_to.active_element.send_keys(Keys.ENTER)
        eyes.reads("#modal h2", "Subscribe")
        eyes.see("#modal-close").click()
        eyes.until(lambda: not eyes.driver.find_element(By.ID, "modal").is_displayed())
        [more] = eyes.all("#messages [aria-label='More actions']")  # none at the whisper
        more.send_keys(Keys.ENTER)
        eyes.see("[role=menuitem]").click()
        eyes.reads("#modal h2", "Subscribe")
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    used = [deed for deed in world.slack.done if deed[0] == "shortcut"]
    assert used == [("shortcut", "U1", "build", None, None), ("shortcut", "U1", "restore_this", "C1", ts)]
