"""Whose clock: a person's time zone as Slack tells it, and times on that clock with UTC beside it. Pure."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.people import Profile

_NEAR = timedelta(hours=12)
_FARTHEST = 86400  # seconds east or west of UTC


def zone_from(profile: Profile) -> tzinfo:
    """The named zone, else the offset that Slack gives beside it, else UTC."""
    if profile.zone:
        try:
            return ZoneInfo(profile.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, no name at all, or a folder
            pass
    if profile.offset is not None and abs(profile.offset) < _FARTHEST:
        return timezone(timedelta(seconds=profile.offset))
    return UTC


def both_clocks(at: datetime, zone: tzinfo) -> str:
    """A time on the person's clock and in UTC, exactly: "Tue 24 Nov 2026 18:00 CET (17:00 UTC)"."""
    local, there = at.astimezone(zone), at.astimezone(UTC)
    shown = f"{local:%a} {local.day} {local:%b %Y %H:%M} {local.tzname() or ''}".rstrip()
    if local.utcoffset() == timedelta():
        return shown
    other = f"{there:%H:%M}" if local.date() == there.date() else f"{there:%a} {there.day} {there:%b %H:%M}"
    return f"{shown} ({other} UTC)"


def clock_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A time on both clocks, without its day if it is near: "00:26 CET (23:26 UTC)"."""
    if abs(at - now) > _NEAR:
        return both_clocks(at, zone)
    local, there = at.astimezone(zone), at.astimezone(UTC)
    shown = f"{local:%H:%M} {local.tzname() or ''}".rstrip()
    return shown if local.utcoffset() == timedelta() else f"{shown} ({there:%H:%M} UTC)"
