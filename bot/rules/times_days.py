"""Which day and what time of day: "yesterday 18:00", "friday 6pm", "2026-11-30", "30 nov 9am", "noon"."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.domain.errors import UserError

_DAY = timedelta(days=1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = {"tues": 1, "thur": 3, "thurs": 3}
_WEEKDAY = {name[:size]: at for at, name in enumerate(_WEEKDAYS) for size in (3, len(name))} | _SHORT_DAYS
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = {name[:size]: at for at, name in enumerate(_MONTHS, 1) for size in (3, len(name))} | {"sept": 9}
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_EVENING, _EARLY, _LATE = time(20), time(6), time(17)
_CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midnight)"
_DATE = (
    r"(?P<day>yesterday|today|tonight|tomorrow"
    rf"|(?:on |last |next )?(?:{'|'.join(sorted(_WEEKDAY, key=len, reverse=True))})"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}"
    rf"|\d{{1,2}}\.? (?:{'|'.join(sorted(_MONTH, key=len, reverse=True))})(?: \d{{4}})?"
    rf"|(?:{'|'.join(sorted(_MONTH, key=len, reverse=True))}) \d{{1,2}}(?: \d{{4}})?)"
)
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (rf"{_DATE}(?:(?: at | |t){_CLOCK})?", rf"(?:at )?{_CLOCK}(?: (?:on )?{_DATE})?")
)


def wall_times(text: str, today: date) -> list[datetime] | None:
    """What clocks on the wall may show at the time that a tidy text means, without a zone; None if it is no such text.

    Several, if the text leaves open which day: the direction decides then. A day without a time of day is its
    beginning; "midnight" is the beginning of the day, but for tonight's, which is the end. Raises UserError for days
    and times that do not exist, and for dates that can be read in two ways.
    """
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if found is None:
        return None
    day, clock = found["day"] or "", found["clock"] or ""
    if day == "tonight":
        return [_tonight(today, clock)]
    at = _time(clock) if clock else time()
    return [datetime.combine(one, at) for one in (_days(day, today) if day else _around(today, 1))]


def _tonight(today: date, clock: str) -> datetime:
    at = _time(clock) if clock else _EVENING
    if _EARLY <= at < _LATE:
        raise UserError(f"{clock} is not tonight. Right are for example: tonight, tonight 22:00, today 9am.")
    return datetime.combine(today + _DAY if at < _EARLY else today, at)


def _days(words: str, today: date) -> Iterable[date]:
    if words in _NEAR:
        return [today + _NEAR[words] * _DAY]
    which, _, name = words.rpartition(" ")
    if name in _WEEKDAY:
        near = {"last": range(-7, 0), "next": range(1, 8)}.get(which, range(-7, 8))
        return [one for one in (today + away * _DAY for away in near) if one.weekday() == _WEEKDAY[name]]
    if "-" in words:
        year, month, number = map(int, words.split("-"))
        return [_date(year, month, number)]
    if " " not in words:
        return [_dotted(words)]
    return _named(words.replace(".", "").split(), today)


def _around(today: date, days: int) -> Iterable[date]:
    return [today + away * _DAY for away in range(-days, days + 1)]


def _dotted(words: str) -> date:
    number, month, year = map(int, words.split("."))
    if number <= 12 and month <= 12 and number != month:
        one, other = _date(year, month, number), _date(year, number, month)
        raise UserError(f"“{words}” can be read in two ways. Please write {one} or {other}.")
    return _date(year, month, number)


def _named(words: list[str], today: date) -> Iterable[date]:
    """A day and the name of its month; without a year it is that day of any year that has it."""
    month = next(_MONTH[word] for word in words if word in _MONTH)
    number, *year = (int(word) for word in words if word not in _MONTH)
    if year:
        return [_date(year[0], month, number)]
    _date(2000, month, number)  # a year with all the days that there are
    years = (today.year + away for away in range(-8, 9))
    return [date(one, month, number) for one in years if _is_date(one, month, number)]


def _is_date(year: int, month: int, number: int) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True


def _date(year: int, month: int, number: int) -> date:
    if not _is_date(year, month, number):
        raise UserError(f"There is no day {year:04}-{month:02}-{number:02}. A right one is for example 2026-11-30.")
    return date(year, month, number)


def _time(clock: str) -> time:
    if clock in ("noon", "midnight"):
        return time(12 if clock == "noon" else 0)
    half = clock[-2:] if clock.endswith("m") else ""
    hour, minute, second = (int(part) for part in (*clock.removesuffix(half).split(":"), "0", "0")[:3])
    if hour > 23 or minute > 59 or second > 59 or (half and not 1 <= hour <= 12):
        raise UserError(f"There is no time {clock}. Right are for example: 9:00, 18:30, 6pm, noon.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute, second)
