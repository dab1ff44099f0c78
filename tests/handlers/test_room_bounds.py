"""How much one person can have under way at the same time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from handlers import dispatch
from handlers.command import Action, Click, Desk, Reply
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
    """The button "slow" answers when this is open."""
    opened = asyncio.Event()

    async def run(_click: Click, _desk: Desk) -> Reply:
        await opened.wait()
        return whisper("Here you are.")

    monkeypatch.setitem(dispatch.BUTTONS, "slow", Action(id="slow", run=run))
    return opened


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
