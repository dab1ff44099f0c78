"""Whether a channel is told an event now, later or not at all: its pause, its filter and its quiet hours. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.domain.events import Event, Pushed, QuotaCrossed, Severity, VulnerabilityFound
from bot.domain.said import utc
from bot.rules.filters import parse
from bot.rules.rhythm import clock_words, quiet_until


class Way(StrEnum):
    """What becomes of an event in a channel."""

    TELL = "tell"
    HOLD = "hold"  # not yet: the filter asks who pushed, and that has to be looked up first
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Routed:
    """The way, and the rule that keeps the event out, as the trail has it (Way.OUT only): blocks/why_words knows how
    those of a pause and of quiet hours begin. `trouble` is why the filter could not be read: then it kept nothing out.
    """

    way: Way
    rule: str = ""
    trouble: str = ""


def routed(
    event: Event, filter_: str, *, paused_until: datetime | None, rhythm: Rhythm | None, now: datetime
) -> Routed:
    """Tests are always told. Else a pause keeps everything out, then the filter, then quiet hours what is not critical.

    A filter that cannot be read lets pass: rather too much is told than too little. HOLD is only for pushes whose
    pusher is not known yet and that pass everything else of the filter; one that the bot found out afterwards (`event.
    recovered`) waits for nothing. Whoever has looked in vain takes HOLD for TELL.
    """
    if event.test:
        return Routed(Way.TELL)
    if paused_until is not None and now < paused_until:
        return Routed(Way.OUT, f"paused until {utc(paused_until)}")
    rule, asks, trouble = _asked(event, filter_)
    if rule:
        return Routed(Way.OUT, rule)
    if asks:
        return Routed(Way.HOLD)
    if not critical(event) and (rule := _quiet(rhythm, now)):
        return Routed(Way.OUT, rule, trouble)
    return Routed(Way.TELL, trouble=trouble)


def critical(event: Event) -> bool:
    """Is it told in quiet hours, too? A critical finding, and storage that refuses pushes."""
    match event:
        case VulnerabilityFound():
            return event.severity is Severity.CRITICAL
        case QuotaCrossed():
            return event.rejecting
        case _:
            return False


def _asked(event: Event, filter_: str) -> tuple[str, bool, str]:
    """The word that keeps it out, whether it asks for what is not known yet, and why it could not be read."""
    try:
        read = parse(filter_)
    except UserError as error:
        return "", False, error.say
    unknown = isinstance(event, Pushed) and not event.by and not event.recovered
    return read.why_not(event), unknown and read.asks("by"), ""


def _quiet(rhythm: Rhythm | None, now: datetime) -> str:
    """The rule, if the channel's quiet hours are now."""
    if rhythm is None or (until := quiet_until(rhythm, now)) is None:
        return ""
    return f"quiet hours until {clock_words(until, rhythm.zone)} ({rhythm.zone})"
