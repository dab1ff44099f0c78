"""The judge of blocks: every limit of facts §5, answered as Slack answers.

It is written apart from the product's own validator on purpose: a mistake made there is found here. Kinds of blocks
that Slack is still rolling out (data_table, data_visualization) are refused, as a workspace without them would.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.fakes.slack.blocks import MARKDOWN_TEXT, SURFACES
from bot.fakes.slack.elements import CHOICE, GROUPS, not_both, plain
from bot.fakes.slack.judging import Check, Json, Report, anything, flag, items, one_of, shape, string

MESSAGE_BLOCKS, VIEW_BLOCKS, ATTACHMENTS = 50, 100, 100
ATTACHMENT_BLOCKS = 20
"""Blocks in one attachment: measured by others (slackapi/bolt-python #914: "invalid_attachments" from the 21st on)."""
ALL_TEXT = 13_200
"""Characters over all blocks of a message before `msg_blocks_too_long` (measured by others: slackapi/bolt-js #2509)."""
TABLE_TEXT = 10_000
VIEW_BYTES = 250_000


def strings(value: Any) -> Iterator[str]:
    """Every text that a reader would see inside `value`."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "text" and isinstance(part, str):
                yield part
            else:
                yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def of_kind(blocks: list[Any], kind: str) -> list[Json]:
    """The blocks of one kind."""
    return [block for block in blocks if isinstance(block, dict) and block.get("type") == kind]


def _actions(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("action_id"), str):
            yield value["action_id"], at
        for name, part in value.items():
            yield from _actions(part, f"{at}/{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _actions(part, f"{at}/{index}")


def _uniqueness(blocks: list[Any], at: str, report: Report, seen: set[str]) -> None:
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        name = block.get("block_id")
        if isinstance(name, str):
            if name in seen:
                report.add(f"block_id `{name}` already exists", f"{at}/{index}/block_id")
            seen.add(name)
        used: set[str] = set()
        for action, where in _actions(block, f"{at}/{index}"):
            if action in used:
                report.add(f"action_id `{action}` already exists", f"{where}/action_id")
            used.add(action)


def judge_blocks(
    blocks: Any,
    *,
    surface: str = "message",
    at: str = "/blocks",
    most: int = MESSAGE_BLOCKS,
    seen: set[str] | None = None,
) -> list[str]:
    """What Slack would say about these blocks; an empty list is praise. `seen` holds block ids used elsewhere."""
    report = Report()
    items(one_of(SURFACES[surface]), 0, most)(blocks, at, report)
    if isinstance(blocks, list):
        _uniqueness(blocks, at, report, set() if seen is None else seen)
        if sum(len(str(block.get("text"))) for block in of_kind(blocks, "markdown")) > MARKDOWN_TEXT:
            report.add(f"markdown blocks must be less than {MARKDOWN_TEXT + 1} characters together", at)
        for index, block in enumerate(blocks):
            if of_kind([block], "table") and sum(map(len, strings(block))) > TABLE_TEXT:
                report.add(f"table must be less than {TABLE_TEXT + 1} characters", f"{at}/{index}")
    return report.messages


LEGACY = ("text", "pretext", "title", "title_link", "fields", "footer", "footer_icon", "ts", "author_name",
          "author_link", "author_icon", "image_url", "thumb_url", "mrkdwn_in")  # fmt: skip


def judge_attachments(attachments: Any, *, seen: set[str] | None = None) -> list[str]:
    """What Slack would say about attachments. One with blocks takes nothing beside them but color and fallback."""
    report = Report()
    if not isinstance(attachments, list):
        return ["[ERROR] must be an array [json-pointer:/attachments]"]
    for index, attachment in enumerate(attachments):
        at = f"/attachments/{index}"
        if not isinstance(attachment, dict):
            report.add("must be an object", at)
            continue
        known = {"color", "fallback", *(("blocks",) if "blocks" in attachment else LEGACY)}
        if set(attachment) - known:
            report.add("invalid_keys", at)
        if isinstance(attachment.get("color", ""), str) is False:
            report.add("must be a string", f"{at}/color")
        if "blocks" in attachment:
            report.messages += judge_blocks(attachment["blocks"], at=f"{at}/blocks", most=ATTACHMENT_BLOCKS, seen=seen)
    return report.messages


FRAME: dict[str, Check] = {"blocks": anything, "private_metadata": string(0, 3000), "callback_id": string(0, 255),
                           "external_id": string(0, 255)}  # fmt: skip
VIEWS = one_of(
    {
        "modal": shape(
            {"title": plain(24), "blocks": anything},
            {**FRAME, "submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag,
             "submit_disabled": flag},
        ),
        "home": shape({"blocks": anything}, FRAME),
    }
)  # fmt: skip


def judge_view(view: Any) -> list[str]:
    """What Slack would say about a modal or a home view."""
    report = Report()
    VIEWS(view, "/view", report)
    if isinstance(view, dict) and view.get("type") in ("modal", "home") and "blocks" in view:
        blocks = view["blocks"]
        report.messages += judge_blocks(blocks, surface=view["type"], at="/view/blocks", most=VIEW_BLOCKS)
        if blocks == []:
            report.add("no less than 1 items allowed", "/view/blocks")
        elif isinstance(blocks, list):
            if view["type"] == "modal" and of_kind(blocks, "input") and not view.get("submit"):
                report.add("missing required field: submit", "/view")
            if json.dumps(blocks).count('"focus_on_load": true') > 1:
                report.add("only one element can have focus_on_load", "/view/blocks")
    return report.messages


def too_large(view: Any) -> bool:
    """Whether the view's JSON is too big (`view_too_large`)."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def judge_options(body: Any) -> list[str]:
    """What Slack would say about the answer to an options load: options or option_groups, at most 100."""
    report = Report()
    shape({}, {"options": items(CHOICE, 0, 100), "option_groups": GROUPS}, not_both("options", "option_groups"))(
        body, "", report
    )
    return report.messages
