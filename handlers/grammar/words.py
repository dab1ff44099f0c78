"""Splitting what a person typed behind `/quay` into words, however their keyboard and Slack dressed it up.

Slack escapes & < > and wraps addresses, channels and people into <…> (facts §7). Phones and macOS turn quotes into
curly ones and -- into a dash, and copied text brings non-breaking blanks and characters of no width.
"""

import re

from bot.domain.errors import UserError

# What opens a quotation, and everything that may close it: keyboards mix the forms freely.
_DOUBLE, _SINGLE = '"“”„‟', "'‘’‚‛"
_CLOSERS = {
    **dict.fromkeys(_DOUBLE, frozenset(_DOUBLE)),
    **dict.fromkeys(_SINGLE, frozenset(_SINGLE)),
    "«": frozenset("»"),
    "»": frozenset("«"),
}
_QUOTES = frozenset(_DOUBLE + _SINGLE + "«»")
_ENTITY = re.compile(r"<([^<>\s][^<>]*)>")
_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_NO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")
_DASHES = re.compile(r"[-‐‑‒–—―−]+(?=\w)")
_DASH = "-‐‑‒–—―−"
_OPTION_REST = re.compile(r"[\w-]*=")
_LONGEST_OPTION = 40  # pieces of a word: whatever is longer is no option of ours

LONGEST = 4000  # characters of a command; ours are far shorter, and Slack's own limit for a message is about that


def split(text: str) -> tuple[str, ...]:
    """The words of a command line, in order.

    Raises UserError for a quotation that is never closed, and for a text longer than LONGEST.

    Within quotation marks a backslash makes a mark (or a backslash) literal. An
    address that Slack wrapped becomes the address; `<#C1|name>` becomes `<#C1>`.
    """
    if len(text) > LONGEST:
        raise UserError(f"That is too long for me: a command may have {LONGEST:,} characters.")
    words: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] in _NO_WIDTH:
            at += 1
            continue
        word, at = _word(text, at)
        words.append(word)
    return tuple(words)


def quote(word: str) -> str:
    """The word as a person would have to type it (and Slack would send it) so that `split` gives it back."""
    body = "".join(f"\\{char}" if char in _QUOTES or char == "\\" else char for char in word)
    return '"' + body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + '"'


def _word(text: str, at: int) -> tuple[str, int]:
    """The word that starts at `at`, and the place after it."""
    parts: list[str] = []
    bare = True  # no quotation so far: dashes at its start may mean an option
    while at < len(text) and not text[at].isspace():
        if text[at] in _QUOTES and (not parts or _is_option_start(parts)):
            bare = bool(parts)
            quoted, at = _quotation(text, at)
            parts.append(quoted)
            continue
        piece, at = _piece(text, at)
        parts.append("" if piece in _NO_WIDTH else piece)
    word = "".join(parts)
    return (_ascii_dashes(word) if bare else word), at


def _is_option_start(parts: list[str]) -> bool:
    """Whether the word so far is `--name=`, behind which a quotation may open; elsewhere a mark is an apostrophe."""
    if parts[-1] != "=" or len(parts) > _LONGEST_OPTION:
        return False
    word = "".join(parts)
    rest = word.lstrip(_DASH)
    return rest != word and _OPTION_REST.fullmatch(rest) is not None


def _quotation(text: str, start: int) -> tuple[str, int]:
    """The inside of the quotation that opens at `start`, and the place after its closing mark."""
    closers, parts, at = _CLOSERS[text[start]], [], start + 1
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in _QUOTES | {"\\"}:
            parts.append(text[at + 1])
            at += 2
            continue
        if text[at] in closers:
            return "".join(parts), at + 1
        wrapped = text[at] == "<"
        piece, at = _piece(text, at)
        if wrapped and piece[-1:] in closers:  # Slack took a curly closing mark for a part of the address before it
            return "".join([*parts, piece[:-1]]), at
        parts.append(piece)
    shown = _unescaped(text[start : start + 30])
    more = "…" if len(text) > start + 30 else ""
    raise UserError(f"A quotation mark is opened but never closed, at {shown}{more} (close it, or leave it out).")


def _piece(text: str, at: int) -> tuple[str, int]:
    """One character or one of Slack's entities, decoded, and the place after it."""
    if text[at] == "&":
        for entity, char in _ESCAPES.items():
            if text.startswith(entity, at):
                return char, at + len(entity)
    if text[at] == "<" and (found := _ENTITY.match(text, at)):
        return _decoded(found[1]), found.end()
    return text[at], at + 1


def _decoded(inside: str) -> str:
    """What stands between < and >: an address, a channel, a person or a special mention."""
    target, _, label = inside.partition("|")
    if target[:1] in ("#", "@"):
        return f"<{target}>"
    if target.startswith("!"):
        target = label or "@" + target[1:].partition("^")[0]
    elif target.startswith("mailto:"):
        target = label or target.removeprefix("mailto:")
    return _unescaped(target)


def _unescaped(text: str) -> str:
    for entity, char in reversed(_ESCAPES.items()):  # &amp; last: what it gives is not decoded again
        text = text.replace(entity, char)
    return text


def _ascii_dashes(word: str) -> str:
    """`—tag` (what macOS makes of --tag) becomes `--tag`; a single plain hyphen stays what it is."""
    found = _DASHES.match(word)
    if found is None or found[0] == "-" * len(found[0]):
        return word
    return "--" + word[found.end() :]
