"""Which image a message is about: the only one of our Quay that is named in it. Pure."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.domain.errors import UserError
from handlers.grammar import Reference, quote, reference

_MOST = 20_000  # characters that are looked through
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>]*))?>")
_WORD = re.compile(r"[^\s`'\"“”‘’<>()\[\]{},;|*]+")
_LIKE_ONE = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)+:\w[\w.-]*")


def only_image(texts: Iterable[str], quay_url: str) -> str:
    """The image that is named with its tag, else the repository that is surely one of ours; else "".

    It comes quoted, as words that could be typed. Nothing comes where it is not plain which one is meant: several are
    named, or a link leads to another one than it shows.
    """
    host, text = urlsplit(quay_url).netloc.lower(), _plain("\n".join(texts)[:_MOST])
    if any(_misleads(link[1], link[2] or "", quay_url) for link in _LINK.finditer(text)):
        return ""
    images, ours = dict[str, None](), dict[str, None]()
    for word in _candidates(text):
        found = _read(word, quay_url)
        if found is None:
            if not word.isascii() and _LIKE_ONE.fullmatch(word):  # letters that only look like those of a name
                return ""
        elif found.tag:
            images[f"{found.repository}:{found.tag}"] = None
            ours[found.repository] = None
        elif host in word.lower():
            ours[found.repository] = None
    named = list(images or ours)
    return quote(named[0]) if len(ours) == len(named) == 1 else ""


def _misleads(address: str, label: str, quay_url: str) -> bool:
    """Whether somebody who reads the label takes it for another image than the address names."""
    there = _read(address, quay_url)
    for found in (_read(word, quay_url) for word in _candidates(label)):
        if found is None or found == there or (there is None and not found.tag):
            continue
        if there is None or found.repository != there.repository or found.tag:
            return True
    return False


def _plain(text: str) -> str:
    for escaped, char in _ESCAPED.items():
        text = text.replace(escaped, char)
    return text


def _candidates(text: str) -> Iterator[str]:
    """Addresses that Slack made links of, and words, in their order."""
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
