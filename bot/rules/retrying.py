"""When to try again, as a pure decision."""

from datetime import timedelta

LONGEST = 60.0  # seconds


def wait(attempts: int, after: float, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th failure: twice as long each time, never less than `after` seconds.

    `jitter` (0..1) spreads those that failed together by up to a quarter.
    """
    backoff = min(LONGEST, 0.5 * 2.0 ** min(max(attempts, 0), 20))
    return timedelta(seconds=max(after, backoff) * (1 + jitter / 4))
