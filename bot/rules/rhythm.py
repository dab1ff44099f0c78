"""A channel's own clock: when it is quiet, and when a summary is due. Pure, and exact when clocks are changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.digests import Rhythm
from bot.domain.errors import UserError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFF = "off"
MOST_QUIET = "16:00"  # hours and minutes: a channel that is never told anything is none
_CLOCK = r"(\d{1,2})(?:[:.](\d\d))?"
_QUIET = re.compile(rf"{_CLOCK} ?(?:-|–|—|to|until) ?{_CLOCK}", re.ASCII)
_DIGEST = re.compile(rf"(?:daily|weekly ([a-z]{{3,9}})) (?:at )?{_CLOCK}", re.ASCII)
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=35)  # what was missed before is made up no more
_SOON = timedelta(hours=3)  # a summary that follows so soon tells of the quiet hours as well
_DAY = timedelta(days=1)
_QUIET_RIGHT = "Right are for example: `22:00-07:00`, `22-7`, `off`."
_DIGEST_RIGHT = "Right are for example: `daily 09:00`, `weekly mon 09:00`, `off`."


@dataclass(frozen=True, slots=True)
class Due:
    """A summary whose time has come: of what was written down from `since` to `until`.

    `digest`: it was asked for, and `until` is when it was due; otherwise it only tells what quiet hours kept out.
    """

    since: datetime
    until: datetime
    digest: bool


def parse_quiet(text: str) -> str:
    """Quiet hours as they are stored: "22:00-07:00", "" for "off". Raises UserError with right examples."""
    words = _tidy(text)
    if words == OFF:
        return ""
    found = _QUIET.fullmatch(words)
    if found is None:
        raise UserError(f"“{_shown(text)}” are no quiet hours that I understand. {_QUIET_RIGHT}")
    start, end = _clock(found[1], found[2], _QUIET_RIGHT), _clock(found[3], found[4], _QUIET_RIGHT)
    if (_minutes(end) - _minutes(start)) % _minutes("24:00") > _minutes(MOST_QUIET):
        raise UserError(f"Quiet hours are at most {int(MOST_QUIET[:2])} hours of a day. {_QUIET_RIGHT}")
    if start == end:
        raise UserError(f"Quiet hours have to end at another time than they begin. {_QUIET_RIGHT}")
    return f"{start}-{end}"


def parse_digest(text: str) -> str:
    """When summaries come, as it is stored: "daily 09:00", "weekly mon 09:00", "" for "off". Raises UserError."""
    words = _tidy(text)
    if words == OFF:
        return ""
    found = _DIGEST.fullmatch(words)
    if found is None:
        raise UserError(f"“{_shown(text)}” is no time for summaries that I understand. {_DIGEST_RIGHT}")
    clock = _clock(found[2], found[3], _DIGEST_RIGHT)
    if found[1] is None:
        return f"daily {clock}"
    if found[1] not in DAYS + _FULL_DAYS:
        raise UserError(f"“{_shown(found[1])}” is no day of the week. {_DIGEST_RIGHT}")
    return f"weekly {found[1][:3]} {clock}"


def quiet_until(rhythm: Rhythm, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end, in UTC; None if it is not quiet."""
    if not rhythm.quiet:
        return None
    return max((end for start, end in _quiets(rhythm, now - 2 * _DAY, now + _DAY) if start <= now < end), default=None)


def due(rhythm: Rhythm, now: datetime, waits_since: datetime | None) -> Due | None:
    """The summary whose time has come; `waits_since`: when the oldest was kept out that is in no summary yet.

    One that was asked for covers the time since the one before it; all that were missed since `told_at` are one, of the
    last 35 days at most. What else waits is told as soon as it is not quiet, whatever the times were when it was kept
    out, unless a summary follows within three hours: then that tells it.
    """
    if (summary := _digest_due(rhythm, now)) is not None:
        return summary
    if waits_since is None or not may_tell_rest(rhythm, now):
        return None
    return Due(min(waits_since, now), now, digest=False)


def may_tell_rest(rhythm: Rhythm, now: datetime) -> bool:
    """Is it time to tell what quiet hours kept out, without a summary that was asked for?"""
    soon = any(now < one <= now + _SOON for one in _digests(rhythm, now - _DAY, now + _SOON + _DAY))
    return not soon and quiet_until(rhythm, now) is None


def _digest_due(rhythm: Rhythm, now: datetime) -> Due | None:
    told = rhythm.told_at
    start = max(told, now - _LONGEST) if told else now - 9 * _DAY
    digests = [one for one in _digests(rhythm, start - 9 * _DAY, now) if one <= now]
    missed = [one for one in digests if start < one]
    if told is None:  # nothing was ever told: only the last one
        missed = missed[-1:]
    if not missed:
        return None
    before = [one for one in digests if one < missed[0]]
    begins = [*before[-1:], *([start] if told else [])]
    return Due(max(min(begins), missed[-1] - _LONGEST), missed[-1], digest=True)


def clock_words(at: datetime, zone: str) -> str:
    """A time of day on the channel's clock: "07:00"."""
    return f"{at.astimezone(zone_named(zone)):%H:%M}"


def zone_named(name: str) -> tzinfo:
    """The zone of that name; UTC if nobody knows it (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _digests(rhythm: Rhythm, since: datetime, until: datetime) -> Iterator[datetime]:
    """The times of summaries around these days, oldest first."""
    if not rhythm.digest:
        return
    *rest, clock = rhythm.digest.split()
    for day in _days(rhythm, since, until):
        if len(rest) == 1 or day.weekday() == DAYS.index(rest[1]):
            yield _instant(day, clock, rhythm)


def _quiets(rhythm: Rhythm, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Quiet hours around these days, oldest first. Those that a change of clocks swallows are none."""
    if not rhythm.quiet:
        return
    start, end = rhythm.quiet.split("-")
    for day in _days(rhythm, since, until):
        begin = _instant(day, start, rhythm)
        over = _instant(day if start < end else day + _DAY, end, rhythm)
        if begin < over:
            yield begin, over


def _days(rhythm: Rhythm, since: datetime, until: datetime) -> Iterator[date]:
    zone = zone_named(rhythm.zone)
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        yield day
        day += _DAY


def _instant(day: date, clock: str, rhythm: Rhythm) -> datetime:
    """When clocks show that: the first time if they do so twice, and as much after a change that skips it."""
    wall = datetime.combine(day, time.fromisoformat(clock), tzinfo=zone_named(rhythm.zone))
    return wall.astimezone(UTC)


def _clock(hour: str, minute: str | None, right: str) -> str:
    if int(hour) > 23 or int(minute or 0) > 59:
        raise UserError(f"There is no time {hour}:{minute or '00'}: the hours go from 0 to 23. {right}")
    return f"{int(hour):02}:{int(minute or 0):02}"


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _tidy(text: str) -> str:
    return " ".join(text.lower().split())


def _shown(text: str) -> str:
    return " ".join(text.split())[:60]
