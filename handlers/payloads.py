"""Slack's payloads into our own values: the only place that knows their keys. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.people import Person
from handlers.command import Ask, Click, Submission

_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>\s*")


def command(body: Mapping[str, Any]) -> tuple[str, Ask]:
    """The text behind a slash command, and who asked where."""
    person = Person(_text(body, "team_id") or _text(body, "enterprise_id"), _text(body, "user_id"))
    ask = Ask(
        person,
        _text(body, "channel_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )
    return _text(body, "text"), ask


def mention(body: Mapping[str, Any]) -> tuple[str, Ask]:
    """The text behind a mention of the bot. Works in threads, where slash commands do not exist (slack facts §7)."""
    event = _dict(body, "event")
    team = _text(event, "user_team") or _text(event, "team") or _text(body, "team_id")
    thread = _text(event, "thread_ts")
    ask = Ask(Person(team, _text(event, "user")), _text(event, "channel"), thread=thread)
    return _MENTION.sub("", _text(event, "text"), count=1), ask


def clicks(body: Mapping[str, Any]) -> list[tuple[str, Click]]:
    """Every button pressed, as (action id, click)."""
    container, view = _dict(body, "container"), _dict(body, "view")
    found = []
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else ():
        if not isinstance(action, Mapping):
            continue
        option = _dict(action, "selected_option")
        click = Click(
            _who(body),
            _text(_dict(body, "channel"), "id") or _text(container, "channel_id"),
            value=_text(action, "value") or _text(option, "value"),
            trigger=_text(body, "trigger_id"),
            response_url=_text(body, "response_url"),
            ts=_text(container, "message_ts"),
            view=_text(view, "id"),
            private=_text(view, "private_metadata"),
        )
        found.append((_text(action, "action_id"), click))
    return found


def submission(body: Mapping[str, Any]) -> tuple[str, Submission]:
    """A form that was sent: its callback id and what was entered."""
    view = _dict(body, "view")
    values = {}
    for block, fields in _dict(_dict(view, "state"), "values").items():
        entered = [_entered(field) for field in fields.values()] if isinstance(fields, dict) else []
        values[str(block)] = next((one for one in entered if one), "")
    sent = Submission(_who(body), _text(view, "id"), values, _text(view, "private_metadata"))
    return _text(view, "callback_id"), sent


def _entered(field: object) -> str:
    if not isinstance(field, dict):
        return ""
    return _text(field, "value") or _text(_dict(field, "selected_option"), "value")


def _who(body: Mapping[str, Any]) -> Person:
    # In shared channels people of other workspaces press buttons too: their own team is theirs, not ours.
    user = _dict(body, "user")
    return Person(_text(user, "team_id") or _text(_dict(body, "team"), "id"), _text(user, "id"))


def _dict(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
