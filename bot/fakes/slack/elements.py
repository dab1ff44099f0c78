"""What stands inside blocks: text objects, options, buttons, menus and inputs, each with its limits (facts §5)."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.fakes.slack.judging import Check, Json, Report, anything, choice, flag, items, number, one_of, shape, string

PRIVATE_HOST = re.compile(r"localhost|127\..*|10\..*|192\.168\..*|\[.*|[^.]+")
"""Hosts that Slack's servers cannot reach when they fetch an image."""


def text(high: int, *kinds: str) -> Check:
    """A text object of 1 to `high` characters; both kinds are allowed unless one is named."""
    plain = shape({"text": string(1, high)}, {"emoji": flag})
    mrkdwn = shape({"text": string(1, high)}, {"verbatim": flag})
    allowed = kinds or ("plain_text", "mrkdwn")
    return one_of({kind: check for kind, check in (("plain_text", plain), ("mrkdwn", mrkdwn)) if kind in allowed})


def plain(high: int) -> Check:
    """A plain_text object."""
    return text(high, "plain_text")


def link(value: Any, at: str, report: Report) -> None:
    """A link of up to 3,000 characters."""
    before = len(report.messages)
    string(1, 3000)(value, at, report)
    if len(report.messages) == before and not re.match(r"[a-z][a-z0-9+.-]*:\S+$", value, re.IGNORECASE):
        report.add("must be a valid URL", at)


def picture(value: Any, at: str, report: Report) -> None:
    """The address of an image: Slack fetches it at once, so it must be on the open internet."""
    before = len(report.messages)
    string(1, 3000)(value, at, report)
    if len(report.messages) == before:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or PRIVATE_HOST.fullmatch(parts.hostname or "x"):
            report.add("downloading image failed", at)


def any_of(*names: str) -> Any:
    """A rule: at least one of these properties is there."""

    def rule(value: Json, at: str, report: Report) -> None:
        if not any(value.get(name) for name in names):
            report.add(f"missing required field: {' or '.join(names)}", at)

    return rule


def not_both(first: str, second: str, *, one: bool = True) -> Any:
    """A rule: not both properties, and one of them unless `one` is False."""

    def rule(value: Json, at: str, report: Report) -> None:
        if value.get(first) is not None and value.get(second) is not None:
            report.add(f"only one of {first} and {second} allowed", at)
        elif one and value.get(first) is None and value.get(second) is None:
            report.add(f"missing required field: {first}", at)

    return rule


