"""The shapes of blocks, and of the messages and views that hold them (facts §5)."""

from collections.abc import Mapping
from typing import Any

from bot.blocks import limits as n
from bot.blocks.elements import ACTION, BUTTON, IMAGE, INPUTS, INTERACTIVE, plain, text
from bot.blocks.shapes import Rule, anything, boolean, by_type, items, one_of, shape, string

NAMED: Mapping[str, Rule] = {"block_id": string(n.ID)}
CELL = by_type(
    "table cell",
    {
        "raw_text": shape({"text": string(n.TABLE_TEXT)}),
        "raw_number": shape({"value": anything}),
        "rich_text": shape({"elements": items(anything, n.TABLE_TEXT)}),
    },
)
FEEDBACK = shape({"positive_button": anything, "negative_button": anything}, ACTION)
ICON = shape({"icon": string(n.ID), "text": plain(n.BUTTON_LABEL)}, {"value": string(n.BUTTON_VALUE)} | ACTION)
CARD = shape(
    {},
    {
        "title": text(n.CARD_TITLE),
        "subtitle": text(n.CARD_TITLE),
        "body": text(n.CARD_BODY),
        "hero_image": by_type("image", {"image": IMAGE}),
        "icon": by_type("image", {"image": IMAGE}),
        "actions": items(by_type("button", {"button": BUTTON}), n.ACTIONS),
        **NAMED,
    },
    "title",
    "body",
    "hero_image",
    "actions",
)

BLOCKS: Mapping[str, Rule] = {
    "section": shape(
        {},
        {
            "text": text(n.TEXT),
            "fields": items(text(n.FIELD), n.FIELDS),
            "accessory": by_type("accessory", {**INTERACTIVE, "image": IMAGE}),
            "expand": boolean,
            **NAMED,
        },
        "text",
        "fields",
    ),
    "header": shape({"text": plain(n.HEADER)}, NAMED),
    "divider": shape({}, NAMED),
    "context": shape(
        {
            "elements": items(
                by_type(
                    "context element",
                    {
                        "image": IMAGE,
                        "plain_text": shape({"text": string(n.TEXT)}, {"emoji": boolean}),
                        "mrkdwn": shape({"text": string(n.TEXT)}, {"verbatim": boolean}),
                    },
                ),
                n.CONTEXT,
            )
        },
        NAMED,
    ),
    "actions": shape({"elements": items(by_type("element", INTERACTIVE), n.ACTIONS)}, NAMED),
    "image": shape(
        {"alt_text": string(n.IMAGE_TEXT)},
        {"image_url": string(n.URL), "slack_file": anything, "title": plain(n.IMAGE_TEXT), **NAMED},
        "image_url",
        "slack_file",
    ),
    "input": shape(
        {"label": plain(n.LABEL), "element": by_type("input element", INPUTS)},
        {"hint": plain(n.LABEL), "optional": boolean, "dispatch_action": boolean, **NAMED},
    ),
    "markdown": shape({"text": string(n.MARKDOWN)}, NAMED),
    "rich_text": shape({"elements": items(anything, n.TABLE_TEXT)}, NAMED),
    "table": shape({"rows": items(items(CELL, n.TABLE_CELLS), n.TABLE_ROWS)}, {"column_settings": anything, **NAMED}),
}
MESSAGE_BLOCKS: Mapping[str, Rule] = {
    **BLOCKS,
    "context_actions": shape(
        {"elements": items(by_type("element", {"feedback_buttons": FEEDBACK, "icon_button": ICON}), n.CONTEXT_ACTIONS)},
        NAMED,
    ),
    "video": shape(
        {
            "alt_text": string(n.IMAGE_TEXT),
            "title": plain(n.VIDEO_TITLE),
            "thumbnail_url": string(n.URL),
            "video_url": string(n.URL),
        },
        {"author_name": string(n.VIDEO_AUTHOR), "title_url": string(n.URL), "description": plain(n.TEXT), **NAMED},
    ),
    "card": CARD,
    "carousel": shape({"elements": items(by_type("card", {"card": CARD}), n.CARDS)}, NAMED),
}

ATTACHMENT = shape(
    {},
    {
        "blocks": items(by_type("block", MESSAGE_BLOCKS), n.MESSAGE_BLOCKS),
        "color": string(7, 4),
        "fallback": string(n.MESSAGE_TEXT, 0),
    },
)
MESSAGE_PARTS: Mapping[str, Rule] = {
    "text": string(n.MESSAGE_TEXT),
    "blocks": items(by_type("block", MESSAGE_BLOCKS), n.MESSAGE_BLOCKS, 0),
    "attachments": items(ATTACHMENT, n.ATTACHMENTS, 0),
}
VIEW_PARTS: Mapping[str, Rule] = {
    "type": one_of("modal", "home"),
    "title": plain(n.VIEW_TITLE),
    "submit": plain(n.VIEW_TITLE),
    "close": plain(n.VIEW_TITLE),
    "blocks": items(by_type("block", BLOCKS), n.VIEW_BLOCKS),
    "private_metadata": string(n.PRIVATE_METADATA, 0),
    "callback_id": string(n.ID, 0),
    "external_id": string(n.ID, 0),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}


def blocks_of(payload: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every block of a message or view with its JSON pointer, attachments' included."""
    places = [("/blocks", payload.get("blocks"))]
    attachments = payload.get("attachments")
    for index, attachment in enumerate(attachments if isinstance(attachments, list | tuple) else ()):
        if isinstance(attachment, Mapping):
            places.append((f"/attachments/{index}/blocks", attachment.get("blocks")))
    return [
        (f"{at}/{index}", block)
        for at, blocks in places
        if isinstance(blocks, list | tuple)
        for index, block in enumerate(blocks)
        if isinstance(block, Mapping)
    ]
