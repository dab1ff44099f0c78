"""Words for Slack's mrkdwn: foreign text made harmless, cut honestly, and small things said the human way.

Slack decodes exactly `&amp;`, `&lt;` and `&gt;` and has no escape for its format marks (facts §6). So marks in foreign
text are replaced by characters that look alike, or the text goes into a code span, where only the backtick matters.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.blocks.clean import one_line, visible, without_ansi
from bot.blocks.urls import safe_url
from bot.domain.said import utc

T = TypeVar("T")

_LOOK_ALIKE = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_AS_TYPED = str.maketrans({"∗": "*", "∼": "~", "∶": ":", "＿": "_"})  # what `plain` and `bare` put in their place
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")  # snake_case is no italics, so it may stay
_EMOJI_NAME = re.compile(r":(?=[a-z0-9_+'-]+:)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_SHA = re.compile(r"(?:[a-z0-9]+:)?([0-9a-f]{7,})", re.IGNORECASE)


def escape(text: str) -> str:
    """Exactly the three characters that Slack decodes, ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bare(text: str, limit: int = 300) -> str:
    """Foreign text for a message's `text`: as `plain`, and no address in it becomes a link (`text` is not verbatim)."""
    return plain(one_line(text).replace("://", "∶//"), limit)


def plain(text: str, limit: int = 300) -> str:
    """Foreign text for mrkdwn that shows literally: no format, quote, emoji or mention comes out of it."""
    text = one_line(text).translate(_LOOK_ALIKE)
    text = _EMOJI_NAME.sub("∶", _EDGE_UNDERSCORE.sub("＿", text))
    if text.startswith(">"):  # an escaped > at the start of a line is still a quote
        text = "›" + text[1:]
    return clip(escape(text), limit)


def as_typed(text: str) -> str:
    """What somebody copied out of a message of ours, with the characters that `plain` replaced."""
    return text.translate(_AS_TYPED)


def code(text: str, limit: int = 80) -> str:
    """Foreign text as a code span (between the backticks at most `limit` characters); empty for empty text."""
    inner = clip(escape(one_line(text).replace("`", "ˋ")), limit)
    return f"`{inner}`" if inner else ""


def fence(lines: Iterable[str], *, most: int = 15, limit: int = 2400, keep: str = "last") -> str:
    """A block of code with the last (or first) lines that fit; says how many were cut; empty for no lines."""
    every = [_code_line(without_ansi(part)) for line in lines for part in line.split("\n")]
    every = every[::-1] if keep == "last" else every
    shown: list[str] = []
    room = limit - 60  # for the marks and the sentence about what was cut
    for line in every[:most]:
        room -= _units(line) + 1
        if room < 0:
            break
        shown.append(line)
    if not any(shown):
        return ""
    cut = len(every) - len(shown)
    shown += [f"… {count(cut, 'line')} cut"] if cut else []
    return "```\n" + "\n".join(shown[::-1] if keep == "last" else shown) + "\n```"


def link(url: str, label: str, limit: int = 160) -> str:
    """`label` (foreign text) leading to `url`; just the label when the address is not a safe http(s) one."""
    words, safe = plain(label, limit).replace("|", "∣"), safe_url(url)
    if safe is None:
        return words
    return f"<{escape(safe)}|{words}>" if words else f"<{escape(safe)}>"


def when(moment: datetime, *, seconds: bool = False) -> str:
    """A time in the reader's own zone, to the minute or to the second; the fallback names UTC (facts §6)."""
    token = "{time_secs}" if seconds else "{time}"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {token}|{utc(moment, seconds=seconds)}>"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of escaped text; "…" says that it was cut, and no entity or link is cut in two."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = text[: limit - 1]
    if (angle := cut.rfind("<")) > cut.rfind(">"):
        cut = cut[:angle]
    entity = _ENTITY.match(text, cut.rfind("&")) if "&" in cut else None
    if entity and entity.end() > len(cut):
        cut = cut[: entity.start()]
    return cut.rstrip() + "…"


def clip_list(items: Sequence[T], limit: int) -> tuple[tuple[T, ...], str]:
    """The first `limit` items, and "+12 more" (or nothing) about the rest."""
    rest = len(items) - limit
    return tuple(items[:limit]), (f"+{rest:,} more" if rest > 0 else "")


def digest(sha: str, length: int = 12) -> str:
    """The short form of a digest or commit id, not yet escaped; what does not look like one is only clipped."""
    match = _SHA.fullmatch(sha.strip())
    return match[1][:length] if match else clip(one_line(sha), 40)


def fitting(lines: Iterable[str], room: int = 2700) -> list[str]:
    """The first lines that fit into a paragraph together; whoever leaves out the others says so."""
    shown: list[str] = []
    for line in lines:
        room -= _units(line) + 1
        if room < 0:
            break
        shown.append(line)
    return shown


def count(number: int, noun: str) -> str:
    """The number with the noun in the right form: "1 tag", "1,200 tags", "2 repositories", "2 days"."""
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeou" else noun + "s"
    return f"{number:,} {noun}"


def humane(span: timedelta) -> str:
    """A duration in its two biggest units: "45 s", "3 min 5 s", "2 h 10 min", "3 d 4 h"; never below zero."""
    seconds = max(0, int(span.total_seconds()))
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    for index, (name, size) in enumerate(units):
        if seconds >= size:
            rest, (small, step) = seconds % size, units[min(index + 1, 3)]
            more = f" {rest // step} {small}" if rest // step and index < 3 else ""
            return f"{seconds // size} {name}{more}"
    return "less than a second"


def size(number: int | None) -> str:
    """Bytes in the biggest unit that fits: "1.5 GiB"; empty for None."""
    if number is None:
        return ""
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    for power, unit in enumerate(units):
        if abs(number) < 1024 ** (power + 1):
            return f"{number / 1024**power:.1f}".removesuffix(".0") + f" {unit}"
    return f"{number // 1024**5:,} PiB"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the biggest unit: "2 days ago", "just now"."""
    span = now - moment
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if span >= unit:
            return f"{count(span // unit, name)} ago"
    return "just now"


def _units(text: str) -> int:
    """Length in UTF-16 units, should Slack count like JavaScript does: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text)


def _code_line(line: str) -> str:
    return clip(escape(visible(line.expandtabs(4)).replace("`", "ˋ").rstrip()), 200)
