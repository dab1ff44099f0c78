"""The page in a real browser, over the scripted world: how messages are drawn, and what hangs on them."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from selenium import webdriver

from tests.fakes.page_eyes import Eyes, chromium, looking
from tests.fakes.page_world import NASTY, ScriptedWorld, card, escaped, plain

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


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
