"""One line for each thing on a card's list, as its family words it."""

import html
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.blocks.finding_words import MARKS
from bot.blocks.parts import facts, linked, tag_list
from bot.blocks.text import clip, code, link, plain, when
from bot.blocks.urls import image, tag_url
from bot.domain.events import Severity

ROW = 400  # characters of a line
_NAMES: Mapping[str, tuple[str, str]] = {
    "vulnerability": ("Vulnerabilities", "vulnerability"),
    "push": ("Pushed tags", "tag"),
    "gathered": ("Late alerts", "alert"),
}
_FIX = {"yes": "fix available", "no": "no fix yet"}

Data = Mapping[str, str]


def title(family: str) -> str:
    """What a family's list is called: at most 24 characters."""
    return _NAMES.get(family, ("Everything on this card", ""))[0]


def noun(family: str) -> str:
    """What one thing on it is called."""
    return _NAMES.get(family, ("", "item"))[1]


def row(family: str, data: Data, quay_url: str) -> str:
    """One thing as one line of mrkdwn, `ROW` characters at most: its links go first where there is no room for them."""
    worded = _ROWS.get(family, _anything)
    for quay in (quay_url, ""):
        line = worded(data, quay)
        if len(line) <= ROW:
            return line
    return clip(worded(data, ""), ROW)


def readable(family: str, data: Data) -> Data:
    """The same thing for a file: words of a message that were made harmless for Slack are as they were."""
    return {**data, "text": html.unescape(data.get("text", ""))} if family == "gathered" else data


def _finding(data: Data, quay: str) -> str:
    tags, repository = data.get("tags", "").split(), data.get("repository", "")
    severity = next((one for one in Severity if one == data.get("severity")), Severity.UNKNOWN)
    name = data.get("vulnerability") or "a vulnerability"
    return facts(
        f"{MARKS[severity].emoji} {severity.value} *{link(data.get('link', '') if quay else '', name, 100)}*",
        linked(quay, repository, tags[:1]) + (f" and {tag_list(tags[1:], 5)}" if tags[1:] else ""),
        _FIX.get(data.get("fixable", ""), ""),
    )


def _tag(data: Data, quay: str) -> str:
    tag, repository = data.get("tag", ""), data.get("repository", "")
    page = link(tag_url(quay, repository, tag), "Open in Quay") if quay and tag else ""
    return facts(
        code(image(quay, repository, tag), 200) if quay else code(f"{repository}:{tag}", 200), _time(data, "at"), page
    )


def _message(data: Data, _quay: str) -> str:
    return facts(_time(data, "queued_at"), plain(html.unescape(data.get("text", "")), 300))


def _anything(data: Data, _quay: str) -> str:
    return facts(*(f"{plain(name, 40)}: {plain(value, 120)}" for name, value in data.items() if value.strip()))


def _time(data: Data, name: str) -> str:
    """A moment in the reader's own zone; whatever else stands there is shown as it is."""
    given = data.get(name, "")
    try:
        return when(datetime.fromisoformat(given))
    except (ValueError, OverflowError):
        return plain(given, 40)


_ROWS: Mapping[str, Callable[[Data, str], str]] = {"vulnerability": _finding, "push": _tag, "gathered": _message}
