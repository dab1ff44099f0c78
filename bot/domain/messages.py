"""What the bot says: a message as plain values, before anybody talks to Slack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Block = dict[str, Any]
"""One Block Kit object, as Slack's JSON has it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    `text` is complete on its own: screen readers and notifications read nothing else. `blocks` is the headline part;
    `details` hang below it beside a bar of `color` (six hex digits with a leading #), as one attachment.
    """

    text: str
    blocks: tuple[Block, ...]
    details: tuple[Block, ...] = ()
    color: str | None = None

    def payload(self) -> dict[str, Any]:
        """The arguments of chat.postMessage and chat.update that carry the words (facts: nothing unfurls, ever)."""
        payload: dict[str, Any] = {"text": self.text, "blocks": list(self.blocks)}
        attachment = {"color": self.color or "#616061", "blocks": list(self.details), "fallback": self.text}
        payload["attachments"] = [attachment] if self.details else []
        return payload


@dataclass(frozen=True, slots=True)
class Modal:
    """A view to open, update or push. `private` (≤ 3,000 characters) comes back with the submission."""

    callback: str
    title: str
    blocks: tuple[Block, ...]
    submit: str | None = None
    close: str = "Close"
    private: str = ""

    def view(self) -> dict[str, Any]:
        """The `view` argument of views.open, views.push and views.update."""
        view: dict[str, Any] = {
            "type": "modal",
            "callback_id": self.callback,
            "title": {"type": "plain_text", "text": self.title},
            "close": {"type": "plain_text", "text": self.close},
            "blocks": list(self.blocks),
            "private_metadata": self.private,
        }
        if self.submit:
            view["submit"] = {"type": "plain_text", "text": self.submit}
        return view


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: `key` is unique for ever and is what makes saying it twice impossible.

    `asker` (a Slack user id) is told by direct message when the channel cannot be posted to. Of two edits that wait
    for the same budget, the one with more `weight` goes first. `since` is when the bot heard of what it tells: how
    late a message is counts from there (None: from when it is queued).
    """

    key: str
    channel: str
    payload: Mapping[str, Any] = field(repr=False)
    asker: str | None = None
    weight: int = 0
    since: datetime | None = None
