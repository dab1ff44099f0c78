"""What a message says: read from a call's arguments and judged, for every way of speaking."""

from dataclasses import dataclass, field
from typing import Any

from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.blockkit import (
    ALL_TEXT,
    ATTACHMENTS,
    judge_attachments,
    judge_blocks,
    of_kind,
    strings,
)
from bot.fakes.slack.blocks import MARKDOWN_TEXT
from bot.fakes.slack.model import Json, Refused, invalid

TEXT_LIMIT = 40_000
METADATA_BYTES = 8_000
"""Slack does not say how large metadata may be; this is a cautious guess."""


@dataclass(slots=True)
class Content:
    """None means: not said. Empty means: said to be empty."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    warnings: list[str] = field(default_factory=list)

    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.text or self.blocks or self.attachments)


def read(args: Arguments) -> Content:
    """The content of a call, else the refusal that Slack would give."""
    blocks = args.json("blocks", error="invalid_blocks_format")
    attachments = args.json("attachments", error="invalid_attachments")
    if "markdown_text" in args:
        if "text" in args or blocks:
            raise Refused("markdown_text_conflict")
        if len(args.text("markdown_text")) > MARKDOWN_TEXT:
            raise Refused("msg_too_long")
    _judge(blocks, attachments)
    text = args.text("text", args.text("markdown_text")) if "text" in args or "markdown_text" in args else None
    content = Content(text, blocks, attachments)
    if text and len(text) > TEXT_LIMIT:
        content.text = text[:TEXT_LIMIT]
        content.warnings.append("message_truncated")
    return content


def _judge(blocks: Any, attachments: Any) -> None:
    seen: set[str] = set()
    if blocks is not None and (wrong := judge_blocks(blocks, seen=seen)):
        raise invalid("invalid_blocks", wrong)
    if isinstance(attachments, list) and len(attachments) > ATTACHMENTS:
        raise Refused("too_many_attachments")
    if attachments is not None and (wrong := judge_attachments(attachments, seen=seen)):
        raise invalid("invalid_attachments", wrong)
    every = [blocks or [], *(attachment.get("blocks") or [] for attachment in attachments or [])]
    if sum(len(of_kind(each, "table")) for each in every) > 1:
        raise Refused("only_one_table_allowed")
    if sum(len(piece.get("text", "")) for each in every for piece in of_kind(each, "markdown")) > MARKDOWN_TEXT:
        raise invalid("invalid_blocks", [f"[ERROR] markdown must be less than {MARKDOWN_TEXT + 1} characters"])
    if any(sum(map(len, strings(each))) > ALL_TEXT for each in every):
        raise Refused("msg_blocks_too_long")


def metadata(args: Arguments) -> Json | None:
    """Message metadata: {event_type, event_payload}, flat but for one level of objects (facts §11)."""
    value = args.json("metadata", error="invalid_metadata_format")
    if value is None or value == {}:
        return None if value is None else {}
    payload = value.get("event_payload") if isinstance(value, dict) else None
    if not isinstance(payload, dict) or not isinstance(value.get("event_type"), str) or not value["event_type"]:
        raise Refused("invalid_metadata_format")
    for part in payload.values():
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        if any(isinstance(deep, dict | list) for deep in inner):
            raise Refused("invalid_metadata_format")
    if len(str(value).encode()) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return dict(value)
