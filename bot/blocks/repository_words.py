"""What is said of a repository in a few words: who sees it, its state, one's rights, how long tags are kept."""

from collections.abc import Mapping
from datetime import timedelta

from bot.blocks.text import count
from bot.domain.repositories import Repository

FULL_MAP = 500  # living tags that Quay lists with a repository (facts §3.5)
STATES: Mapping[str, str] = {"READ_ONLY": "read-only", "MIRROR": "mirror"}
"""Quay's words for the states that are worth saying."""


def visibility(repository: Repository) -> str:
    """Quay's own word."""
    return "public" if repository.public else "private"


def state(repository: Repository) -> str:
    """Say "read-only" or "mirror", or the words of another version as they are; "" for the usual state."""
    if repository.state in ("", "NORMAL"):
        return ""
    return STATES.get(repository.state, repository.state.lower()[:40])


def rights(repository: Repository) -> str:
    """What the reader's own account and token may do there; "" where nobody tells."""
    if repository.can_admin:
        return "You are an admin here."
    if repository.can_write:
        return "You can write here."
    return "" if repository.can_write is None else "You can read here."


def tags(repository: Repository) -> str:
    """How many living tags: "12 tags", "500 tags or more"; "" where nobody tells."""
    if repository.tags is None:
        return ""
    return f"{FULL_MAP} tags or more" if repository.tags >= FULL_MAP else count(repository.tags, "tag")


def kept(repository: Repository) -> str:
    """For how long dead tags can be restored: "14 days", "12 hours"; "" where nobody tells."""
    span = timedelta(seconds=repository.keeps_for)
    if not span:
        return ""
    if span >= timedelta(days=1):
        return count(span.days, "day")
    return count(max(1, int(span.total_seconds() // 3600)), "hour")
