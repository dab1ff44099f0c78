"""What was seen after a change, in words: the same ones for everything that is changed."""

from bot.domain.sight import Sight

_VERIFIED = "*Verified:* I read it back from Quay."


def mark(sight: Sight, *, undo: bool = False) -> str:
    """The sign before what was done, or undone."""
    if sight is not Sight.YES:
        return ":warning:"
    return "↩" if undo else ":white_check_mark:"


def seen_words(sight: Sight, other: str, where: str) -> str:
    """As mrkdwn, for people. `other` is a clause about what is there instead, `where` a sentence on how to look."""
    if sight is Sight.YES:
        return _VERIFIED
    if sight is Sight.OTHER:
        return f"Quay accepted it, but when I looked again, {other or 'it was not so'}."
    return f"Quay accepted it, but I could not read it back. {where}".rstrip()


def audit_words(sight: Sight, now: str) -> str:
    """For the audit. `now` is a clause, plain, about what was found."""
    if sight is Sight.YES:
        return f"Verified: {now}."
    if sight is Sight.OTHER:
        return f"Quay accepted it, but on a second look {now}."
    return "Quay accepted it. It could not be read back."
