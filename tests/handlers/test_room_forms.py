"""Forms, fields that search and shortcuts over real HTTP, as Slack sends them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.forms.memory import Memory
from tests.handlers.conftest import Office
from tests.handlers.slack_room import Slack, a_slack


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[Slack]:
    async for one in a_slack(office, limit=2):
        yield one


def typing(value: str, action: str = "seek:repository", memory: Memory | None = None) -> dict[str, Any]:
    view = {"id": "V1", "private_metadata": (memory or Memory()).pack()}
    return {"type": "block_suggestion", "action_id": action, "block_id": "b", "value": value, "view": view}


def shortcut(callback: str, **more: Any) -> dict[str, Any]:
    return {"type": "message_action" if more else "shortcut", "callback_id": callback} | more


async def test_who_types_is_answered_at_once_and_loses_nothing_of_what_they_may_ask(slack):
    for _ in range(5):
        status, body = await slack._acts(typing("acme/web:v1"), slack.office.alice)
        assert status == 200
        [option] = body["options"]
        assert option["value"] == "acme/web:v1"
    await slack._acts(shortcut("restore_tag"), slack.office.alice)
    await slack.room.close()
    assert len(slack.ears.modals) == 1


@pytest.mark.parametrize("action", ["seek:repository", "seek:nothing", "other"])
async def test_somebody_without_an_account_is_offered_nothing(slack, action):
    assert await slack._acts(typing("acme/web", action), slack.office.bob) == (200, {"options": []})


async def test_who_types_the_same_twice_in_a_second_is_answered_twice_and_a_command_is_not(slack, monkeypatch):
    monkeypatch.setattr(slack, "_trigger", lambda: "1.2.3")
    for _ in range(2):
        _, body = await slack._acts(typing("acme/web"), slack.office.alice)
        assert [option["value"] for option in body["options"]] == ["acme/web"]
        await slack.types("restore acme/web:v1 block_suggestion", slack.office.bob)
    await slack.room.close()
    assert len(slack.ears.said) == 1


async def test_whoever_is_nobody_is_offered_nothing(slack):
    answer = await slack._acts(typing("acme/web") | {"user": {"id": ""}}, slack.office.alice)
    assert answer == (200, {"options": []})


async def test_a_message_shortcut_opens_the_form_with_the_image_of_the_message(slack):
    message = {"ts": "1.1", "text": "Is acme/web:v1 broken?"}
    body = shortcut("restore_this", message=message, channel={"id": "C1"}, response_url="https://hooks.example/r")
    assert await slack._acts(body, slack.office.alice) == (200, "")
    await slack.room.close()
    shown = slack.office.shown()
    memory = Memory.unpack(shown.private)
    assert (shown.callback, memory.repository, memory.tag) == ("form:restore", "acme/web", "v1")
    assert (memory.origin.channel, memory.origin.response_url) == ("C1", "https://hooks.example/r")


async def test_without_an_account_a_global_shortcut_is_answered_in_direct_messages_and_offered_again(slack):
    await slack._acts(shortcut("restore_tag"), slack.office.bob)
    [(way, where, said)] = await slack.said()
    assert (way, where) == ("post", slack.office.bob.user)
    assert said == "I do not know your Quay account yet."
    assert slack.office.bob in slack.office.kept.words


async def test_a_shortcut_of_yesterday_is_answered(slack):
    await slack._acts(shortcut("dance"), slack.office.alice)
    assert "older version" in (await slack.said())[0][2]


async def test_shortcuts_count_like_commands(slack):
    for _ in range(3):
        await slack._acts(shortcut("restore_tag"), slack.office.alice)
    assert "asked me for a lot" in (await slack.said())[0][2]
