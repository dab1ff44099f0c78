"""`quaybot demo` as a visitor meets it: the page, its history, every button of the panel, a build from the composer."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.demo.city import CHANNELS, PEOPLE
from bot.fakes.page import HAPPENINGS
from tests.demo.conftest import LaterClock, Visit
from tests.fakes.page_eyes import Eyes, launch


async def test_a_visitor_finds_a_page_and_a_little_history(visit: Visit) -> None:
    async with visit.session.get(f"{visit.address}/") as response:
        assert response.status == 200
        assert "quaybot" in await response.text()
    await visit.until(lambda: len(visit.texts("releases")) == 2 and visit.texts("security") and visit.texts("platform"))
    assert visit.texts("security") == ["Critical vulnerability: CVE-2024-3094 in acme/web:v1.4.0. A fix is available."]
    state = await visit.state()
    assert [channel["name"] for channel in state["channels"]][:4] == list(CHANNELS)
    assert state["status"]["down"] is False


async def test_a_build_typed_into_the_composer_is_one_card_that_runs_to_its_end(visit: Visit) -> None:
    line = "/quay build acme/web --archive-url https://git.example/broken.tar.gz --tag v9"
    await visit.post("command", user=PEOPLE["alice"], channel=CHANNELS["builds"], text=line)
    await visit.until(lambda: any(text.startswith("Build failed") for text in visit.texts("builds")))
    assert len(visit.texts("builds")) == 1
    await visit.until(lambda: "1 failed, 41 passed" in str(visit.world.slack.messages(CHANNELS["builds"])[0]))


@pytest.mark.parametrize("happening", [one.name for one in HAPPENINGS if "build" not in one.name])
async def test_every_button_of_the_panel_does_what_it_says(visit: Visit, happening: str) -> None:
    await visit.until(lambda: len(visit.texts("releases")) == 2 and visit.texts("security") and visit.texts("platform"))
    before = {channel: visit.texts(channel) for channel in CHANNELS}
    status, answer = await visit.post("happen", what=happening, repository="acme/api", tag="v7")
    assert (status, bool(answer["said"])) == (200, True)
    if happening == "slack-outage":
        assert (await visit.state())["status"]["down"] is True
    elif happening not in {"layout", "webhooks-lost"}:  # these change what comes next
        await visit.until(lambda: {channel: visit.texts(channel) for channel in CHANNELS} != before)


async def test_a_running_build_is_cancelled_from_its_card_and_stays_so(visit: Visit) -> None:
    channel, quay = CHANNELS["builds"], visit.world.quay
    line = "/quay build acme/web --archive-url https://git.example/web.tar.gz"
    await visit.post("command", user=PEOPLE["alice"], channel=channel, text=line)
    await visit.until(lambda: any(build.status.get("current_command") == 2 for build in quay.builds.values()))
    [build] = [one for one in quay.builds.values() if one.phase == "building"]
    await visit.until(lambda: "build_cancel" in str(visit.world.slack.messages(channel)))
    [card] = visit.world.slack.messages(channel)
    click = {"channel": channel, "ts": card["ts"], "action_id": "build_cancel"}
    assert await visit.post("click", user=PEOPLE["alice"], **click) == (200, {})
    await visit.until(lambda: visit.texts("builds")[0].startswith("Build cancelled"))
    said = len(build.logs)
    await visit.post("happen", what="build", repository="acme/api")  # the machine goes on with other builds
    await visit.until(lambda: any(one.phase == "building" for one in quay.builds.values()))
    assert (build.phase, len(build.logs)) == ("cancelled", said)
    assert visit.texts("builds")[0].startswith("Build cancelled")


async def test_a_builds_log_is_long_enough_to_leaf_through(visit: Visit) -> None:
    await visit.post("happen", what="build", repository="acme/web")
    await visit.until(lambda: any(len(build.logs) > 150 for build in visit.world.quay.builds.values()))


async def test_each_quota_warning_crosses_another_threshold(visit: Visit) -> None:
    for threshold in (80, 90, 95):
        assert (await visit.post("happen", what="quota"))[0] == 200
        await visit.until(lambda mark=f"threshold {threshold}": mark in str(visit.world.slack.messages("C0PLATFORM")))
    assert (await visit.post("happen", what="quota"))[0] == 409


async def test_links_to_quays_front_page_lead_somewhere(visit: Visit) -> None:
    async with visit.session.get(f"{visit.world.quay.url}/") as response:
        assert response.status == 200
        assert "front page" in await response.text()


def completed(visit: Visit) -> bool:
    """Is the history there, with what the bot has looked up about its two pushes?"""
    told = visit.texts("releases")
    return len(told) == 2 and all("Critical" in text or "No vulnerabilities" in text for text in told)


async def test_while_slack_is_down_messages_wait_and_nobody_can_type(visit: Visit) -> None:
    await visit.until(lambda: completed(visit))
    await visit.post("happen", what="slack-outage")
    for what in ("build", "build-failure"):
        status, body = await visit.post("happen", what=what)
        assert (status, body["error"].partition(":")[0]) == (409, "Slack is down")
    assert [build.phase for build in visit.world.quay.builds.values()] == ["complete"]  # the one of before
    await visit.post("happen", what="push", repository="acme/api", tag="v8")
    await visit.until(lambda: visit.world.waiting == 1)
    assert (await visit.state())["status"]["waiting"] == 1
    visit.world.slack.down = False
    await visit.until(lambda: visit.world.waiting == 0)


async def test_webhooks_that_quay_gave_up_are_switched_on_again_and_what_they_missed_is_told_late(
    visit: Visit, clock: LaterClock
) -> None:
    await visit.until(lambda: len(visit.texts("releases")) == 2)
    clock.ahead = timedelta(minutes=5)  # after the last push, so that this is no part of its card
    await visit.post("happen", what="webhooks-lost", repository="acme/api", tag="v9")
    off = [one for one in visit.world.quay.notifications.values() if one.disabled]
    clock.ahead = timedelta(minutes=6)
    await visit.until(lambda: not any(one.disabled for one in visit.world.quay.notifications.values()))
    clock.ahead = timedelta(minutes=8)
    await visit.until(lambda: any("acme/api:v9" in text for text in visit.texts("releases")))
    [told] = [text for text in visit.texts("releases") if "acme/api:v9" in text]
    assert {one.target for one in off} == {"acme/api"}
    assert "recovered" in told


async def test_slack_being_down_loses_nothing(visit: Visit) -> None:
    await visit.until(lambda: completed(visit))
    await visit.post("happen", what="slack-outage")
    await visit.post("happen", what="push", repository="acme/team/worker", tag="v8")
    await visit.until(lambda: any(call.status == 503 for call in visit.world.slack.calls))
    assert len(visit.texts("releases")) == 2
    visit.world.slack.down = False
    await visit.until(lambda: any(text.startswith("Pushed acme/team/worker:v8.") for text in visit.texts("releases")))


async def test_a_scan_is_one_card_whose_list_can_be_read_to_its_end_and_taken_home(
    visit: Visit, clock: LaterClock
) -> None:
    await visit.until(lambda: visit.texts("security"))  # what the scanner found before the visitor came
    clock.ahead = timedelta(minutes=1)
    await visit.post("happen", what="vulnerability", repository="acme/web")
    clock.ahead = timedelta(minutes=2)
    await visit.post("happen", what="scan", tag="v9")
    await visit.until(
        lambda: any(text.startswith("200 vulnerabilities in 4 repos") for text in visit.texts("security"))
    )
    _, card = visit.world.slack.messages(CHANNELS["security"])
    alice, view = PEOPLE["alice"], visit.world.slack.open_views
    click = {"channel": CHANNELS["security"], "ts": card["ts"], "action_id": "show_all"}
    assert await visit.post("click", user=alice, **click) == (200, {})
    for place in ("Items 1 to 40 of 200", "Items 41 to 80 of 200"):
        await visit.until(lambda place=place: place in str(view(alice)))
        assert await visit.post("click_view", user=alice, action_id="list_next") == (200, {})
    await visit.until(lambda: "Items 81 to 120 of 200" in str(view(alice)))
    assert await visit.post("click_view", user=alice, action_id="list_csv") == (200, {})
    await visit.until(lambda: "The file is in your direct messages with me: 200 rows." in str(view(alice)))
    assert view(PEOPLE["bob"]) == []
    [file] = (await visit.state())["messages"][visit.world.slack.im(alice)][-1]["files"]
    address = f"{visit.address}/demo/file/{file['id']}"
    async with visit.session.get(address, params={"user": alice}) as response:
        assert (response.status, "quaybot-vulnerability-" in response.headers["Content-Disposition"]) == (200, True)
        assert (await response.text()).count("\r\n") == 201
    async with visit.session.get(address, params={"user": PEOPLE["bob"]}) as response:
        assert response.status == 404


async def test_a_scan_at_once_joins_what_was_found_just_before(visit: Visit) -> None:
    await visit.until(lambda: visit.texts("security"))
    await visit.post("happen", what="scan", tag="v9")
    await visit.until(
        lambda: any(text.startswith("201 vulnerabilities in 5 repos") for text in visit.texts("security"))
    )
    assert len(visit.texts("security")) == 1


async def test_the_layout_of_all_channels_can_be_changed(visit: Visit) -> None:
    await visit.until(lambda: len(visit.texts("releases")) == 2)
    said = [(await visit.post("happen", what="layout"))[1]["said"].split(":")[0] for _ in range(3)]
    assert said == [f"The layout is {name} now" for name in ("thread", "compact", "card")]
    await visit.post("happen", what="layout")
    await visit.post("happen", what="promotion", repository="acme/team/worker", tag="v9")
    channel = CHANNELS["releases"]
    await visit.until(lambda: any("thread_ts" in message for message in visit.world.slack.messages(channel)))


async def test_a_promotion_is_one_card(visit: Visit) -> None:
    await visit.until(lambda: len(visit.texts("releases")) == 2)
    await visit.post("happen", what="promotion", repository="acme/team/worker", tag="v9")
    await visit.until(lambda: any("12 tags" in text for text in visit.texts("releases")))
    assert len(visit.texts("releases")) == 3


async def test_slack_comes_back_when_the_button_is_pressed_again(visit: Visit) -> None:
    for down in (True, False, True):
        status, _ = await visit.post("happen", what="slack-outage")
        assert (status, visit.world.slack.down) == (200, down)


@pytest.mark.browser
async def test_a_visitor_types_help_and_a_build_in_a_real_browser(visit: Visit, tmp_path: Any) -> None:
    def story() -> None:
        driver = launch(tmp_path)
        try:
            eyes = Eyes(driver, f"{visit.address}/")
            eyes.open(user=PEOPLE["alice"], channel=CHANNELS["builds"])
            composer = eyes.see("#composer textarea, #composer input")
            composer.send_keys("/quay help", Keys.ENTER)
            eyes.reads("#messages", "What I can do")
            composer.send_keys("/quay build acme/web --archive-url https://git.example/web.tar.gz", Keys.ENTER)
            eyes.reads("#messages", "Build succeeded")
            assert len([one for one in eyes.all("#messages strong") if one.text == "Build succeeded"]) == 1
            assert driver.find_elements(By.CSS_SELECTOR, "#messages img") == []
            assert [line for line in driver.get_log("browser") if line["level"] == "SEVERE"] == []
        finally:
            driver.quit()

    await asyncio.to_thread(story)
