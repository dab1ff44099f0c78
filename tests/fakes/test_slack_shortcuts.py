"""Shortcuts: those of the manifest, and what reaches the bot when somebody uses one."""

from typing import Any

import pytest

from tests.fakes.slack_desk import Desk, actions, button, desk, modal


def entry(kind: str = "global", callback_id: str = "restore", **more: Any) -> dict[str, Any]:
    return {"name": "Restore a tag", "type": kind, "callback_id": callback_id, "description": "Back to before", **more}


BOTH = [entry(), entry("message", "restore_this")]


async def test_a_global_shortcut_knows_the_person_and_no_place() -> None:
    async with desk(shortcuts=BOTH) as d:
        assert (await d.slack.shortcut("U1", "restore")).status == 200
        payload = d.bot.heard[0].payload
        assert (payload["type"], payload["callback_id"], payload["user"]["id"]) == ("shortcut", "restore", "U1")
        assert payload["team"]["id"] == d.slack.team
        assert payload.keys().isdisjoint({"channel", "message", "response_url", "api_app_id"})
        assert (await d.call("views.open", trigger_id=payload["trigger_id"], view=modal()))["ok"]


async def test_a_message_shortcut_brings_the_whole_message_along() -> None:
    async with desk(shortcuts=BOTH) as d:
        ts = await d.post("card", blocks=[actions(button("go"), block_id="b")])
        await d.slack.shortcut("U1", "restore_this", channel="C1", ts=ts)
        payload = d.bot.heard[0].payload
        assert (payload["type"], payload["callback_id"]) == ("message_action", "restore_this")
        assert (payload["message_ts"], payload["channel"]) == (ts, {"id": "C1", "name": "releases"})
        message = payload["message"]
        assert (message["ts"], message["text"], message["blocks"][0]["block_id"]) == (ts, "card", "b")
        assert message["bot_id"]
        assert (await d.respond(payload["response_url"], {"text": "only you"}))[0] == 200
        assert [whisper["text"] for whisper in d.slack.whispers("U1")] == ["only you"]


async def test_a_message_shortcut_works_on_what_people_write_and_not_on_whispers() -> None:
    async with desk(shortcuts=BOTH) as d:
        ts = d.slack.say("U2", "C1", "acme/web:latest is broken")
        await d.slack.shortcut("U1", "restore_this", channel="C1", ts=ts)
        message = d.bot.heard[0].payload["message"]
        assert (message["user"], message["text"]) == ("U2", "acme/web:latest is broken")
        assert "bot_id" not in message
        reply = await d.call("chat.postEphemeral", channel="C1", user="U1", text="psst")
        with pytest.raises(ValueError, match="no message"):
            await d.slack.shortcut("U1", "restore_this", channel="C1", ts=reply["message_ts"])


async def _use(d: Desk, callback_id: str, ts: str | None) -> None:
    await d.slack.shortcut("U1", callback_id, channel="C1" if ts else None, ts=ts)


@pytest.mark.parametrize(
    ("callback_id", "with_message"), [("other", False), ("restore_this", False), ("restore", True)]
)
async def test_nobody_can_use_a_shortcut_that_the_app_does_not_have(callback_id: str, with_message: bool) -> None:
    async with desk(shortcuts=BOTH) as d:
        ts = await d.post("card") if with_message else None
        with pytest.raises(ValueError, match=f"no (global|message) shortcut {callback_id}"):
            await _use(d, callback_id, ts)
        assert d.bot.heard == []


async def test_people_of_another_workspace_see_no_shortcuts() -> None:
    async with desk(shortcuts=BOTH) as d:
        d.slack.add_user("U9", "guest", team="T9")
        with pytest.raises(ValueError, match="another workspace"):
            await d.slack.shortcut("U9", "restore")


async def test_shortcuts_can_be_given_later_and_are_judged_as_slack_judges_a_manifest() -> None:
    async with desk() as d:
        d.slack.shortcuts = BOTH
        assert [one["callback_id"] for one in d.slack.shortcuts] == ["restore", "restore_this"]
        for wrong, complaint in (
            ([entry(name="x" * 25)], "less than 25"),
            ([entry(description="x" * 151)], "less than 151"),
            ([entry("everywhere")], "enum"),
            ([entry(url="https://x")], "additional property"),
            ([entry(), entry("message")], "unique"),
            ([entry(callback_id=f"c{number}") for number in range(11)], "no more than 10"),
        ):
            with pytest.raises(ValueError, match=complaint):
                d.slack.shortcuts = wrong
