"""When a channel is told at once, and when later: quiet hours and summaries, on the channel's own clock."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was decided about a channel's times. `zone` is a name of the time zone database ("Europe/Berlin").

    `quiet` is "22:00-07:00", "" for none: what is not critical waits for the summary at its end. `digest` is
    "daily 09:00", "weekly mon 09:00" or "". `told_at` is until when the last summary reached
    that was asked for by `digest`.
    """

    zone: str = "UTC"
    quiet: str = ""
    digest: str = ""
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """How often something happened in a channel's trail: one row of a summary. `filtered` events were not shown."""

    subject: str
    kind: str
    shown: int
    filtered: int
    quiet: int  # of the filtered ones: kept out by quiet hours alone, and in no summary before
    tags: tuple[str, ...] = ()  # the first few
