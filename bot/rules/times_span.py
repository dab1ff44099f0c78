"""How long: "4h", "90m", "1h30m", "2 days", "an hour", and the same written back."""

import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from bot.domain.errors import UserError

LONGEST = timedelta(days=3653)  # ten years: whatever is longer is a slip
_EXAMPLES = "Right are for example: 30m, 4h, 1h30m, 2 days, 1 week."
_NAMES = {
    "year": ("y", "yr", "yrs", "year", "years"),
    "month": ("mo", "mos", "month", "months"),
    "week": ("w", "wk", "wks", "week", "weeks"),
    "day": ("d", "day", "days"),
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "minute": ("m", "min", "mins", "minute", "minutes"),
    "second": ("s", "sec", "secs", "second", "seconds"),
}
_UNITS = {written: unit for unit, names in _NAMES.items() for written in names}
_ORDER = tuple(_NAMES)
_SECONDS = {"week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}
_EXACT = ("hour", "minute", "second")
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,2})?(?= ?[a-z])|(?:an?|one|half an?)(?= )) ?([a-z]+)", re.ASCII)
_BETWEEN = re.compile(r" and | ?")
_WORDS = {"a": Fraction(1), "an": Fraction(1), "one": Fraction(1), "half a": Fraction(1, 2), "half an": Fraction(1, 2)}
_SHORT = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Amount:
    """A length of time as people mean it: months and days as the calendar has them, the rest exact."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()


def span(text: str) -> timedelta:
    """A length of time; a day is 24 hours. Always more than nothing.

    Raises UserError for what it does not understand, for months and years (they have no length of their own), and for
    more than ten years.
    """
    found = amount(tidy(text))
    if found is None:
        raise UserError(f"I do not understand how long “{text.strip()[:60]}” is. {_EXAMPLES}")
    if found.months:
        raise UserError(f"Months and years are not all of one length. Please say it in days or weeks. {_EXAMPLES}")
    length = timedelta(days=found.days) + found.exact
    if not timedelta() < length <= LONGEST:
        raise UserError(f"That has to be more than nothing, and at most ten years. {_EXAMPLES}")
    return length


def spell(length: timedelta) -> str:
    """A length of whole seconds so that `span` reads it back: "1d2h", "90s" becomes "1m30s"."""
    rest, parts = int(length.total_seconds()), []
    for name, size in _SHORT:
        many, rest = divmod(rest, size)
        parts += [f"{many}{name}"] if many else []
    return "".join(parts) or "0s"


def tidy(text: str) -> str:
    """Small letters, single blanks, no commas."""
    return " ".join(text.replace(",", " ").lower().split())


def amount(text: str) -> Amount | None:
    """What a tidy text says, None if it says no length of time. Units come in the order of their size, each once."""
    at, last, sums = 0, -1, {"month": Fraction(0), "day": Fraction(0), "second": Fraction(0)}
    while at < len(text):
        part = _PART.match(text, at)
        unit = _UNITS.get(part[2]) if part else None
        if part is None or unit is None or _ORDER.index(unit) <= last:
            return None
        number = _WORDS.get(part[1]) or Fraction(part[1])
        if number.denominator != 1 and unit not in _EXACT:
            return None  # half a month is no certain thing
        last = _ORDER.index(unit)
        _add(sums, unit, number)
        at = part.end()
        between = _BETWEEN.match(text, at)
        at = between.end() if between and between.end() < len(text) else at
    return None if last < 0 else Amount(int(sums["month"]), int(sums["day"]), timedelta(seconds=float(sums["second"])))


def _add(sums: dict[str, Fraction], unit: str, number: Fraction) -> None:
    if unit in ("year", "month"):
        sums["month"] += number * (12 if unit == "year" else 1)
    elif unit in ("week", "day"):
        sums["day"] += number * (7 if unit == "week" else 1)
    else:
        sums["second"] += number * _SECONDS[unit]
