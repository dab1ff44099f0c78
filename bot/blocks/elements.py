"""The shapes of Block Kit's small parts: text, options, buttons, menus and inputs (facts §5)."""

from collections.abc import Mapping

from bot.blocks import limits as n
from bot.blocks.shapes import Rule, anything, boolean, by_type, items, number, one_of, shape, string

ACTION = {"action_id": string(n.ID)}


def text(most: int, *kinds: str) -> Rule:
    """A text object of 1 to `most` characters, of the kinds given (both, if none is)."""
    body = {"text": string(most)}
    both = {
        "plain_text": shape(body, {"emoji": boolean}),
        "mrkdwn": shape(body, {"verbatim": boolean}),
    }
    return by_type("text object", {kind: both[kind] for kind in kinds or both})


def plain(most: int) -> Rule:
    """A plain_text object."""
    return text(most, "plain_text")


CONFIRM = shape(
    {
        "title": plain(n.CONFIRM_TITLE),
        "text": text(n.CONFIRM_TEXT),
        "confirm": plain(n.CONFIRM_BUTTON),
        "deny": plain(n.CONFIRM_BUTTON),
    },
    {"style": one_of("primary", "danger")},
)


def option(*kinds: str, url: bool = False) -> Rule:
    """An option of a menu (plain_text) or of check boxes and radio buttons (both)."""
    optional = {"description": text(n.OPTION_DESCRIPTION, *kinds)} | ({"url": string(n.URL)} if url else {})
    return shape({"text": text(n.OPTION_TEXT, *kinds), "value": string(n.OPTION_VALUE)}, optional)


OPTION = option("plain_text")
GROUP = shape({"label": plain(n.GROUP_LABEL), "options": items(OPTION, n.OPTIONS)})
COMMON = {"confirm": CONFIRM, "focus_on_load": boolean, "placeholder": plain(n.PLACEHOLDER)} | ACTION
MULTI = {"max_selected_items": number(1, n.OPTIONS)}
CHOICES = items(option(), n.CHOICES)
IMAGE = shape(
    {"alt_text": string(n.IMAGE_TEXT)}, {"image_url": string(n.URL), "slack_file": anything}, "image_url", "slack_file"
)
STATIC = {"options": items(OPTION, n.OPTIONS), "option_groups": items(GROUP, n.GROUPS)}
QUERY = {"min_query_length": number(0, 100)}
ONE, MANY = {"initial_option": OPTION}, {"initial_options": items(OPTION, n.OPTIONS)} | MULTI

BUTTON = shape(
    {"text": plain(n.BUTTON_LABEL)},
    {
        "value": string(n.BUTTON_VALUE),
        "url": string(n.URL),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(n.BUTTON_LABEL),
    }
    | ACTION,
)
OVERFLOW = shape({"options": items(option("plain_text", url=True), n.OVERFLOW)}, {"confirm": CONFIRM} | ACTION)
TEXT_INPUT = shape(
    {},
    {
        "initial_value": string(n.INPUT_LENGTH),
        "multiline": boolean,
        "min_length": number(0, n.INPUT_LENGTH),
        "max_length": number(1, n.INPUT_LENGTH),
        "dispatch_action_config": anything,
    }
    | {name: COMMON[name] for name in ("action_id", "focus_on_load", "placeholder")},
)
BOXES = {name: COMMON[name] for name in ("action_id", "confirm", "focus_on_load")}

INTERACTIVE: Mapping[str, Rule] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "static_select": shape({}, COMMON | STATIC | ONE, "options", "option_groups"),
    "multi_static_select": shape({}, COMMON | STATIC | MANY, "options", "option_groups"),
    "external_select": shape({}, COMMON | QUERY | ONE),
    "multi_external_select": shape({}, COMMON | QUERY | MANY),
    "users_select": shape({}, COMMON | {"initial_user": string(n.ID)}),
    "conversations_select": shape(
        {},
        COMMON
        | {
            "initial_conversation": string(n.ID),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "channels_select": shape({}, COMMON | {"initial_channel": string(n.ID), "response_url_enabled": boolean}),
    "checkboxes": shape({"options": CHOICES}, BOXES | {"initial_options": CHOICES}),
    "radio_buttons": shape({"options": CHOICES}, BOXES | {"initial_option": option()}),
    "datepicker": shape({}, COMMON | {"initial_date": string(10, 10)}),
    "timepicker": shape({}, COMMON | {"initial_time": string(5, 5)}),
}
INPUTS: Mapping[str, Rule] = {
    **{kind: rule for kind, rule in INTERACTIVE.items() if kind not in {"button", "overflow"}},
    "plain_text_input": TEXT_INPUT,
}
