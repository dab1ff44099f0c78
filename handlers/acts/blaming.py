"""Who has changed something since: found in Quay's usage log, by the kind of the entry."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.repositories import LogEntry
from bot.domain.said import utc
from bot.services.gate import Going
from handlers.patience import in_time

TOO_LONG = "Quay's usage log is too long to find out now who it was."
_ADMINS_KNOW = "Quay's usage log, which admins of the repository can read, knows who it was."
_AWAY = "Quay's usage log could not be read just now, so I cannot say who it was."
_BACK = timedelta(hours=2)  # what was shown is ten minutes old at most, what can be undone an hour
_AHEAD = timedelta(minutes=1)  # Quay's clock may be

Fits = Callable[[Act, LogEntry], bool]


def anything(_act: Act, _entry: LogEntry) -> bool:
    """Every entry of the repository and the kind."""
    return True


def from_log(kind: str, fits: Fits = anything) -> Callable[[Act, Going, datetime], Awaitable[str]]:
    """The `blame` of an act: the newest thing of that kind that `fits`, in the usage log of the act's repository."""

    async def blame(act: Act, going: Going, now: datetime) -> str:
        found = await in_time(going.quay.log_page(act.repository, now - _BACK, now + _AHEAD, kind=kind))
        if isinstance(found, Exception):
            return unread(found)
        newest = next((entry for entry in found.entries if entry.performer and fits(act, entry)), None)
        if newest is None:
            return TOO_LONG if found.next else ""
        return f"{newest.performer} did that at {utc(newest.at)}."

    return blame


def unread(error: Exception) -> str:
    """Why nobody can be named, where the log was not read."""
    if isinstance(error, TimeoutError):
        return TOO_LONG
    return _ADMINS_KNOW if isinstance(error, UserError) else _AWAY
