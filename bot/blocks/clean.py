"""Taking out of foreign text what nobody can see but everybody can be fooled by."""

import re
import unicodedata

_ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor moves
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # window titles and hyperlinks
    r"|\x1b[ -/]*[0-Z\\-~]"  # two-character escapes
)
_BLANKS = {"\t": " ", "\n": " ", "\v": " ", "\f": " ", "\r": " ", "\x85": " ", "\u2028": " ", "\u2029": " "}
_GONE = {"Cc", "Cf", "Cs"}  # controls, formats (bidi overrides, zero-width characters), lone surrogates
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks without a picture


def visible(text: str) -> str:
    """`text` without characters that have no picture; breaks and tabs become blanks. One character never becomes two.

    Removes control characters, bidi overrides, zero-width characters and lone surrogates (which cannot be sent at all).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(char) for char in text)


def one_line(text: str) -> str:
    """Visible text on one line, without blanks at its ends or in a row."""
    return " ".join(visible(text).split())


def without_ansi(text: str) -> str:
    """A line as a terminal would leave it: no colour codes, and what a carriage return wrote over is gone."""
    return _ANSI.sub("", text).rstrip("\r\n").rsplit("\r", 1)[-1]


def _seen(char: str) -> str:
    if char in _BLANKS:
        return _BLANKS[char]
    if char in _INVISIBLE or unicodedata.category(char) in _GONE:
        return ""
    return char
