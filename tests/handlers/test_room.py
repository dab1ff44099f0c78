"""The room over real HTTP: what Slack sends, signed, and what comes back in time."""

# ruff: noqa: E501 - golden sentences stand on one line

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Phase
from bot.domain.messages import Modal
from bot.domain.people import Person
from handlers.command import Origin, Submission
from handlers.slack.work import Work
from tests.handlers.conftest import Office
from tests.handlers.slack_room import URL, Slack, a_slack, replaced


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


async def test_a_wrong_code_is_answered_below_its_field_while_the_form_is_open(slack):
    slack.office.linking.codes[slack.office.bob] = ("AC3K-7WXY", "bob", 5)
    answer = await slack.sends("link_code", {"code": "AC3K-7WXZ"}, slack.office.bob)
    assert answer == snapshot(
        (200, {"response_action": "errors", "errors": {"code": "This is not the code. You have 4 more tries."}})
    )
    assert await slack.sends("link_code", {"code": "short"}, slack.office.bob) == snapshot(
        (
            200,
            {"response_action": "errors", "errors": {"code": "The code has eight letters and digits, like XXXX-XXXX."}},
        )
    )
    assert slack.ears.heard == []


async def test_a_right_code_closes_the_form_and_what_was_asked_for_is_done_once(slack):
    office = slack.office
    office.has_build(Phase.COMPLETE, trigger="github")
    await slack.types("build acme/web", office.bob, response_url="https://hooks.example/build")
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob) == (200, "")
    said = await slack.said(3)
    assert said[1:] == snapshot(
        [
            (
                "response",
                "https://hooks.example/bob",
                "You are *bob* on quay.example now. Now I do what you asked for: `/quay build acme/web`",
            ),
            (
                "response",
                "https://hooks.example/build",
                "Build `dbf23442` of `acme/web` is queued, from the same source as the last one (`dbf23442`). Its card follows in this channel.",
            ),
        ]
    )
    assert [call[0] for call in office.quay.calls] == ["token-bob"] * len(office.quay.calls)
    assert [call[1] for call in office.quay.calls].count("retry_build") == 1
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.sends("link_code", {"code": "AC3K-7WXY"}, office.bob)
    await slack.said(4)
    await slack.room.close()
    assert [call[1] for call in office.quay.calls].count("retry_build") == 1


async def test_a_response_url_that_is_used_up_meanwhile_is_no_end(slack):
    office = slack.office
    await slack.types("build acme/web", office.bob, response_url="https://hooks.example/build")
    await slack.said(1)
    slack.ears.closed.add("https://hooks.example/build")
    await slack.sends("link_account", {"token": "token-bob" + "x" * 20}, office.bob)
    await slack.said(2)
    office.quay.users["t" * 40] = "bob"
    await slack.sends("link_account", {"token": "t" * 40}, office.bob)
    said = await slack.said(4)
    assert [(way, where) for way, where, _ in said[2:]] == [("response", URL), ("whisper", "C1 U-BOB")]


async def test_a_mention_comes_back_to_its_thread(slack):
    office = slack.office
    event = {"type": "app_mention", "user": office.bob.user, "text": "<@U0BOT> build acme/web", "channel": "C1"}
    await slack.tells(event | {"thread_ts": "5.5", "ts": "6.6"})
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.types("link AC3K-7WXY", office.bob)
    await slack.said(3)
    assert slack.ears.heard[2][:2] == ("whisper", "C1 U-BOB")
    assert slack.ears.heard[2][2]["thread_ts"] == "5.5"


async def test_what_opens_a_window_is_offered_with_a_fresh_button(slack):
    office = slack.office
    office.has_build(Phase.BUILDING)
    await slack.presses("build_logs", office.bob, f"acme/web {office.build_id}")
    await slack.said(1)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await slack.types("link AC3K-7WXY", office.bob)
    await slack.said(3)
    (button,) = slack.ears.heard[2][2]["blocks"][-1]["elements"]
    assert (button["action_id"], button["value"]) == ("build_logs", f"acme/web {office.build_id}")
    assert office.voice.modals == {}


async def test_only_the_person_who_asked_gets_it_back(slack):
    office = slack.office
    await slack.types("build acme/web", office.bob)
    await slack.said(1)
    office.linking.codes[office.alice] = ("AC3K-7WXY", "alice", 5)
    await slack.types("link AC3K-7WXY", office.alice)
    await slack.said(2)
    await slack.room.close()
    assert office.quay.calls == []
    assert office.bob in office.kept.words


async def test_a_code_that_takes_too_long_to_look_at_is_answered_after_the_form_was_closed(office):
    turn = asyncio.Event()
    confirm = office.linking.confirm

    async def slow(person: Person, code: str) -> Any:
        await turn.wait()
        return await confirm(person, code)

    office.linking.confirm = slow
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    async for slack in a_slack(office, stays=0.0):
        assert await slack.sends("link_code", {"code": "AC3K-7WXZ"}, office.bob) == (200, "")
        turn.set()
        assert await slack.said() == [("response", URL, "This is not the code. You have 4 more tries.")]


async def test_a_form_that_was_done_later_has_no_window_any_more_and_says_so(office):
    async def shows_more() -> Modal:
        return Modal("next", "Next", ())

    desk = replaced(office)
    await Work(desk).submitted(shows_more(), "first", Submission(office.bob, "", {}, Origin("C1", URL).pack()))
    assert desk.voice.said == snapshot(
        [
            (
                "response",
                "https://hooks.example/bob",
                "What you asked for shows in a window, and Slack opens one only for a fresh click. Please do it once more.",
            )
        ]
    )


async def test_a_window_that_is_open_shows_what_comes_next(office):
    async def shows_more() -> Modal:
        return Modal("next", "Next", ())

    desk = replaced(office)
    await Work(desk).submitted(shows_more(), "first", Submission(office.bob, "V7", {}, Origin("C1", URL).pack()))
    assert [modal.title for modal in desk.voice.modals["V7"]] == ["Next"]
    assert desk.voice.said == []
