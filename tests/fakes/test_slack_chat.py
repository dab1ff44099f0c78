"""chat.*: what can be said where, and what an edit does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fakes.slack.limits import Limits
from tests.fakes.slack_desk import HandClock, actions, button, desk, section


async def test_a_posted_message_is_what_a_reader_sees() -> None:
    async with desk() as d:
        ts = await d.post("hello", blocks=[section()])
        assert [(m["ts"], m["user"], m["text"], m["blocks"], m["attachments"]) for m in d.slack.messages("C1")] == [
            (ts, "U0QUAYBOT", "hello", [section()], [])
        ]


async def test_ts_values_come_from_the_clock_and_grow() -> None:
    async with desk() as d:
        assert [await d.post() for _ in range(3)] == ["1795441214.000000", "1795441214.000100", "1795441214.000200"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C1", "text": "", "blocks": []}, "no_text"),
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "#releases", "text": "x"}, "channel_not_found"),
        ({"channel": "C-other", "text": "x"}, "not_in_channel"),
        ({"channel": "G-secret", "text": "x"}, "channel_not_found"),
        ({"channel": "C-old", "text": "x"}, "is_archived"),
        ({"channel": "U-gone", "text": "x"}, "channel_not_found"),
        ({"channel": "C1", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C1", "text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"channel": "C1", "text": "x", "attachments": [{"blocks": [{"type": "nonsense"}]}]}, "invalid_attachments"),
        ({"channel": "C1", "text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"channel": "C1", "text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "x", "event_payload": {"a": {"b": {"c": 1}}}}},
         "invalid_metadata_format"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "x", "event_payload": {"a": "x" * 9000}}},
         "metadata_too_large"),
        ({"channel": "C1", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C1", "text": "x", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
    ],
)  # fmt: skip
async def test_a_post_is_refused(args: dict[str, Any], error: str) -> None:
    async with desk() as d:
        d.slack.add_user("U-gone", "gone", deleted=True)
        d.slack.add_channel("C-other", "other", bot=False)
        d.slack.add_channel("G-secret", "secret", private=True, bot=False)
        d.slack.add_channel("C-old", "old", archived=True)
        assert (await d.call("chat.postMessage", **args))["error"] == error
        assert d.slack.messages("C1") == []
        assert d.slack.calls[-1].error == error


async def test_a_refusal_of_blocks_says_where() -> None:
    async with desk() as d:
        reply = await d.call("chat.postMessage", channel="C1", text="x", blocks=[section("x" * 3001)])
        line = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        assert reply["response_metadata"]["messages"] == reply["errors"] == [line]


async def test_two_tables_do_not_fit_into_one_message() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    async with desk() as d:
        assert (await d.call("chat.postMessage", channel="C1", blocks=[table]))["ok"]
        reply = await d.call("chat.postMessage", channel="C1", blocks=[table], attachments=[{"blocks": [table]}])
        assert reply["error"] == "only_one_table_allowed"


async def test_text_over_40000_characters_is_cut_with_a_warning() -> None:
    async with desk() as d:
        reply = await d.call("chat.postMessage", channel="C1", text="x" * 40_001)
        assert reply["warning"] == "message_truncated"
        assert len(d.slack.messages("C1")[0]["text"]) == 40_000


async def test_a_post_to_a_person_lands_in_the_direct_conversation() -> None:
    async with desk() as d:
        reply = await d.call("chat.postMessage", channel="U1", text="psst")
        assert reply["channel"] == d.slack.im("U1") == "D1"
        assert [m["text"] for m in d.slack.messages("U1")] == ["psst"]
        assert (await d.call("chat.update", channel="U1", ts=reply["ts"], text="no"))["error"] == "channel_not_found"
        assert (await d.call("chat.update", channel="D1", ts=reply["ts"], text="yes"))["ok"]


async def test_a_reply_cannot_start_a_thread() -> None:
    async with desk() as d:
        parent = await d.post("a")
        reply = await d.post("b", thread_ts=parent)
        wrong = await d.call("chat.postMessage", channel="C1", text="c", thread_ts=reply)
        assert wrong["error"] == "cannot_reply_to_message"


async def test_an_edit_with_text_alone_removes_the_blocks() -> None:
    async with desk() as d:
        ts = await d.post(blocks=[section()], attachments=[{"text": "kept"}])
        await d.call("chat.update", channel="C1", ts=ts, text="new")
        message = d.slack.messages("C1")[0]
        assert (message["text"], message["blocks"], message["attachments"]) == ("new", [], [{"text": "kept"}])
        assert message["edited"]["user"] == "U0QUAYBOT"


async def test_an_edit_with_blocks_leaves_no_edited_mark() -> None:
    async with desk() as d:
        ts = await d.post("old", blocks=[section("old")])
        await d.call("chat.update", channel="C1", ts=ts, text="new", blocks=[section("new")], attachments=[])
        message = d.slack.messages("C1")[0]
        assert (message["text"], message["blocks"], "edited" in message) == ("new", [section("new")], False)


async def test_metadata_stays_unless_given_and_empty_clears_it() -> None:
    meta = {"event_type": "push", "event_payload": {"key": "k"}}
    async with desk() as d:
        ts = await d.post(metadata=meta)
        await d.call("chat.update", channel="C1", ts=ts, text="b")
        assert d.slack.messages("C1")[0]["metadata"] == meta
        await d.call("chat.update", channel="C1", ts=ts, text="c", metadata={})
        assert "metadata" not in d.slack.messages("C1")[0]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": "x" * 4001}, "msg_too_long"),
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "ts": "1.000000"}, "message_not_found"),
        ({"text": "x", "ts": None}, "invalid_arguments"),
    ],
)
async def test_an_edit_is_refused(args: dict[str, Any], error: str) -> None:
    async with desk() as d:
        ts = await d.post()
        assert (await d.call("chat.update", **{"channel": "C1", "ts": ts, **args}))["error"] == error


async def test_rich_text_is_only_replaced_by_rich_text() -> None:
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    }
    async with desk() as d:
        ts = await d.post(blocks=[rich])
        reply = await d.call("chat.update", channel="C1", ts=ts, text="x", blocks=[section()])
        assert reply["error"] == "block_mismatch"


async def test_foreign_messages_can_be_neither_edited_nor_deleted() -> None:
    async with desk() as d:
        ts = d.slack.say("U1", "C1", "mine")
        assert (await d.call("chat.update", channel="C1", ts=ts, text="x"))["error"] == "cant_update_message"
        assert (await d.call("chat.delete", channel="C1", ts=ts))["error"] == "cant_delete_message"


async def test_a_deleted_message_is_gone() -> None:
    async with desk() as d:
        ts = await d.post()
        assert (await d.call("chat.delete", channel="C1", ts=ts))["ok"]
        assert d.slack.messages("C1") == []
        assert (await d.call("chat.delete", channel="C1", ts=ts))["error"] == "message_not_found"


async def test_a_permalink_names_channel_and_message() -> None:
    async with desk() as d:
        ts = await d.post()
        reply = await d.call("chat.getPermalink", channel="C1", message_ts=ts)
        assert reply["permalink"] == "https://fake.slack.com/archives/C1/p1795441214000000"


async def test_a_whisper_is_seen_by_one_member_only() -> None:
    async with desk() as d:
        reply = await d.call("chat.postEphemeral", channel="C1", user="U1", text="psst", blocks=[section()])
        assert [(w["channel"], w["ts"], w["text"]) for w in d.slack.whispers("U1")] == [
            ("C1", reply["message_ts"], "psst")
        ]
        assert d.slack.messages("C1") == []
        edit = await d.call("chat.update", channel="C1", ts=reply["message_ts"], text="x")
        assert edit["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"user": "U2"}, "user_not_in_channel"),
        ({"user": "U404"}, "user_not_in_channel"),
        ({"user": "U1", "channel": "U1"}, "channel_not_found"),
        ({"user": "U1", "text": "ä" * 2001}, "msg_too_long"),
        ({"user": "U1", "text": ""}, "no_text"),
        ({}, "invalid_arguments"),
    ],
)
async def test_a_whisper_is_refused(args: dict[str, Any], error: str) -> None:
    async with desk() as d:
        assert (await d.call("chat.postEphemeral", **{"channel": "C1", "text": "x", **args}))["error"] == error


async def test_a_whisper_in_a_thread_is_shown_only_if_the_thread_is_alive() -> None:
    async with desk() as d:
        ts = await d.post()
        for expected in (0, 1):
            await d.call("chat.postEphemeral", channel="C1", user="U1", text="x", thread_ts=ts)
            assert len(d.slack.whispers("U1")) == expected
            d.slack.say("U1", "C1", "alive", thread_ts=ts)


async def test_a_channel_takes_a_burst_and_then_one_message_a_second() -> None:
    async with desk() as d:
        for _ in range(3):
            await d.post()
        status, headers, body = await d.raw("chat.postMessage", json={"channel": "C1", "text": "x"})
        assert (status, headers["Retry-After"], body) == (
            429,
            "1",
            {"ok": False, "error": "ratelimited", **_noise(body)},
        )
        d.clock.pass_by(1)
        await d.post()
        assert (await d.call("chat.postMessage", channel="C1", text="x"))["status"] == 429
        assert len(d.slack.messages("C1")) == 4


def _noise(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("warning", "response_metadata") if name in body}


async def test_channels_do_not_share_their_second_but_a_person_and_their_conversation_do() -> None:
    async with desk() as d:
        d.slack.burst = 1
        await d.post()
        await d.post(channel="U1")
        assert (await d.call("chat.postMessage", channel="D1", text="x"))["status"] == 429


async def test_limits_can_be_switched_off() -> None:
    async with desk() as d:
        d.slack.rate_limits = False
        for _ in range(10):
            await d.post()


async def test_other_methods_are_counted_by_the_minute() -> None:
    async with desk() as d:
        for _ in range(20):
            assert (await d.call("users.list"))["ok"]
        d.clock.pass_by(20)
        status, headers, _ = await d.raw("users.list")
        assert (status, headers["Retry-After"]) == (429, "40")
        assert (await d.call("conversations.list"))["ok"]
        d.clock.pass_by(40)
        assert (await d.call("users.list"))["ok"]


def test_the_whole_workspace_takes_only_so_many_posts_a_minute() -> None:
    limits, now = Limits(), HandClock().now()
    for number in range(limits.workspace_posts):
        assert limits.wait("chat.postMessage", 1, now, f"C{number}") == 0
    assert limits.wait("chat.postMessage", 1, now, "C-new") == 60


@given(st.lists(st.floats(0, 3), min_size=1, max_size=40))
def test_no_minute_holds_more_posts_than_its_seconds_and_the_burst(pauses: list[float]) -> None:
    limits, clock, posted = Limits(), HandClock(), 0
    start = clock.now()
    for pause in pauses:
        clock.pass_by(pause)
        posted += limits.wait("chat.postMessage", 1, clock.now(), "C1") == 0
    assert posted <= limits.burst + (clock.now() - start).total_seconds()


async def test_buttons_come_back_with_the_ids_slack_fills_in() -> None:
    async with desk() as d:
        nameless = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
        await d.post(blocks=[actions(nameless), actions(button("named"), block_id="mine")])
        reply = await d.call("conversations.history", channel="C1")
        first, second = reply["messages"][0]["blocks"]
        assert first["block_id"]
        assert first["elements"][0]["action_id"]
        assert (second["block_id"], second["elements"][0]["action_id"]) == ("mine", "named")
        assert d.slack.messages("C1")[0]["blocks"][0] == actions(nameless)


async def test_markdown_text_is_a_way_to_say_something_up_to_12000_characters() -> None:
    async with desk() as d:
        assert (await d.call("chat.postMessage", channel="C1", markdown_text="**hi**"))["ok"]
        assert d.slack.messages("C1")[0]["text"] == "**hi**"
        reply = await d.call("chat.postMessage", channel="C1", markdown_text="x" * 12_001)
        assert reply["error"] == "msg_too_long"


async def test_markdown_is_counted_over_blocks_and_attachments() -> None:
    half = {"type": "markdown", "text": "x" * 6001}
    async with desk() as d:
        reply = await d.call("chat.postMessage", channel="C1", blocks=[half], attachments=[{"blocks": [half]}])
        assert reply["error"] == "invalid_blocks"


async def test_a_link_to_a_reply_names_its_thread() -> None:
    async with desk() as d:
        ts = await d.post("a")
        reply = await d.post("b", thread_ts=ts)
        link = (await d.call("chat.getPermalink", channel="C1", message_ts=reply))["permalink"]
        assert link.endswith(f"?thread_ts={ts}&cid=C1")


async def test_looking_at_direct_messages_opens_no_conversation() -> None:
    async with desk() as d:
        assert d.slack.messages("U1") == []
        assert "D1" not in d.slack.channels


async def test_an_archived_channel_takes_no_edits() -> None:
    async with desk() as d:
        ts = await d.post()
        d.slack.channels["C1"].archived = True
        assert (await d.call("chat.update", channel="C1", ts=ts, text="x"))["error"] == "is_archived"
