"""A global message as Slack can show it: the plain text, or Markdown's commonest marks turned into Slack's.

Everything foreign goes through `bot.blocks.text`: no mark, mention or link comes out of it but those made here.
"""

import re
from collections.abc import Callable

from bot.blocks.text import clip, code, plain

_LINES, _LINE = 12, 300
_READ = 2 * _LINE  # characters of a line: the marks are looked for in no more, whatever a message holds
_MARKS = re.compile(
    r"\*\*(?P<strong>[^*\n]+)\*\*|__(?P<strong2>[^_\n]+)__"
    r"|\*(?P<soft>[^*\n]+)\*|(?<!\w)_(?P<soft2>[^_\n]+)_(?!\w)"
    r"|~~(?P<gone>[^~\n]+)~~|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>[^()\s]+)\)"
)
_HEADING = re.compile(r"#{1,6} +(.+)")
_ITEM = re.compile(r"\s*[-*+] +(.+)")


def shown_plain(content: str) -> str:
    """The text as it is, behind a bar."""
    return _quoted(content, lambda line: plain(line, _LINE))


def shown_markdown(content: str) -> str:
    """About how it will look: headings, lists, bold, italics, code, and where links lead; the rest as written."""
    return _quoted(content, _line)


def _quoted(content: str, shown: Callable[[str], str]) -> str:
    lines = content.split("\n")
    more = [f"_… {len(lines) - _LINES} more lines_"] if len(lines) > _LINES else []
    first = (shown(line if len(line) <= _READ else f"{line[:_READ]}…") for line in lines[:_LINES])
    return "\n".join(f"│ {line}" for line in (*first, *more))


def _line(line: str) -> str:
    if heading := _HEADING.fullmatch(line):
        return _wrapped("*", heading[1])
    if item := _ITEM.fullmatch(line):
        return f"• {_inline(item[1])}"
    return _inline(line)


def _inline(text: str) -> str:
    parts, at = [], 0
    for mark in _MARKS.finditer(text):
        parts += [_between(text[at : mark.start()]), _marked(mark)]
        at = mark.end()
    return clip("".join([*parts, _between(text[at:])]), 2 * _LINE)


def _between(text: str) -> str:
    """Foreign text among marks: the blanks at its ends stay, `plain` would drop them."""
    inner = plain(text, _LINE)
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def _marked(mark: re.Match[str]) -> str:
    if mark["url"]:
        return f"{plain(mark['label'], _LINE)} ({code(mark['url'], _LINE)})"  # no link: everybody sees where it leads
    if mark["code"]:
        return code(mark["code"], _LINE)
    if mark["gone"]:
        return _wrapped("~", mark["gone"])
    strong = mark["strong"] or mark["strong2"]
    return _wrapped("*", strong) if strong else _wrapped("_", mark["soft"] or mark["soft2"])


def _wrapped(mark: str, text: str) -> str:
    inner = plain(text, _LINE).strip()
    return f"{mark}{inner}{mark}" if inner else ""
