"""response_urls: five uses, half an hour, ephemeral unless told otherwise."""

from typing import Any

import pytest

from tests.fakes.slack_desk import Desk, actions, button, desk, section

BLOCKS = [actions(button("go"))]


async def from_command(d: Desk) -> str:
    await d.slack.command("U1", "C1", "help")
    return d.bot.heard[-1].fields["response_url"]


async def from_click(d: Desk) -> str:
    ts = await d.post("card", blocks=BLOCKS)
    await d.slack.click("U1", "C1", ts, "go")
    url: str = d.bot.heard[-1].payload["response_url"]
    return url


async def from_whisper(d: Desk) -> str:
    reply = await d.call("chat.postEphemeral", channel="C1", user="U1", text="psst", blocks=BLOCKS)
    await d.slack.click("U1", "C1", reply["message_ts"], "go", whisper=True)
    url: str = d.bot.heard[-1].payload["response_url"]
    return url


async def test_an_answer_is_ephemeral_unless_it_says_in_channel() -> None:
    async with desk() as d:
        url = await from_command(d)
        assert await d.respond(url, {"text": "only you"}) == (200, {"ok": True})
        assert await d.respond(url, {"text": "all", "response_type": "in_channel"}) == (200, {"ok": True})
        assert [w["text"] for w in d.slack.whispers("U1")] == ["only you"]
        assert [m["text"] for m in d.slack.messages("C1")] == ["all"]


async def test_a_url_is_good_for_five_answers_even_refused_ones() -> None:
    async with desk() as d:
        url = await from_command(d)
        for _ in range(4):
            await d.respond(url, {"text": "x"})
        assert await d.respond(url, {"text": ""}) == (200, {"ok": False, "error": "no_text"})
        assert await d.respond(url, {"text": "x"}) == (404, {"ok": False, "error": "used_url"})
        assert len(d.slack.whispers("U1")) == 4


async def test_a_url_is_good_for_half_an_hour() -> None:
    async with desk() as d:
        url = await from_command(d)
        d.clock.pass_by(30 * 60)
        assert (await d.respond(url, {"text": "x"}))[0] == 200
        d.clock.pass_by(1)
        assert await d.respond(url, {"text": "x"}) == (404, {"ok": False, "error": "expired_url"})
        assert (await d.respond(url + "x", {"text": "x"}))[0] == 404


async def test_answers_need_no_membership_of_the_bot() -> None:
    async with desk() as d:
        d.slack.add_channel("C2", "elsewhere", members=["U1"], bot=False)
        await d.slack.command("U1", "C2", "help")
        url = d.bot.heard[-1].fields["response_url"]
        assert (await d.respond(url, {"text": "x", "response_type": "in_channel"}))[1]["ok"]
        assert len(d.slack.messages("C2")) == 1


async def test_the_clicked_message_can_be_replaced_and_deleted() -> None:
    async with desk() as d:
        url = await from_click(d)
        await d.respond(url, {"text": "new", "replace_original": True})
        assert [(m["text"], m["blocks"]) for m in d.slack.messages("C1")] == [("new", [])]
        await d.respond(url, {"delete_original": True})
        assert d.slack.messages("C1") == []
        gone = await d.respond(url, {"text": "again", "replace_original": True})
        assert gone == (200, {"ok": False, "error": "message_not_found"})


async def test_a_replaced_whisper_stays_a_whisper() -> None:
    async with desk() as d:
        url = await from_whisper(d)
        await d.respond(url, {"text": "new", "replace_original": True, "response_type": "in_channel"})
        assert [w["text"] for w in d.slack.whispers("U1")] == ["new"]
        assert d.slack.messages("C1") == []
        await d.respond(url, {"delete_original": True})
        assert d.slack.whispers("U1") == []


async def test_deleting_works_only_alone() -> None:
    async with desk() as d:
        url = await from_click(d)
        await d.respond(url, {"delete_original": True, "text": "bye"})
        assert [m["text"] for m in d.slack.messages("C1")] == ["card"]
        assert [w["text"] for w in d.slack.whispers("U1")] == ["bye"]


async def test_a_command_has_no_original_to_replace_or_delete() -> None:
    async with desk() as d:
        url = await from_command(d)
        await d.respond(url, {"text": "first"})
        await d.respond(url, {"text": "second", "replace_original": True})
        assert [w["text"] for w in d.slack.whispers("U1")] == ["first", "second"]
        assert (await d.respond(url, {"delete_original": True}))[1]["error"] == "no_text"


async def test_an_answer_in_a_thread_names_it() -> None:
    async with desk() as d:
        url = await from_click(d)
        ts = d.slack.messages("C1")[0]["ts"]
        await d.respond(url, {"text": "x", "response_type": "in_channel", "replace_original": False, "thread_ts": ts})
        assert [m.get("thread_ts") for m in d.slack.messages("C1")] == [None, ts]


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ([], "invalid_payload"),
        ({}, "no_text"),
        ({"blocks": [section("")]}, "invalid_blocks"),
    ],
)
async def test_a_bad_answer_is_refused_with_status_200(payload: Any, error: str) -> None:
    async with desk() as d:
        status, body = await d.respond(await from_command(d), payload)
        assert (status, body["error"]) == (200, error)
        assert d.slack.whispers("U1") == []


@pytest.mark.parametrize(
    ("body", "whispers", "messages", "error"),
    [
        ({"text": "hi"}, ["hi"], [], None),
        ({"text": "hi", "response_type": "in_channel"}, [], ["hi"], None),
        ("plain words", ["plain words"], [], None),
        ({"blocks": [{"type": "nonsense"}]}, [], [], "invalid_blocks"),
    ],
)
async def test_the_body_of_an_acknowledgement_is_shown(
    body: Any, whispers: list[str], messages: list[str], error: str | None
) -> None:
    async with desk() as d:
        d.bot.says(body)
        answer = await d.slack.command("U1", "C1", "help")
        assert (answer.status, answer.body, answer.error) == (200, body, error)
        assert [w["text"] for w in d.slack.whispers("U1")] == whispers
        assert [m["text"] for m in d.slack.messages("C1")] == messages
