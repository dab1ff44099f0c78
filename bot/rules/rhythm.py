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
    """A summary whose time has come: of what happened from `since` to `until`, which is when it was due.

    `digest`: it was asked for as a summary; otherwise it only tells what quiet hours kept out.
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


def due(rhythm: Rhythm, now: datetime) -> Due | None:
    """The summary whose time has come since `told_at`; all that were missed are one.

    A summary that was asked for covers the time since the one before it; quiet hours are told when they end, unless a
    summary follows within three hours. What lies more than 35 days back is left out.
    """
    told = rhythm.told_at
    start = max(told, now - _LONGEST) if told else now - 9 * _DAY
    digests = [one for one in _digests(rhythm, start - 9 * _DAY, now + _SOON) if one <= now + _SOON]
    missed = [one for one in digests if start < one <= now]
    quiet = [one for one in _quiets(rhythm, start - 2 * _DAY, now) if start < one[1] <= now and not _soon(one, digests)]
    if told is None:  # nothing was ever told: only the last one
        missed, quiet = missed[-1:], quiet[-1:] if not missed else []
    if not missed and not quiet:
        return None
    begins = [one[0] for one in quiet[:1]]
    if missed:
        before = [one for one in digests if one < missed[0]]
        begins += [*before[-1:], *([start] if told else [])]
    until = max([*missed, *(end for _, end in quiet)])
    return Due(max(min(begins), until - _LONGEST), until, bool(missed))


def clock_words(at: datetime, zone: str) -> str:
    """A time of day on the channel's clock: "07:00"."""
    return f"{at.astimezone(zone_named(zone)):%H:%M}"


def zone_named(name: str) -> tzinfo:
    """The zone of that name; UTC if nobody knows it (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _soon(quiet: tuple[datetime, datetime], digests: list[datetime]) -> bool:
    return any(quiet[1] <= one <= quiet[1] + _SOON for one in digests)


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


def _tidy(text: str) -> str:
    return " ".join(text.lower().split())


def _shown(text: str) -> str:
    return " ".join(text.split())[:60]
