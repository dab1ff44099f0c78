"""conversations.*, users.* and files.*: what the bot can find out and hand in."""

import io
from typing import Any

import pytest

from tests.fakes.slack_desk import Desk, desk


async def texts(d: Desk, method: str = "conversations.history", **args: Any) -> list[str]:
    reply = await d.call(method, channel="C1", **args)
    assert reply["ok"], reply
    return [message["text"] for message in reply["messages"]]


async def test_history_is_newest_first_without_replies_and_whispers() -> None:
    async with desk() as d:
        ts = await d.post("a")
        await d.post("reply", thread_ts=ts)
        await d.call("chat.postEphemeral", channel="C1", user="U1", text="psst")
        d.slack.say("U1", "C1", "b")
        reply = await d.call("conversations.history", channel="C1")
        assert [message["text"] for message in reply["messages"]] == ["b", "a"]
        assert reply["messages"][1]["reply_count"] == 1


async def test_history_has_borders_that_count_only_if_inclusive() -> None:
    async with desk() as d:
        one, _, three = [await d.post(text) for text in "abc"]
        assert await texts(d, oldest=one) == ["c", "b"]
        assert await texts(d, oldest=one, latest=three) == ["b"]
        assert await texts(d, oldest=one, latest=three, inclusive=True) == ["c", "b", "a"]
        assert (await d.call("conversations.history", channel="C1", oldest="yesterday"))["error"] == "invalid_ts_oldest"


async def test_history_comes_in_pages() -> None:
    async with desk() as d:
        for text in "abc":
            await d.post(text)
        reply = await d.call("conversations.history", channel="C1", limit=2)
        assert reply["has_more"]
        cursor = reply["response_metadata"]["next_cursor"]
        assert await texts(d, limit=2, cursor=cursor) == ["a"]
        for wrong in ({"limit": 0}, {"limit": "x"}):
            assert (await d.call("conversations.history", channel="C1", **wrong))["error"] == "invalid_limit"
        assert (await d.call("conversations.history", channel="C1", cursor="??"))["error"] == "invalid_cursor"


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_metadata_is_shown_only_if_asked_for(method: str) -> None:
    async with desk() as d:
        ts = await d.post(metadata={"event_type": "push", "event_payload": {"key": "k"}})
        for asked in (False, True):
            reply = await d.call(method, channel="C1", ts=ts, include_all_metadata=asked)
            assert ("metadata" in reply["messages"][0]) is asked


async def test_a_thread_is_its_parent_and_then_its_replies() -> None:
    async with desk() as d:
        ts = await d.post("a")
        reply = d.slack.say("U1", "C1", "b", thread_ts=ts)
        await d.post("other")
        for asked in (ts, reply):
            assert await texts(d, "conversations.replies", ts=asked) == ["a", "b"]
        assert (await d.call("conversations.replies", channel="C1", ts="1.000000"))["error"] == "thread_not_found"


async def test_a_reply_keeps_its_metadata_and_is_found_in_its_thread_alone() -> None:
    meta = {"event_type": "ours", "event_payload": {"key": "k"}}
    async with desk() as d:
        ts = await d.post("a")
        reply = await d.post("b", thread_ts=ts, metadata=meta)
        found = await d.call("conversations.replies", channel="C1", ts=ts, include_all_metadata=True)
        assert [(m["ts"], m.get("metadata")) for m in found["messages"]] == [(ts, None), (reply, meta)]
        assert await texts(d, "conversations.history") == ["a"]
        assert [message["text"] for message in d.slack.thread("C1", ts)] == ["b"]


async def test_a_reply_counts_as_a_message_of_its_channel() -> None:
    async with desk() as d:
        d.slack.burst = 1
        ts = await d.post("a")
        assert (await d.call("chat.postMessage", channel="C1", text="b", thread_ts=ts))["status"] == 429


async def test_channels_are_told_as_far_as_the_bot_may_see_them() -> None:
    async with desk() as d:
        d.slack.add_channel("C2", "public", bot=False)
        d.slack.add_channel("G1", "secret", private=True)
        d.slack.add_channel("G2", "hidden", private=True, bot=False)
        d.slack.add_channel("C3", "old", archived=True)
        d.slack.im("U1")

        async def listed(method: str, **args: str) -> list[str]:
            return [channel["id"] for channel in (await d.call(method, **args))["channels"]]

        assert await listed("conversations.list") == ["C1", "C2", "C3"]
        assert await listed("conversations.list", types="private_channel,im") == ["G1", "D1"]
        assert await listed("users.conversations", exclude_archived="true") == ["C1"]
        assert (await d.call("conversations.info", channel="C2"))["channel"]["is_member"] is False
        assert (await d.call("conversations.info", channel="G2"))["error"] == "channel_not_found"
        assert (await d.call("conversations.history", channel="C2"))["error"] == "not_in_channel"
        assert (await d.call("conversations.members", channel="C1"))["members"] == ["U0QUAYBOT", "U1"]
        assert (await d.call("conversations.list", types="rooms"))["error"] == "invalid_types"


