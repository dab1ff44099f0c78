"""Our own sentences as mrkdwn: what they quote is literal, `…` becomes a code span, a time the reader's own."""

import re
from datetime import UTC, datetime

from bot.blocks.text import clip, code, plain, when

MUCH = 2900  # characters of one paragraph: a section holds 3,000
_UTC = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC)\b", re.ASCII)  # as `said.utc` writes times


def spoken(say: str, limit: int = MUCH) -> str:
    """What an error says, as mrkdwn: whatever foreign text it quotes is literal, `…` becomes a code span."""
    pieces = say.split("`")
    if len(pieces) % 2 == 0:  # a lonely backtick is only a character
        pieces = [say]
    words = "".join(code(piece, 300) if index % 2 else _sentences(piece) for index, piece in enumerate(pieces))
    return clip(words.strip(), limit) or "Something is wrong, but there are no words for it."


def _sentences(piece: str) -> str:
    """Plain words; the times in them are shown in the reader's own zone."""
    parts = _UTC.split(piece)
    return "".join(_clock(part) if index % 2 else _prose(part) for index, part in enumerate(parts))


def _prose(piece: str) -> str:
    """Plain words that keep the blanks between them and their neighbours."""
    before, after = (" " if end.isspace() else "" for end in (piece[:1], piece[-1:]))
    return before + words + after if (words := plain(piece, MUCH)) else before or after


def _clock(text: str) -> str:
    try:
        at = datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:  # it only looks like a time
        return plain(text)
    return when(at, seconds=text.count(":") > 1)
