"""Shortcuts: those that the app's manifest names, and a person who uses one (facts §8, §12)."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.fakes.slack.judging import Report, choice, items, shape, string
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.model import Answer, Json

KINDS = {"global": "shortcut", "message": "message_action"}
"""The types of the manifest, and what a payload calls them."""
SHORTCUTS = items(
    shape(
        {"name": string(1, 24), "type": choice(*KINDS), "callback_id": string(1, 255), "description": string(1, 150)}
    ),
    0,
    10,
)


def judged(shortcuts: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The shortcuts of a manifest. ValueError for some that Slack would not take."""
    made = [dict(one) for one in shortcuts]
    report = Report()
    SHORTCUTS(made, "/features/shortcuts", report)
    names = [one.get("callback_id") for one in made]
    if len(set(names)) < len(names):
        report.add("callback_id must be unique", "/features/shortcuts")
    if report.messages:
        raise ValueError("; ".join(report.messages))
    return made


async def use(keyboard: Keyboard, user: str, callback_id: str, channel: str | None, ts: str | None) -> Answer:
    """Use a global shortcut, or a message's if a channel and ts are given. Whispers have none.

    ValueError for one that the app does not have, and for people of another workspace: they see none of its.
    """
    kind = "message" if channel and ts else "global"
    known = [one for one in keyboard.workspace.shortcuts if (one["type"], one["callback_id"]) == (kind, callback_id)]
    if not known:
        raise ValueError(f"the app has no {kind} shortcut {callback_id}")
    payload = keyboard.envelope(KINDS[kind], user)
    if keyboard.workspace.users[user].team:
        raise ValueError(f"{user} is of another workspace, where the app is not installed")
    del payload["api_app_id"]  # Slack names no app here
    workspace = keyboard.workspace
    payload |= {"callback_id": callback_id, "action_ts": workspace.next_ts()}
    if channel and ts:
        message = keyboard.message(user, channel, ts, whisper=False)
        payload |= {"channel": keyboard.place(channel), "message_ts": ts, "message": message,
                    "response_url": workspace.response_url(user, channel)}  # fmt: skip
    payload["trigger_id"] = workspace.trigger(user, channel=channel or "")
    return await keyboard.bell.ring("interactive", payload)