async def test_a_direct_conversation_is_opened_with_one_active_person() -> None:
    async with desk() as d:
        d.slack.add_user("U3", "gone", deleted=True)
        assert (await d.call("conversations.open", users="U1"))["channel"]["id"] == "D1"
        errors = {
            "U404": "user_not_found",
            "U3": "user_disabled",
            "U1,U2": "missing_scope",
            d.slack.bot_user: "cannot_dm_bot",
        }
        for users, error in errors.items():
            assert (await d.call("conversations.open", users=users))["error"] == error


async def test_people_have_a_time_zone_unless_they_left() -> None:
    async with desk() as d:
        d.slack.add_user("U3", "gone", deleted=True)
        user = (await d.call("users.info", user="U1"))["user"]
        assert (user["name"], user["tz"]) == ("ada", "Europe/Berlin")
        assert "tz" not in (await d.call("users.info", user="U3"))["user"]
        assert (await d.call("users.info", user="U404"))["error"] == "user_not_found"
        first = await d.call("users.list", limit=3)
        second = await d.call("users.list", limit=3, cursor=first["response_metadata"]["next_cursor"])
        assert [user["id"] for user in [*first["members"], *second["members"]]] == ["U0QUAYBOT", "U1", "U2", "U3"]


async def promised(d: Desk, length: int = 5) -> tuple[str, str]:
    reply = await d.call("files.getUploadURLExternal", filename="a.txt", length=length)
    return reply["file_id"], reply["upload_url"]


async def test_a_file_is_promised_sent_and_shared() -> None:
    async with desk() as d:
        file_id, url = await promised(d)
        async with d.http.post(url, data=b"hello") as response:
            assert (response.status, await response.text()) == (200, "OK - 5")
        reply = await d.call(
            "files.completeUploadExternal",
            files=[{"id": file_id, "title": "A"}],
            channel_id="C1",
            initial_comment="look",
        )
        assert reply["files"][0]["shares"] == {}
        assert [(f["title"], f["content"], f["channels"]) for f in d.slack.files] == [("A", b"hello", ["C1"])]
        message = d.slack.messages("C1")[0]
        assert (message["text"], message["files"][0]["name"]) == ("look", "a.txt")
        again = await d.call("files.completeUploadExternal", files=[{"id": file_id}])
        assert again["error"] == "file_not_found"


async def test_a_file_must_have_the_promised_size_and_arrive_before_it_is_shared() -> None:
    async with desk() as d:
        file_id, url = await promised(d)
        async with d.http.post(url, data=b"too long") as response:
            assert response.status == 400
        missing = await d.call("files.completeUploadExternal", files=[{"id": file_id}])
        assert missing["error"] == "file_not_found"
        assert (await d.call("files.getUploadURLExternal", filename="a", length=0))["error"] == "invalid_arguments"
        assert (await d.call("files.completeUploadExternal", files=[]))["error"] == "invalid_arguments"


async def test_a_file_goes_only_where_the_bot_may_post() -> None:
    async with desk() as d:
        d.slack.add_channel("C2", "other", bot=False)
        file_id, url = await promised(d)
        async with d.http.post(url, data=b"hello"):
            pass
        reply = await d.call("files.completeUploadExternal", files=[{"id": file_id}], channel_id="C2")
        assert reply["error"] == "not_in_channel"
        assert (await d.call("files.completeUploadExternal", files=[{"id": file_id}]))["ok"]
        assert d.slack.files[0]["channels"] == []


async def test_a_file_may_come_as_a_form_but_not_while_slack_is_down() -> None:
    async with desk() as d:
        file_id, url = await promised(d)
        d.slack.down = True
        async with d.http.post(url, data={"file": io.BytesIO(b"hello")}) as response:
            assert response.status == 503
        d.slack.down = False
        async with d.http.post(url, data={"other": "x"}) as response:
            assert response.status == 400
        async with d.http.post(url, data={"file": io.BytesIO(b"hello")}) as response:
            assert response.status == 200
        assert (await d.call("files.completeUploadExternal", files=[{"id": file_id}]))["ok"]
        assert d.slack.files[0]["content"] == b"hello"


async def test_a_file_reaches_a_person_through_their_direct_conversation() -> None:
    async with desk() as d:
        file_id, url = await promised(d)
        async with d.http.post(url, data=b"hello"):
            pass
        wanted = {"files": [{"id": file_id}], "initial_comment": "for you"}
        reply = await d.call("files.completeUploadExternal", channel_id="U1", **wanted)
        assert reply["error"] == "channel_not_found"
        assert (await d.call("files.completeUploadExternal", channel_id=d.slack.im("U1"), **wanted))["ok"]
        assert [message["files"][0]["name"] for message in d.slack.messages("U1")] == ["a.txt"]


async def test_files_need_their_own_right_and_a_promise() -> None:
    async with desk() as d:
        async with d.http.post(f"{d.slack.url.removesuffix('api/')}upload/v1/F404", data=b"hello") as response:
            assert response.status == 404
        d.slack.scopes.discard("files:write")
        reply = await d.call("files.getUploadURLExternal", filename="a", length=1)
        assert (reply["error"], reply["needed"]) == ("missing_scope", "files:write")
