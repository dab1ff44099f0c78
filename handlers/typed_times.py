"""Times in the past that people typed: kept as they were meant, and repeated so that nobody can misread them."""

from datetime import datetime, tzinfo

from bot.blocks.text import code, humane, plain, when
from bot.domain.errors import UserError
from bot.rules.clocks import both_clocks
from bot.rules.times import span

_AGO = "ago"


def kept(text: str, at: datetime) -> str:
    """The time as an act holds it: "2026-11-23T08:00:00+00:00", and " 1 h ago" behind it where a length was typed."""
    try:
        length = humane(span(text.strip().lower().removesuffix(_AGO)))
    except UserError:
        return at.isoformat()
    return f"{at.isoformat()} {length} {_AGO}"


def instant(word: str) -> datetime:
    """The time itself."""
    return datetime.fromisoformat(word.partition(" ")[0])


def repeated(word: str, zone: tzinfo) -> str:
    """On the clock of whoever typed it, and in UTC (mrkdwn): "1 h ago, at `Mon 23 Nov 2026 09:00 CET (08:00 UTC)`"."""
    return _with_length(word, code(both_clocks(instant(word), zone)))


def for_anybody(word: str) -> str:
    """On the clock of whoever reads it (mrkdwn)."""
    return _with_length(word, when(instant(word)))


def _with_length(word: str, clock: str) -> str:
    length = word.partition(" ")[2]
    return f"{plain(length, 40)}, at {clock}" if length else f"at {clock}"
