"""Small pieces of replies that several handlers share."""

from urllib.parse import urlsplit

from bot.blocks.layout import actions, button, context, section
from bot.blocks.text import clip, code, plain
from bot.domain.messages import Block, Message
from handlers.command import Reply

MUCH = 2900  # characters of one paragraph: a section holds 3,000


def whisper(mrkdwn: str, *more: Block, replace: bool = False) -> Reply:
    """A reply to the asker alone. `mrkdwn` is our own wording; foreign parts went through `bot.blocks.text`."""
    mrkdwn = clip(mrkdwn, MUCH)
    return Reply(Message(text=mrkdwn, blocks=(section(mrkdwn), *more)), replace=replace)


def sentence(say: str, *more: Block) -> Reply:
    """A reply that is what an error says."""
    return whisper(spoken(say), *more)


def spoken(say: str) -> str:
    """What an error says, as mrkdwn: whatever foreign text it quotes is literal, `…` becomes a code span."""
    pieces = say.split("`")
    if len(pieces) % 2 == 0:  # a lonely backtick is only a character
        pieces = [say]
    words = "".join(code(piece, 300) if index % 2 else _prose(piece) for index, piece in enumerate(pieces))
    return clip(words.strip(), MUCH) or "Something is wrong, but there are no words for it."


def _prose(piece: str) -> str:
    """Plain words that keep the blanks between them and their neighbours."""
    before, after = (" " if end.isspace() else "" for end in (piece[:1], piece[-1:]))
    return before + words + after if (words := plain(piece, MUCH)) else before or after


def link_button(label: str = "Link my Quay account") -> Block:
    """The way to the form that links an account."""
    return actions(button("link_start", label, style="primary"))


def small(mrkdwn: str) -> Block:
    """Small print."""
    return context(clip(mrkdwn, MUCH))


def host(quay_url: str) -> str:
    """The name by which people know their Quay."""
    return urlsplit(quay_url).netloc or quay_url
