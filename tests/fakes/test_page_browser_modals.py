"""The page in a real browser, over the scripted world: questions and windows that are filled in."""

import asyncio

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.fakes.page import Note
from tests.fakes.page_eyes import Eyes, chromium, looking
from tests.fakes.page_world import MODAL, Answered, ScriptedWorld, card, mrkdwn, plain

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


async def test_a_dangerous_button_asks_first_and_its_modal_is_filled_in_and_saved(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    question = {
        "title": plain("Sure?"),
        "text": mrkdwn("It *goes*."),
        "confirm": plain("Do it"),
        "deny": plain("Keep it"),
    }
    ts = world.slack.say("C1", **card(confirm=question))

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see("[data-action=ack]").click()
        eyes.reads("#confirm", "It goes.")
        eyes.see("#confirm .button:not(#confirm-yes)").click()
        assert world.slack.done == []
        eyes.see("[data-action=ack]").click()
        eyes.see("#confirm-yes").click()

        eyes.reads("#modal h2", "Subscribe")
        eyes.see("#modal-submit").click()
        eyes.reads("#modal .field-error", "This is a required field.")
        name = eyes.see("#modal input[type=text]")
        assert name.get_attribute("aria-invalid") == "true"
        name.send_keys("taken")
        eyes.see("#modal textarea").send_keys("two\nlines")
        eyes.see("#modal [role=combobox]").send_keys("web")
        eyes.see("#modal [role=option]").click()
        Select(eyes.see("#modal select")).select_by_visible_text("Low")
        eyes.see("#modal [type=checkbox]").click()
        eyes.see("#modal-submit").click()
        eyes.reads("#modal .field-error", "That name is taken.")
        name.clear()
        name.send_keys("fresh")
        eyes.see("#modal-submit").click()
        eyes.until(lambda: not eyes.driver.find_element(By.ID, "modal").is_displayed())
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
    submitted = world.slack.done[-1]
    web_option = {"text": plain("acme/web"), "value": "acme/web"}
    assert submitted == (
        "submit",
        "U1",
        {
            "name": {"text": "fresh"},
            "why": {"text": "two\nlines"},
            "repository": {"pick": web_option},
            "severity": {"pick": {"text": plain("Low"), "value": "Low"}},
            "events": {"pick": [{"text": plain("push"), "value": "push"}]},
        },
    )
    assert ("click", "U1", "C1", ts, "ack", False, None) in world.slack.done


async def test_stacked_modals_keep_what_was_typed_below(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    more = {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "action_id": "more", "text": plain("More")}],
    }
    below = {**MODAL, "blocks": [*MODAL["blocks"], more]}
    above = {"id": "V2", "type": "modal", "title": plain("Above"), "blocks": []}
    world.slack.views["U1"] = [below]
    world.slack.pushes = [above]

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see("#modal input[type=text]").send_keys("half-ty")
        eyes.see("#modal [data-action=more]").click()
        eyes.reads("#modal h2", "Above")
        eyes.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        eyes.reads("#modal h2", "Subscribe")
        assert eyes.see("#modal input[type=text]").get_attribute("value") == "half-ty"
        eyes.see("#modal-close").click()
        eyes.until(lambda: not eyes.driver.find_element(By.ID, "modal").is_displayed())

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_a_token_at_hand_is_copied_and_pasted_into_a_form(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.at_hand["U2"] = [Note("bob's token", "t0ken")]

    def story(eyes: Eyes) -> None:
        eyes.open()
        assert not eyes.driver.find_element(By.ID, "notes").is_displayed()
        Select(eyes.see("#user")).select_by_visible_text("bob")
        eyes.reads("#notes code", "t0ken")
        eyes.see("#notes button").click()
        eyes.until(lambda: eyes.see("#notes button").text in {"Copied", "Selected"})
        world.slack.views["U2"] = [MODAL]
        world.board.bump()
        eyes.reads("#modal .notes code", "t0ken")
        eyes.see("#modal .notes button").click()
        eyes.reads("#modal .notes button", "Copied")
        eyes.see("#modal input[type=text]").send_keys(Keys.CONTROL, "v")
        assert eyes.see("#modal input[type=text]").get_attribute("value") == "t0ken"
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_a_failing_button_of_a_modal_is_explained_inside_it(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    view = {**MODAL, "blocks": [{"type": "actions", "block_id": "b", "elements": [button]}]}
    world.slack.views["U1"] = [view]
    world.slack.answer = Answered(0, None, "operation_timeout")

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see("#modal [data-action=more]").click()
        eyes.reads("#modal .dialog-alert", "operation_timeout")

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
