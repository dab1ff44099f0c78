"""How much is too much: a bucket that holds a minute's worth and fills again evenly; pure.

All that has to be known of a bucket is when it will be full again.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


def taken(full_at: datetime | None, now: datetime, per_minute: int) -> tuple[datetime, timedelta]:
    """Take one out of a bucket: when it is full again, and how long to wait if that was one too many (0: it was not).

    `per_minute` is what it holds, and what flows in within a minute. `full_at` None: it is full. So many may come at
    once, and no more than that and what flows in meanwhile in any span of time. Whoever waits as long as told gets
    the next one, if nobody else takes it.
    """
    drop = MINUTE // per_minute
    most = drop * per_minute
    # A clock that was set back must lock nobody out for longer than an empty bucket does.
    before = now if full_at is None else min(max(full_at, now), now + most)
    after = before + drop
    wait = after - now - most
    return (before, wait) if wait > timedelta() else (after, timedelta())