ID = string(1, 255)
STYLE = choice("primary", "danger")
CONFIRM = shape({"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE})
CALM = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
PLACEHOLDER = {"placeholder": plain(150)}


def option(label: Check, extra: dict[str, Check] | None = None, *, describe: Check) -> Check:
    """An option: label 75, value 150, description 75."""
    return shape({"text": label, "value": string(1, 150)}, {"description": describe, **(extra or {})})


CHOICE = option(plain(75), describe=plain(75))
RICH_CHOICE = option(text(75), describe=text(75))
OVERFLOW_CHOICE = option(plain(75), {"url": link}, describe=plain(75))
GROUPS = items(shape({"label": plain(75), "options": items(CHOICE, 1, 100)}), 1, 100)
OPTIONS = items(CHOICE, 1, 100)

IMAGE = shape(
    {"alt_text": string(1, 2000)}, {"image_url": picture, "slack_file": anything}, not_both("image_url", "slack_file")
)
BUTTON = shape(
    {"text": plain(75)},
    {"action_id": ID, "url": link, "value": string(1, 2000), "style": STYLE, "confirm": CONFIRM,
     "accessibility_label": string(1, 75)},
)  # fmt: skip
OVERFLOW = shape({"options": items(OVERFLOW_CHOICE, 1, 5)}, {"action_id": ID, "confirm": CONFIRM})
CHECKBOXES = shape({"options": items(RICH_CHOICE, 1, 10)}, {**CALM, "initial_options": items(RICH_CHOICE, 1, 10)})
RADIO = shape({"options": items(RICH_CHOICE, 1, 10)}, {**CALM, "initial_option": RICH_CHOICE})
DAY = string(10, 10, r"\d{4}-\d\d-\d\d")
CLOCK = string(5, 5, r"([01]\d|2[0-3]):[0-5]\d")
FEEDBACK = shape({"text": plain(75), "value": string(1, 2000)}, {"accessibility_label": string(1, 75)})

SINGLE: dict[str, Check] = {
    "static_select": shape(
        {}, {**CALM, **PLACEHOLDER, "options": OPTIONS, "option_groups": GROUPS, "initial_option": CHOICE},
        not_both("options", "option_groups"),
    ),
    "external_select": shape(
        {}, {**CALM, **PLACEHOLDER, "initial_option": CHOICE, "min_query_length": number(0)}
    ),
    "users_select": shape({}, {**CALM, **PLACEHOLDER, "initial_user": ID}),
    "conversations_select": shape(
        {}, {**CALM, **PLACEHOLDER, "initial_conversation": ID, "default_to_current_conversation": flag,
             "response_url_enabled": flag, "filter": anything},
    ),
    "channels_select": shape(
        {}, {**CALM, **PLACEHOLDER, "initial_channel": ID, "response_url_enabled": flag}
    ),
}  # fmt: skip
MANY = {**CALM, **PLACEHOLDER, "max_selected_items": number(1)}
MULTI: dict[str, Check] = {
    "multi_static_select": shape(
        {}, {**MANY, "options": OPTIONS, "option_groups": GROUPS, "initial_options": OPTIONS},
        not_both("options", "option_groups"),
    ),
    "multi_external_select": shape({}, {**MANY, "initial_options": OPTIONS, "min_query_length": number(0)}),
    "multi_users_select": shape({}, {**MANY, "initial_users": items(ID, 1, 100)}),
    "multi_conversations_select": shape(
        {}, {**MANY, "initial_conversations": items(ID, 1, 100), "default_to_current_conversation": flag,
             "filter": anything},
    ),
    "multi_channels_select": shape({}, {**MANY, "initial_channels": items(ID, 1, 100)}),
}  # fmt: skip
PICKERS: dict[str, Check] = {
    "datepicker": shape({}, {**CALM, **PLACEHOLDER, "initial_date": DAY}),
    "timepicker": shape({}, {**CALM, **PLACEHOLDER, "initial_time": CLOCK, "timezone": string(1)}),
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO,
}
WHEN = {"datetimepicker": shape({}, {**CALM, "initial_date_time": number(1_000_000_000, 9_999_999_999)})}
WORKFLOW = shape({"text": plain(75), "workflow": anything}, {"action_id": ID, "style": STYLE})
CALM_INPUT = {"action_id": ID, "focus_on_load": flag, **PLACEHOLDER, "dispatch_action_config": anything}


def _lengths(value: Json, at: str, report: Report) -> None:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        report.add("min_length must be less than max_length", at)


TYPED: dict[str, Check] = {
    "plain_text_input": shape(
        {}, {**CALM_INPUT, "initial_value": string(0, 3000), "multiline": flag, "min_length": number(0, 3000),
             "max_length": number(1, 3000)},
        _lengths,
    ),
    "email_text_input": shape({}, {**CALM_INPUT, "initial_value": string(1)}),
    "url_text_input": shape({}, {**CALM_INPUT, "initial_value": string(1)}),
    "number_input": shape(
        {"is_decimal_allowed": flag},
        {**CALM_INPUT, "initial_value": string(1), "min_value": string(1), "max_value": string(1)},
    ),
    "file_input": shape({}, {"action_id": ID, "filetypes": items(string(1), 1, 100), "max_files": number(1, 10)}),
    "rich_text_input": shape({}, {**CALM_INPUT, "initial_value": anything, "min_lines": number(1),
                                  "max_lines": number(1)}),
}  # fmt: skip

IN_SECTION: dict[str, Check] = {
    "button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, "workflow_button": WORKFLOW, **SINGLE, **MULTI, **PICKERS,
}  # fmt: skip
IN_ACTIONS: dict[str, Check] = {
    "button": BUTTON, "overflow": OVERFLOW, "workflow_button": WORKFLOW, **SINGLE, **PICKERS, **WHEN,
}  # fmt: skip
IN_INPUT: dict[str, Check] = {**TYPED, **SINGLE, **MULTI, **PICKERS, **WHEN}
IN_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": shape({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": ID}),
    "icon_button": shape(
        {"icon": string(1), "text": plain(75)},
        {"action_id": ID, "value": string(1, 2000), "confirm": CONFIRM, "accessibility_label": string(1, 75),
         "visible_to_user_ids": items(ID, 1, 100)},
    ),
}  # fmt: skip
