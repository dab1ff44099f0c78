"""Through which application things were done: said once where it is nearly always the same one. Pure."""

from collections import Counter
from collections.abc import Iterable

from bot.blocks.text import plain

_NAME = 60


def usual(applications: Iterable[str]) -> str:
    """The one that was used most; "" if none was."""
    times = Counter(one for one in applications if one)
    return min(times, key=lambda one: (-times[one], one), default="")


def unusual(application: str, common: str) -> str:
    """What a line says of it: nothing where it is the `common` one, or none."""
    return "" if application in ("", common) else plain(application, _NAME)


def foot(applications: Iterable[str]) -> str:
    """What is said once for all lines; "" where none was used."""
    used = set(filter(None, applications := tuple(applications)))
    if not used:
        return ""
    name = plain(usual(applications), _NAME)
    which = "Where an application was used" + (" and none is named" if len(used) > 1 else "")
    return f"{which}, it was {name}."
