"""The page in a real browser, over the scripted world: what people see, type and press."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.fakes.page import HAPPENINGS, Hint, Note
from tests.fakes.page_eyes import Eyes, launch, looking
from tests.fakes.page_world import MODAL, NASTY, Answered, ScriptedWorld, escaped, mrkdwn, plain

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    driver = launch(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


def card(**confirm: Any) -> dict[str, Any]:
    button = {"type": "button", "action_id": "ack", "style": "danger", "text": plain("Delete"), **confirm}
    blocks = [
        {"type": "header", "text": plain(f"A header {NASTY}")},
        {
            "type": "section",
            "text": mrkdwn(f"*acme/api* got `v1` from {escaped(NASTY)} and <https://quay.io/x|a link>"),
        },
        {"type": "section", "fields": [mrkdwn("*Size*\n48 MB"), mrkdwn("<javascript:alert(1)|not a link>")]},
        {"type": "context", "elements": [mrkdwn("_soon_ <!date^1763900000^{date_num}|never> :tada:")]},
    ]
    hanging = [{"type": "actions", "elements": [button]}]
    return {"blocks": blocks, "attachments": [{"color": "#e01e5a", "blocks": hanging}]}


async def test_messages_are_drawn_and_foreign_words_stay_words(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.say("C1", **card())
    world.slack.say(
        "C1",
        text=f"plain {escaped(NASTY)}\n```fenced &lt;&amp;&gt; <https://quay.io|words>```",
        edited={"user": "UBOT", "ts": "1"},
    )

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.reads("#messages", f"plain {NASTY}")
        assert eyes.driver.title == "quaybot demo"
        assert eyes.all("#messages img") == []
        assert eyes.see(".block.header h3").text == f"A header {NASTY}"
        assert eyes.see(".block.section strong").text == "acme/api"
        assert NASTY in eyes.see(".block.section .words").text
        [link] = eyes.all("#messages a")
        assert [link.get_attribute(name) for name in ("href", "rel", "target")] == [
            "https://quay.io/x",
            "noopener noreferrer",
            "_blank",
        ]
        assert eyes.see(".block.context em").text == "soon"
        assert "2025" in eyes.see(".block.context time").text
        assert "🎉" in eyes.see(".block.context").text
        assert "rgba(224, 30, 90, 1)" in eyes.see(".attachment .bar").value_of_css_property("background-color")
        assert eyes.see("pre").text == "fenced <&> words"
        assert eyes.see(".edited").text == "(edited)"
        assert eyes.see(".badge").text == "APP"
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


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


async def test_a_button_with_an_address_opens_a_tab_and_tells_the_app(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()

    async def show(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><p id=there>there</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.see("[data-action=go]").click()
        [tab] = eyes.until(lambda: set(eyes.driver.window_handles[1:]))
        eyes.driver.switch_to.window(tab)
        eyes.reads("#there", "there")
        assert eyes.driver.execute_script("return [window.opener, document.referrer]") == [None, ""]
        eyes.driver.close()
        eyes.driver.switch_to.window(eyes.driver.window_handles[0])
        eyes.until(lambda: world.slack.done)

    async with TestServer(app) as elsewhere, looking(chromium, world) as eyes:
        button = {"type": "button", "action_id": "go", "text": plain("Go"), "url": str(elsewhere.make_url("/"))}
        ts = world.slack.say("C1", text="", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}])
        await asyncio.to_thread(story, eyes)
    assert world.slack.done == [("click", "U1", "C1", ts, "go", False, None)]


async def test_every_button_of_the_panel_explains_itself(chromium: webdriver.Chrome) -> None:
    def story(eyes: Eyes) -> None:
        eyes.open()
        titles = {one.get_attribute("data-happening"): one.get_attribute("title") for one in eyes.all(".tile")}
        assert titles == {one.name: one.says for one in HAPPENINGS}

    async with looking(chromium, ScriptedWorld()) as eyes:
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


async def test_a_file_in_a_message_can_be_downloaded(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.say("C1", text="here", files=[{"id": "F1", "name": "<b>.csv", "title": "<b>.csv", "size": 12_345}])

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.reads("#messages .file", "<b>.csv")
        eyes.reads("#messages .file-size", "12 kB")
        link = eyes.see("#messages .file a")
        assert (link.get_attribute("download"), link.get_dom_attribute("href")) == ("<b>.csv", "/demo/file/F1?user=U1")
        assert eyes.complaints() == []

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


async def test_replies_stand_below_their_message(chromium: webdriver.Chrome) -> None:
    world = ScriptedWorld()
    world.slack.say("C1", text="a card")
    world.slack.say("C1", text="another card")
    first = world.slack.messages("C1")[0]["ts"]
    world.slack.say("C1", text="more about the first", thread_ts=first)

    def story(eyes: Eyes) -> None:
        eyes.open()
        eyes.reads("#messages .reply", "more about the first")
        assert [one.text for one in eyes.all("#messages .words")] == ["a card", "more about the first", "another card"]

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (900, 700)])
async def test_nothing_is_wider_than_its_place(chromium: webdriver.Chrome, width: int, height: int) -> None:
    world = ScriptedWorld()
    world.slack.say("C1", **card())
    world.slack.say("C1", text="x" * 400 + " `" + "y" * 400 + "`")

    def story(eyes: Eyes) -> None:
        eyes.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        try:
            eyes.open()
            eyes.reads("#messages", "acme/api got")
            for place in ("body", "#messages", ".panel-body", "#log", ".side"):
                wide = eyes.driver.execute_script(
                    "const e = document.querySelector(arguments[0]); return e.scrollWidth - e.clientWidth", place
                )
                assert wide <= 0, place
        finally:
            eyes.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    async with looking(chromium, world) as eyes:
        await asyncio.to_thread(story, eyes)
