"""The usage log of a repository in some time, as far as it may be read and as far as that is worth its calls."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import GiveUp, UserError
from bot.domain.repositories import LogEntry
from bot.ports import Quay

MOST_CALLS = 30  # of twenty entries each: pulls are in it as well


@dataclass(frozen=True, slots=True)
class PastLog:
    """`readable`: whoever asks may read it. `whole`: these are all entries of that time, and not the newest alone."""

    entries: tuple[LogEntry, ...] = ()
    readable: bool = True
    whole: bool = True


async def past_log(
    quay: Quay, repository: str, since: datetime, until: datetime, *, kind: str = "", most_calls: int = MOST_CALLS
) -> PastLog:
    """Its entries, newest first; with `kind` only those of that kind. Raises TryLater.

    An entry is written a moment before or after what it is about: whoever asks adds a margin to the time.
    """
    entries: list[LogEntry] = []
    following, calls = "", 0
    while True:
        try:
            page = await quay.log_page(repository, since, until, kind=kind, next_page=following)
        except (
            UserError,
            GiveUp,
        ):  # it takes the role admin (facts §2.4), and some servers keep it where none can read
            return PastLog(tuple(entries), readable=bool(entries), whole=False)
        entries += page.entries
        following, calls = page.next, calls + page.calls
        if not following or calls >= most_calls:
            return PastLog(tuple(entries), whole=not following)
