"""Turning the pages of lists: what a button of bot/blocks/paging carries is read back, and the page takes its place."""

import json
from dataclasses import replace

from bot.domain.errors import UserError
from handlers.command import Reply

_FARTHEST = 2**31 - 1  # where a page can begin


def unpack(value: str, texts: int, command: str) -> tuple[list[str], int]:
    """So many texts, and where the page begins. Raises UserError, which names the command, if it is none of ours."""
    try:
        *found, at = json.loads(value)
    except (ValueError, TypeError, RecursionError):
        raise strange(command) from None
    if len(found) != texts or not all(isinstance(one, str) for one in found):
        raise strange(command)
    if type(at) is not int or not 0 <= at <= _FARTHEST:
        raise strange(command)
    return found, at


def strange(command: str) -> UserError:
    """The error for a button that says nothing that is understood today."""
    return outdated("button", f"Please ask again with `/quay {command}`.")


def outdated(what: str, cure: str = "Please ask again.") -> UserError:
    """The error for a button, a menu or a form that hangs in Slack for longer than its kind lives."""
    return UserError(f"This {what} is of an older version of me. {cure}")


def in_place(reply: Reply | None) -> Reply | None:
    """The same page, in place of the one with the button."""
    return reply and replace(reply, replace=True)
