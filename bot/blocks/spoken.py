"""Our own sentences as mrkdwn: what foreign text they quote is literal, `…` in them becomes a code span."""

from bot.blocks.text import clip, code, plain

MUCH = 2900  # characters of one paragraph: a section holds 3,000


def spoken(say: str, limit: int = MUCH) -> str:
    """What an error says, as mrkdwn: whatever foreign text it quotes is literal, `…` becomes a code span."""
    pieces = say.split("`")
    if len(pieces) % 2 == 0:  # a lonely backtick is only a character
        pieces = [say]
    words = "".join(code(piece, 300) if index % 2 else _prose(piece) for index, piece in enumerate(pieces))
    return clip(words.strip(), limit) or "Something is wrong, but there are no words for it."


def _prose(piece: str) -> str:
    """Plain words that keep the blanks between them and their neighbours."""
    before, after = (" " if end.isspace() else "" for end in (piece[:1], piece[-1:]))
    return before + words + after if (words := plain(piece, MUCH)) else before or after
