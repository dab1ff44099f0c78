"""How late messages look: many of them as one, and the line below a single one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import layout, limits
from bot.blocks.clean import one_line
from bot.blocks.parts import Mark, buttons, facts
from bot.blocks.text import clip, count, humane, when
from bot.domain.late import SHOWN, Cause, Late
from bot.domain.messages import Block, Message

LINE = 180  # characters: fifteen lines are one section
_MARKS: Mapping[Cause, Mark] = {
    Cause.AWAY: Mark("🌙", "While Slack was away", layout.COLORS["neutral"]),
    Cause.BARRED: Mark("🚪", "While quaybot could not post here", layout.COLORS["neutral"]),
    Cause.CROWD: Mark("📚", "Many alerts at once", layout.COLORS["neutral"]),
}
_BECAUSE: Mapping[Cause, str] = {
    Cause.AWAY: ": Slack was away",
    Cause.BARRED: ": quaybot could not post here",
    Cause.CROWD: "",
}
_KINDS: Mapping[str, str] = {
    "push": "pushed repository",
    "build": "build",
    "vulnerability": "card about vulnerabilities",
    "mirror": "mirror sync",
    "expiry": "warning about expiry",
    "quota": "storage warning",
}
_MANY: Mapping[str, str] = {
    "vulnerability": "cards about vulnerabilities",
    "expiry": "warnings about expiry",
}


def show(late: Sequence[Late], key: str, cause: Cause, now: datetime) -> Message:
    """One message that tells `late` (one or more); `key` is its own, which stands for the whole list."""
    mark, number = _MARKS[cause], count(len(late), "alert")
    first, last = min(one.since for one in late), max(one.since for one in late)
    lag = f"{humane(now - first)} late"
    together = last - first < timedelta(minutes=1)  # times are shown to the minute
    heaviest = sorted((one for one in late if one.text), key=lambda one: (-one.weight, one.since, one.id))[:SHOWN]
    texts = [one_line(one.text) for one in heaviest]
    lines = "\n".join(f"• {clip(text, LINE)}" for text in texts)
    rest = len(late) - len(heaviest)
    cut = rest or any(len(text) > LINE for text in texts)
    more = (layout.button("show_all", "Show all", value=key),) if cut else ()
    return Message(
        text=f"{mark.words}: {number}, {lag}.",
        blocks=(layout.section(f"{mark.emoji} *{mark.words}:* {number}"),),
        details=(
            layout.section(
                f"{when(first) if together else f'{when(first)} to {when(last)}'}, {lag}\n{_kinds(late)}".strip()
            ),
            *((layout.section(lines),) if lines else ()),
            *((layout.context(f"… and {rest:,} more"),) if rest else ()),
            *buttons(*more),
        ),
        color=mark.color,
    )


def noted(payload: Mapping[str, Any], cause: Cause, since: datetime, now: datetime) -> dict[str, Any]:
    """The payload of a single late message, with a line that says how late it is, if there is room for it."""
    blocks: list[Block] = [*(payload.get("blocks") or ())]
    if not blocks and not payload.get("attachments"):
        blocks = [layout.section(str(payload.get("text") or ""))]  # with blocks, Slack shows the text no more
    if len(blocks) >= limits.MESSAGE_BLOCKS:
        return dict(payload)
    return {**payload, "blocks": [*blocks, layout.context(f"🕒 {humane(now - since)} late{_BECAUSE[cause]}")]}


def _kinds(late: Sequence[Late]) -> str:
    """How many of each kind, the most frequent first."""
    known = Counter(one.family for one in late if one.family in _KINDS)
    others = len(late) - known.total()
    parts = [_of(family, number) for family, number in sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))]
    return facts(*parts, count(others, "other") if others and parts else "")


def _of(family: str, number: int) -> str:
    if number != 1 and family in _MANY:
        return f"{number:,} {_MANY[family]}"
    return count(number, _KINDS[family])
