"""Which image a message is about: the first name or address of one of our Quay in it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.domain.errors import UserError
from handlers.grammar import Reference, quote, reference

_MOST = 20_000  # characters that are looked through
_DEEPEST = 12  # blocks inside blocks
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")
_WORD = re.compile(r"[^\s`'\"“”‘’<>()\[\]{},;|*]+")
_WORDY = ("text", "fallback", "title", "title_link", "from_url", "url", "pretext")


def message_texts(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Every text and address in a message of anybody's: its own, of its blocks, and of its attachments."""
    parts = (message.get("text"), message.get("blocks"), message.get("attachments"))
    return tuple(text for part in parts for text in _texts(part, 0))


def first_image(texts: Iterable[str], quay_url: str) -> str:
    """The first image that is named with its tag, else the first repository that is surely one of ours; else "".

    It comes quoted, as words that could be typed.
    """
    host = urlsplit(quay_url).netloc.lower()
    ours = ""
    for word in _candidates("\n".join(texts)[:_MOST]):
        found = _read(word, quay_url)
        if found is None:
            continue
        if found.tag:
            return quote(f"{found.repository}:{found.tag}")
        if not ours and host in word.lower():
            ours = quote(found.repository)
    return ours


def _texts(part: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one, depth + 1)
    elif isinstance(part, Mapping):
        for name, one in part.items():
            if name in _WORDY or not isinstance(one, str):
                yield from _texts(one, depth + 1)


def _candidates(text: str) -> Iterator[str]:
    """Addresses that Slack made links of, and words, in their order."""
    for escaped, char in _ESCAPED.items():
        text = text.replace(escaped, char)
    for line in text.split("\n"):
        spread = _LINK.sub(r" \1 ", line)
        yield from (found[0].rstrip(".:!?…") for found in _WORD.finditer(spread))


def _read(word: str, quay_url: str) -> Reference | None:
    name, _, _digest = word.partition("@sha256:")
    if "/" not in name:
        return None
    try:
        return reference(name, quay_url)
    except UserError:
        return None
