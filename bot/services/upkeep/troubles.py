"""What an error means for a subscription. Pure."""

from bot.domain.errors import BotError, Denied, Forbidden, Lacking, NeedsScope, NotLinked, Unseen
from bot.services.verdicts import told_to_others


def is_lost(error: BotError) -> bool:
    """May the account not look after it any more? What may pass (Quay is away, something is unknown) is no loss."""
    if isinstance(error, Denied):
        return not error.unsure
    return isinstance(error, NotLinked | Lacking | Forbidden)


def is_account(error: BotError) -> bool:
    """Is it about the account as such, and so the same everywhere?"""
    return isinstance(error, NotLinked) and not isinstance(error, NeedsScope)


def is_gone(error: BotError) -> bool:
    """Is the repository not there any more? Whoever has no rights in its namespace is not told (facts §3.5)."""
    return isinstance(error, Unseen)


def in_words(error: BotError, username: str, target: str) -> str:
    """Why, for everybody in the channel."""
    said = told_to_others(error, username)
    return said if target in said or is_account(error) else f"{target}: {said}"
