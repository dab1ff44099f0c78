"""What fields hold: at first, after an update of their view, and when a person chooses or types."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from bot.fakes.slack import components
from bot.fakes.slack.model import Json
from bot.fakes.slack.state import Workspace

INITIAL = {
    "initial_value": "value", "initial_option": "selected_option", "initial_options": "selected_options",
    "initial_date": "selected_date", "initial_time": "selected_time", "initial_date_time": "selected_date_time",
    "initial_user": "selected_user", "initial_users": "selected_users", "initial_channel": "selected_channel",
    "initial_channels": "selected_channels", "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}  # fmt: skip
STATELESS = {*components.BUTTONS, "image", "overflow", "feedback_buttons"}
"""What can be pressed or looked at and holds nothing."""
FIELD_BLOCKS = {"input", "actions", "section"}
PEOPLE, PLACES = re.compile(r"(multi_)?users_select"), re.compile(r"(multi_)?(conversations|channels)_select")


def stateful(blocks: list[Json]) -> Iterable[tuple[Json, Json]]:
    """The (block, element) pairs whose elements hold something."""
    for block, element in components.elements(blocks):
        if block["type"] in FIELD_BLOCKS and element["type"] not in STATELESS and "action_id" in element:
            yield block, element


def initial_state(blocks: list[Json], channel: str = "") -> Json:
    """What the fields hold before anybody touches them. `channel`: what "the current conversation" is."""
    values: Json = {}
    for block, element in stateful(blocks):
        held = components.empty(element)
        if channel and element.get("default_to_current_conversation"):
            one, many = ("selected_conversation", channel), ("selected_conversations", [channel])
            held |= dict([many if element["type"].startswith("multi_") else one])
        held |= {INITIAL[name]: value for name, value in element.items() if name in INITIAL}
        values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return {"values": values}


def kept_state(fresh: Json, old: Json, blocks: list[Json]) -> Json:
    """The state after an update: a field of the same block_id, action_id and type keeps what it holds, whatever its new
    initial value (bolt-js #290); all others are forgotten, and so is a choice that a menu does not offer any more.
    """
    values = fresh["values"]
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        held = old.get("values", {}).get(block_id, {}).get(action_id)
        if held and held["type"] == element["type"] and _still_offered(element, held):
            values[block_id][action_id] = held
    return fresh


def _still_offered(element: Json, held: Json) -> bool:
    if not (shown := {option["value"] for option in components.options_of(element)}):
        return True
    one = held.get("selected_option")
    return all(option["value"] in shown for option in [*([one] if one else []), *(held.get("selected_options") or [])])


def take(workspace: Workspace, surface: str, block: Json, element: Json, value: Any) -> Json:
    """What a person picks or types, as `state.values` and actions hold it. ValueError where they could not.

    `surface` is the view's id or the message's name: what a menu has shown there can be chosen there.
    """
    kind = element["type"]
    if kind in components.BUTTONS:
        return {"type": kind}
    offered = dict(workspace.offered.get((surface, block["block_id"], element["action_id"]), {}))
    for option in [element.get("initial_option"), *(element.get("initial_options") or [])]:
        if option:
            offered.setdefault(option["value"], option)
    held = components.chosen(element, value, offered)
    for one in (value if isinstance(value, list) else [value]) if value else []:
        _check(workspace, element, one)
    return held


def _check(workspace: Workspace, element: Json, value: Any) -> None:
    """People and channels must be there, days and times must exist."""
    kind, name = element["type"], element["action_id"]
    if PEOPLE.fullmatch(kind) and value not in workspace.users:
        raise ValueError(f"{name}: there is no user {value}")
    if PLACES.fullmatch(kind):
        found = workspace.channels.get(value)
        if not found or (kind.endswith("channels_select") and (found.private or found.kind == "im")):
            raise ValueError(f"{name} offers no {value}")
        include = (element.get("filter") or {}).get("include")
        if include and _sort(found.kind, private=found.private) not in include:
            raise ValueError(f"{name} offers no {value}: only {', '.join(include)}")
    try:
        if kind == "datepicker":
            date.fromisoformat(value)
        elif kind == "timepicker":
            time.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} does not take {value!r}") from None


def _sort(kind: str, *, private: bool) -> str:
    return "im" if kind == "im" else "private" if private else "public"
