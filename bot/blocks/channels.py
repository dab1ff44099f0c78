"""Channels by their names, which only Slack knows, and shows to those who may see them."""

import re

_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,10}")  # twenty of them fit into the id of a block


def is_channel(channel: str) -> bool:
    """Whether Slack shows it by a name: direct messages have none."""
    return _CHANNEL.fullmatch(channel) is not None


def mention(channel: str) -> str:
    """The channel in mrkdwn, "" for direct messages. The message has to say that it names it (blocks/neutral)."""
    return f"<#{channel}>" if is_channel(channel) else ""
