"""When to try again, and what to do about a message that fails again and again, as pure decisions."""

from datetime import timedelta

LONGEST = 60.0  # seconds
PATIENCE = 3  # failed tries: it may be the message, not Slack
HOPELESS = 10  # failed tries, over three minutes, with answers that nobody understands: more will not help


def wait(attempts: int, after: float, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th failure: twice as long each time, never less than `after` seconds.

    `jitter` (0..1) spreads those that failed together by up to a quarter.
    """
    backoff = min(LONGEST, 0.5 * 2.0 ** min(max(attempts, 0), 20))
    return timedelta(seconds=max(after, backoff) * (1 + jitter / 4))


def lets_others_go(failures: int, failing: int) -> bool:
    """Whether the next message of a channel has its turn before one that has failed so often.

    `failing` is how many different messages have failed since Slack last took one. The more there are, the surer it is
    that Slack is away, and then the next one would fail as well.
    """
    return failures >= PATIENCE << 2 * min(max(failing - 1, 0), 20)
