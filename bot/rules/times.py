"""Times as people write them, in the writer's own time zone, and strictly: what can be read in two ways is refused."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from bot.domain.errors import UserError
from bot.rules.times_days import wall_times
from bot.rules.times_span import LONGEST, Amount, amount, span, spell, tidy

__all__ = ["NoTime", "moment", "span", "spell"]

_PAST = "Right are for example: 2h ago, yesterday 18:00, monday 10:30, 2026-11-30 18:00."
_FUTURE = "Right are for example: in 2 hours, tomorrow 18:00, friday 6pm, 2026-11-30 18:00."
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(z|[+-]\d\d:?\d\d)", re.ASCII)
_TWO_WAYS = re.compile(r"\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?(?: .*)?|\d{1,4}", re.ASCII)
_UTC = (" utc", " gmt")


class NoTime(UserError):
    """What was written is no time at all, or can be read in several ways."""


def moment(text: str, now: datetime, zone: tzinfo, *, past: bool) -> datetime:
    """The time that `text` means to somebody in `zone`, in UTC; never after `now` if `past`, else always after it.

    Where the words leave something open, the direction decides: "18:00" and "monday 10:30" are the last such time, or
    the next. A length alone ("2w") counts from now. Days, weeks, months and years are those of the calendar: the clock
    on the wall shows the same time then, and a day that a month does not have becomes the last one it has. Hours and
    less are exact. When clocks are put forward, a time that they skip is as far behind the change as it was meant to
    be (02:30 becomes 03:30); when they are put back, a time that comes twice is the nearest in the wanted direction.

    Raises UserError with right examples: for what it does not understand, for what can be read in two ways, for the
    wrong direction, and for more than ten years from now.
    """
    words, shown, right = tidy(text), " ".join(text.split())[:60], _PAST if past else _FUTURE
    try:
        found = _instants(words, now, zone, past=past)
    except (OverflowError, ValueError):  # beyond what calendars hold
        found = [datetime.min.replace(tzinfo=UTC)]
    if found is None:
        doubt = "can be read in more than one way" if _TWO_WAYS.fullmatch(words) else "is no time that I understand"
        raise NoTime(f"“{shown}” {doubt}. {right}")
    fitting = [one for one in found if (one <= now if past else one > now)]
    nearest = min(fitting or found, key=lambda one: abs(one - now))
    if abs(nearest - now) > LONGEST:
        raise UserError(f"“{shown}” is more than ten years from now. {right}")
    if not fitting:
        lies, wanted = ("is still to come", "that has passed") if past else ("has passed", "to come")
        raise UserError(f"“{shown}” {lies}, and this takes a time {wanted}. {right}")
    return nearest


def _instants(words: str, now: datetime, zone: tzinfo, *, past: bool) -> list[datetime] | None:
    """All the times that the words may mean; None if they mean none."""
    if words == "now":
        return [now]
    if zoned := _ZONED.fullmatch(words):
        return [_zoned(f"{zoned[1]}T{zoned[2]}{zoned[3].upper()}")]
    if words.endswith(_UTC):
        words, zone = words[:-4], UTC
    elif (length := _length(words, past=past)) is not None:
        return [_away(length[0], length[1], now, zone)]
    walls = wall_times(words, now.astimezone(zone).date())
    return None if walls is None else [one for wall in walls for one in _readings(wall, zone)]


def _zoned(iso: str) -> datetime:
    try:
        return datetime.fromisoformat(iso).astimezone(UTC)
    except ValueError:
        raise UserError(f"There is no time {iso}. A right one is for example 2026-11-30T18:00Z.") from None


def _length(words: str, *, past: bool) -> tuple[Amount, int] | None:
    """A distance from now and its direction."""
    ways = ((words.removesuffix(" ago"), -1), (words.removeprefix("in "), 1), (words.removesuffix(" from now"), 1))
    for rest, sign in ways:
        if rest != words:
            found = amount(rest)
            return None if found is None else (found, sign)
    found = amount(words)
    return None if found is None else (found, -1 if past else 1)


def _away(length: Amount, sign: int, now: datetime, zone: tzinfo) -> datetime:
    if not length.months and not length.days:
        return now.astimezone(UTC) + sign * length.exact
    wall = now.astimezone(zone)
    year, month = divmod(wall.year * 12 + wall.month - 1 + sign * length.months, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    there = wall.replace(year=year, month=month + 1, day=day) + sign * timedelta(days=length.days)
    return there.astimezone(UTC) + sign * length.exact


def _readings(wall: datetime, zone: tzinfo) -> Iterable[datetime]:
    """Both times at which clocks show `wall`; one, if they show it once or skip it."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return {first, second} if second > first else {first}
