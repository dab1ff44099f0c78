"""What people read in private when a channel cannot be posted to."""

from collections.abc import Mapping
from html import unescape
from typing import Any

_KEPT = (
    "Everything for the channel is kept. I try again every five minutes, and what waits comes as soon as it works. "
    "The operator can make me try at once: quaybot channels resume {channel}"
)


def undelivered(channel: str, payload: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """For whoever asked for one message that Slack will never take."""
    about = str(payload.get("text") or "a message")[:500]
    text = f"I could not post where you asked me to. {reason} It was: {about}"
    return {"text": text, "blocks": _where(channel, f". {reason} It was: {_literally(about)}")}


def barred(channel: str, reason: str, advice: str) -> dict[str, Any]:
    """For the owner of a channel that nothing can be said in any more."""
    rest = " ".join(part for part in (reason, advice, _KEPT.format(channel=channel)) if part)
    return {"text": f"I could not post in a channel of yours. {rest}", "blocks": _where(channel, f". {rest}")}


def _literally(text: str) -> str:
    """A message's `text` where Slack decodes nothing; angle brackets look like ours to nobody."""
    return unescape(text).replace("<", "‹").replace(">", "›")


def _where(channel: str, after: str) -> list[dict[str, Any]]:
    """A line that names the channel, in an element of its own, so that no markup is needed to show its name."""
    if channel[:1] not in {"C", "G"}:
        return []
    start, end = {"type": "text", "text": "I could not post in "}, {"type": "text", "text": after}
    place = {"type": "channel", "channel_id": channel}
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [start, place, end]}]}]
