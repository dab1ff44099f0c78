"""Small pieces of replies that several handlers share."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.blocks.layout import actions, button, context, section
from bot.blocks.spoken import MUCH, spoken
from bot.blocks.text import clip
from bot.domain.messages import Block, Message
from handlers.command import Reply


def whisper(mrkdwn: str, *more: Block, replace: bool = False) -> Reply:
    """A reply to the asker alone. `mrkdwn` is our own wording; foreign parts went through `bot.blocks.text`."""
    mrkdwn = clip(mrkdwn, MUCH)
    return Reply(Message(text=mrkdwn, blocks=(section(mrkdwn), *more)), replace=replace)


def sentence(say: str, *more: Block) -> Reply:
    """A reply that is what an error says."""
    return whisper(spoken(say), *more)


def link_button(label: str = "Link my Quay account", scopes: Iterable[str] = ()) -> Block:
    """The way to the ways of linking an account, with `scopes` beyond the usual ones."""
    return actions(button("link_start", label, value=" ".join(sorted(scopes)), style="primary"))


def small(mrkdwn: str) -> Block:
    """Small print."""
    return context(clip(mrkdwn, MUCH))


def host(quay_url: str) -> str:
    """The name by which people know their Quay."""
    return urlsplit(quay_url).netloc or quay_url
