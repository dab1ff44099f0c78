"""Whose clock: the time zone in which somebody means the times that they write."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.domain.errors import BotError
from bot.domain.people import Person, Profile
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

_FARTHEST = 86400  # seconds east or west of UTC


async def zone_of(person: Person, desk: Desk) -> tzinfo:
    """The person's own zone as Slack knows it; UTC if Slack does not tell. Raises nothing."""
    try:
        return zone_from(await desk.directory.profile(person.user))
    except BotError as error:
        log.info("zone_unknown", user=person.user, why=str(error))
        return UTC


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
