"""Finding the component a person touches, and wording what Slack says about it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.fakes.slack.model import Json

WITH_OPTION = {"static_select", "external_select", "overflow", "radio_buttons"}
WITH_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
BUTTONS = {"button", "icon_button", "workflow_button"}
PLAIN_FIELDS = {
    "plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
    "rich_text_input": "rich_text_value", "file_input": "files", "datepicker": "selected_date",
    "timepicker": "selected_time", "datetimepicker": "selected_date_time", "users_select": "selected_user",
    "conversations_select": "selected_conversation", "channels_select": "selected_channel",
    "multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}  # fmt: skip


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) pair, in reading order, containers included."""
    for block in blocks:
        for element in [*(block.get("elements") or []), block.get("element"), block.get("accessory")]:
            if isinstance(element, dict):
                yield block, element
        for card in [block, *(block.get("elements") or [])] if block.get("type") in ("card", "carousel") else []:
            yield from ((block, button) for button in card.get("actions") or [])
        yield from elements(block.get("child_blocks") or [])


def find(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[Json, Json] | None:
    """The block and the element with this action_id: the first one, unless its block is named."""
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and block_id in ("", block.get("block_id")):
            return block, element
    return None


def options_of(element: Json) -> list[Json]:
    """All options of a menu, groups flattened."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def empty(element: Json) -> Json:
    """What a field holds that nobody has touched, as `state.values` says it."""
    kind = element["type"]
    if kind in WITH_OPTIONS:
        return {"type": kind, "selected_options": []}
    if kind in WITH_OPTION:
        return {"type": kind, "selected_option": None}
    name = PLAIN_FIELDS.get(kind)
    return {"type": kind} | ({name: [] if kind.startswith("multi_") else None} if name else {})


def chosen(element: Json, value: Any, offered: Mapping[str, Json] | None = None) -> Json:
    """What a person picks or types, as `state.values` and actions hold it. ValueError if it cannot be picked.

    `offered`: the options by value that an external select shows this person.
    """
    kind = element["type"]
    held: Json = {"type": kind}
    if kind in WITH_OPTION:
        held["selected_option"] = None if value is None else _option(element, value, offered or {})
    elif kind in WITH_OPTIONS:
        held["selected_options"] = [_option(element, each, offered or {}) for each in value or []]
    elif kind in PLAIN_FIELDS:
        held[PLAIN_FIELDS[kind]] = value
    else:
        raise ValueError(f"nobody can choose something in a {kind}")
    return held


def _option(element: Json, value: Any, offered: Mapping[str, Json]) -> Json:
    name = value.get("value") if isinstance(value, dict) else value
    shown = {option.get("value"): option for option in options_of(element)} | dict(offered)
    if name in shown:
        return shown[name]
    hint = ": type into it with `options` first" if element["type"].endswith("external_select") else ""
    raise ValueError(f"{element.get('action_id')} offers no {name!r}{hint}")


def check_text(element: Json, held: Json) -> None:
    """Slack's own form does not send what is too short or too long."""
    value = held.get("value")
    if element["type"] != "plain_text_input" or not value:
        return
    if not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3000):
        raise ValueError(f"{element.get('action_id')} does not take {len(value)} characters")


def is_empty(held: Json | None) -> bool:
    """Whether a field holds nothing."""
    return not held or all(name == "type" or value in (None, "", []) for name, value in held.items())


def action(block: Json, element: Json, held: Json, ts: str) -> Json:
    """One entry of a block_actions payload; `held` is what was chosen, as `chosen` words it."""
    said: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    said["action_ts"] = ts
    if element["type"] in BUTTONS:
        return {**said, **{name: element[name] for name in ("text", "value", "style", "url") if name in element}}
    return {**said, **held}
