"""What came of test calls: a line for each notification that was tried, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks.spoken import spoken
from bot.blocks.text import clip_list, code, count, humane
from bot.domain.subscriptions import Part
from bot.rules.subscribing import is_pattern

_NAMES = 5  # repositories that are named
_SECOND = timedelta(seconds=1)
_LONG = timedelta(minutes=1)


@dataclass(slots=True)
class Tried:
    """One notification that was tried, and how far its test call has come.

    `why` is why Quay was not asked (a sentence). `arrived` is when the call reached the bot. `known`: what became of it
    in the channel is known; `rule` keeps it out then, `sent`: Slack shows it, and `reason` is why it does not yet.
    """

    part: Part
    asked_at: datetime
    why: str = ""
    arrived: datetime | None = None
    known: bool = False
    rule: str = ""
    sent: bool = False
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Is there more to come?"""
        settled = self.sent or self.rule or self.reason
        return not self.why and not (self.arrived and self.known and settled)


def headline(tried: Sequence[Tried], target: str, parts: Sequence[Part], *, mended: int) -> str:
    """How many came, and of a pattern, in how many of its repositories it was tried (`parts` are all it has)."""
    good = sum(one.arrived is not None for one in tried)
    mark = "✅" if good == len(tried) else "⚠️"
    much = "the test call arrived" if good == len(tried) == 1 else f"{good} of {count(len(tried), 'test call')} arrived"
    before = f" {count(mended, 'notification')} in Quay had to be mended first." if mended else ""
    return f"{mark} *{code(target, 260)}: {much}.{_where(tried, target, parts)}*{before}"


def _where(tried: Sequence[Tried], target: str, parts: Sequence[Part]) -> str:
    if not is_pattern(target):
        return ""
    names = sorted({one.part.target for one in tried})
    every = {part.target for part in parts if not part.silent} | set(names)
    shown, more = clip_list([code(name, 260) for name in names], _NAMES)
    listed = ", ".join([*shown, *([more] if more else [])])
    return f" {len(names):,} of {count(len(every), 'repository')} tried ({listed})."


def line(one: Tried) -> str:
    """One of them, from Quay to the channel."""
    what = f"{code(one.part.event)} in {code(one.part.target, 260)}"
    if one.why:
        return f"✖ {what}: Quay was not asked. {spoken(one.why)}"
    if one.arrived is None:
        return f"✖ {what}: {_lost(one.part)}"
    return f"✔ {what}: arrived after {_seconds(one.arrived - one.asked_at)}, {_shown(one)}."


def _shown(one: Tried) -> str:
    if one.rule:
        return f"and kept out by {spoken(one.rule)}"
    if one.sent:
        return "posted in the channel"
    if one.reason:
        return f"and its card waits: {spoken(one.reason).removesuffix('.')}"
    return "and its card is on its way" if one.known else "and is being worked on"


def why_lost(tried: Sequence[Tried]) -> str:
    """What may be the matter where something did not come, the likeliest first; "" where all came."""
    if all(one.why or one.arrived for one in tried):
        return ""
    return (
        "Either Quay cannot reach the address of the bot (`PUBLIC_URL`: name, firewall, certificate), or its "
        "notification worker is behind or does not run. What comes later is posted all the same."
    )


def _lost(part: Part) -> str:
    if not part.failures:
        return "nothing arrived within 45 seconds."
    return f"nothing arrived within 45 seconds. Quay has counted {count(part.failures, 'failed delivery')} in a row."


def _seconds(span: timedelta) -> str:
    """To a tenth ("6.2 s"), and longer ones without."""
    return f"{max(span, timedelta()) / _SECOND:.1f} s" if span < _LONG else humane(span)
