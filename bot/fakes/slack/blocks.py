"""What each kind of block may hold, and which kinds a surface takes (facts §5)."""

from typing import Any

from bot.fakes.slack.elements import (
    BUTTON,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    any_of,
    link,
    not_both,
    picture,
    plain,
    text,
)
from bot.fakes.slack.judging import Check, Report, anything, choice, flag, items, one_of, shape, string

MARKDOWN_TEXT = 12_000

B: dict[str, Check] = {"block_id": ID}
TEXTS: dict[str, Check] = {"plain_text": plain(3000), "mrkdwn": text(3000)}


def _pieces(value: Any, at: str, report: Report) -> None:
    """The insides of rich text: known kinds, and text that is not empty."""
    known = {"text", "link", "emoji", "user", "usergroup", "channel", "team", "date", "broadcast", "color"}
    if not isinstance(value, list) or not value:
        report.add("must be a non-empty array", at)
        return
    for index, piece in enumerate(value):
        kind = str(piece.get("type")) if isinstance(piece, dict) else "nothing"
        if kind not in known:
            report.add(f"unsupported type: {kind}", f"{at}/{index}/type")
        elif kind == "text":
            string(1)(piece.get("text"), f"{at}/{index}/text", report)
        elif kind == "link":
            link(piece.get("url"), f"{at}/{index}/url", report)


SECTION = shape({"elements": _pieces})
RICH = one_of(
    {
        "rich_text_section": SECTION,
        "rich_text_preformatted": shape({"elements": _pieces}, {"border": anything, "language": string(1)}),
        "rich_text_quote": shape({"elements": _pieces}, {"border": anything}),
        "rich_text_list": shape(
            {"style": choice("bullet", "ordered"), "elements": items(one_of({"rich_text_section": SECTION}), 1, 1000)},
            {"indent": anything, "offset": anything, "border": anything},
        ),
    }
)
RICH_TEXT = shape({"elements": items(RICH, 1, 1000)}, B)
CELL = one_of(
    {"raw_text": shape({"text": string(1)}), "raw_number": shape({"value": anything}, {"text": string(1)}),
     "rich_text": RICH_TEXT}
)  # fmt: skip
CARD = shape(
    {},
    {**B, "hero_image": IMAGE, "icon": IMAGE, "title": text(150), "subtitle": text(150), "body": text(200),
     "actions": items(one_of({"button": BUTTON}), 1, 25)},
    any_of("hero_image", "title", "actions", "body"),
)  # fmt: skip
TASK = shape(
    {"task_id": ID, "title": string(1), "status": choice("pending", "in_progress", "complete", "error")},
    {**B, "details": RICH_TEXT, "output": RICH_TEXT, "sources": anything},
)

COMMON: dict[str, Check] = {
    "section": shape(
        {},
        {**B, "text": text(3000), "fields": items(text(2000), 1, 10), "accessory": one_of(IN_SECTION), "expand": flag},
        any_of("text", "fields"),
    ),
    "header": shape({"text": plain(150)}, B),
    "divider": shape({}, B),
    "image": shape(
        {"alt_text": string(1, 2000)},
        {**B, "image_url": picture, "slack_file": anything, "title": plain(2000)},
        not_both("image_url", "slack_file"),
    ),
    "context": shape({"elements": items(one_of({"image": IMAGE, **TEXTS}), 1, 10)}, B),
    "actions": shape({"elements": items(one_of(IN_ACTIONS), 1, 25)}, B),
    "input": shape(
        {"label": plain(2000), "element": one_of(IN_INPUT)},
        {**B, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
    "video": shape(
        {"alt_text": string(1), "title": plain(200), "thumbnail_url": picture, "video_url": picture},
        {**B, "title_url": link, "author_name": string(1, 50), "provider_name": string(1),
         "provider_icon_url": picture, "description": plain(200)},
    ),
}  # fmt: skip
ONLY_MESSAGES: dict[str, Check] = {
    "context_actions": shape({"elements": items(one_of(IN_CONTEXT_ACTIONS), 1, 5)}, B),
    "markdown": shape({"text": string(1, MARKDOWN_TEXT)}, B),
    "table": shape(
        {"rows": items(items(CELL, 1, 20), 1, 100)}, {**B, "column_settings": items(anything, 0, 20)}
    ),
    "file": shape({"external_id": string(1), "source": choice("remote")}, B),
    "card": CARD,
    "carousel": shape({"elements": items(one_of({"card": CARD}), 1, 10)}, B),
    "task_card": TASK,
    "plan": shape({"title": string(1)}, {**B, "tasks": items(one_of({"task_card": TASK}), 1, 100)}),
}  # fmt: skip
CONTAINER = shape(
    {"child_blocks": items(one_of({**COMMON, **ONLY_MESSAGES}), 1, 10)},
    {**B, "title": plain(150), "rich_text_title": RICH_TEXT, "subtitle": plain(150), "icon": IMAGE,
     "width": choice("narrow", "standard", "wide", "full"), "is_collapsible": flag, "default_collapsed": flag,
     "has_header_divider": flag},
    any_of("title", "rich_text_title"),
)  # fmt: skip
SURFACES: dict[str, dict[str, Check]] = {
    "message": {**COMMON, **ONLY_MESSAGES, "container": CONTAINER},
    "modal": {**COMMON, "alert": shape(
        {"text": text(3000)}, {**B, "level": choice("default", "info", "warning", "error", "success")}
    )},
    "home": COMMON,
}  # fmt: skip
