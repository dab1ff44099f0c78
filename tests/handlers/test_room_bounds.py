"""How much one person can have under way at the same time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import dispatch
from handlers.command import Action, Ask, Click, Desk, ModalHandler, Reply, Submission
from handlers.slack import room
from handlers.words import whisper
from tests.handlers.conftest import Office
from tests.handlers.slack_room import Slack, a_slack


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office):
        yield one


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The button, the form and the command "slow" answer when this is open."""
    opened = asyncio.Event()

    async def run(_asked: Click | Submission | Ask, _desk: Desk) -> Reply:
        await opened.wait()
        return whisper("Here you are.")

    monkeypatch.setitem(dispatch.BUTTONS, "slow", Action(id="slow", run=run))
    monkeypatch.setitem(dispatch.FORMS, "slow", ModalHandler("slow", lambda _: {}, run))
    monkeypatch.setitem(dispatch.COMMANDS, "slow", replace(dispatch.COMMANDS["help"], word="slow", run=run))
    return opened


async def mention(slack: Slack, number: int, words: str = "slow") -> None:
    event = {"type": "app_mention", "user": slack.office.alice.user, "text": f"<@U0BOT> {words}", "channel": "C1"}
    await slack.tells(event, f"Ev{number}")


async def test_presses_count_like_commands(slack: Slack, door: asyncio.Event):
    for _ in range(room.AT_ONCE + 2):
        await slack.presses("slow", slack.office.alice)
    assert [text for *_, text in await slack.said(2)] == [f"{room.FULL}"] * 2
    assert room.FULL in str(await slack.types("help", slack.office.alice))
    await slack.presses("slow", slack.office.bob)
    door.set()
    told = [text for *_, text in await slack.said(room.AT_ONCE + 3)]
    assert told.count("Here you are.") == room.AT_ONCE + 1


async def test_what_has_ended_counts_no_more(slack: Slack, door: asyncio.Event):
    door.set()
    for number in range(1, room.AT_ONCE + 3):
        await slack.presses("slow", slack.office.alice)
        await slack.said(number)
    assert {text for *_, text in await slack.said(room.AT_ONCE + 2)} == {"Here you are."}


async def test_forms_count_like_commands_and_say_so_below_a_field(slack: Slack, door: asyncio.Event):
    alice = slack.office.alice
    sent = [await slack.sends("slow", {"name": "x", "other": "y"}, alice) for _ in range(room.AT_ONCE + 2)]
    refused: Any = {"response_action": "errors", "errors": {"name": room.FULL}}
    assert sent == [(200, "")] * room.AT_ONCE + [(200, refused)] * 2
    assert room.FULL in str(await slack.types("help", alice))
    assert await slack.sends("slow", {"name": "x"}, slack.office.bob) == (200, "")
    door.set()
    assert [text for *_, text in await slack.said(room.AT_ONCE + 1)] == ["Here you are."] * (room.AT_ONCE + 1)
    assert await slack.sends("slow", {"name": "x"}, alice) == (200, "")


async def test_a_form_without_fields_is_refused_in_a_message(slack: Slack, door: asyncio.Event):
    for _ in range(room.AT_ONCE + 1):
        assert await slack.sends("slow", {}, slack.office.alice) == (200, "")
    assert [text for *_, text in await slack.said()] == [room.FULL]
    door.set()


async def test_mentions_count_like_commands(slack: Slack, door: asyncio.Event):
    for number in range(room.AT_ONCE + 2):
        await mention(slack, number)
    assert [text for *_, text in await slack.said(2)] == [room.FULL] * 2
    assert room.FULL in str(await slack.types("help", slack.office.alice))
    door.set()
    told = [text for *_, text in await slack.said(room.AT_ONCE + 2)]
    assert told.count("Here you are.") == room.AT_ONCE
    await mention(slack, room.AT_ONCE + 2)
    assert (await slack.said(room.AT_ONCE + 3))[-1][2] == "Here you are."


async def test_all_that_somebody_has_under_way_is_counted_together(slack: Slack, door: asyncio.Event):
    alice = slack.office.alice
    for number in range(room.AT_ONCE - 3):
        await mention(slack, number)
    await slack.presses("slow", alice)
    await slack.sends("slow", {"name": "x"}, alice)
    await slack.types("slow", alice)
    assert room.FULL in str(await slack.sends("slow", {"name": "x"}, alice))
    assert room.FULL in str(await slack.types("slow", alice))
    await mention(slack, room.AT_ONCE)
    await slack.presses("slow", alice)
    assert [text for *_, text in await slack.said(2)] == [room.FULL] * 2
    door.set()
