"""Rate limits, measured with the injected clock (facts §2).

chat.postMessage: one message per second and channel, with a small burst, and a cap for the whole workspace. Everything
else: so many calls of a method in any minute. Slack publishes neither bursts nor caps: these are cautious guesses.
"""

import math
from collections import Counter, deque
from datetime import datetime, timedelta

BURST = 3
WORKSPACE_POSTS = 300
MINUTE = timedelta(minutes=1)


class Limits:
    """Who may call what now. Everything public may be changed while it runs.

    `tiers` holds calls a minute that differ from a method's own (None: no limit), "*" for all methods that it does not
    name. `refused` counts the calls that were one too many, by method.
    """

    def __init__(self) -> None:
        self.on = True
        self.burst = BURST
        self.workspace_posts = WORKSPACE_POSTS
        self.tiers: dict[str, int | None] = {}
        self.refused: Counter[str] = Counter()
        self._calls: dict[str, deque[datetime]] = {}
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def wait(self, method: str, tier: int, now: datetime, channel: str = "") -> int:
        """0 if the call may be made (it is counted then), else the Retry-After in whole seconds."""
        if not self.on:
            return 0
        seconds = self._wait(method, tier, now, channel)
        if seconds:
            self.refused[method] += 1
        return seconds

    def _wait(self, method: str, tier: int, now: datetime, channel: str) -> int:
        post = method == "chat.postMessage"
        most = self.workspace_posts if post else self.tiers.get(method, self.tiers.get("*", tier))
        calls = self._calls.setdefault(method, deque())
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if most is not None and len(calls) >= most:
            return max(1, math.ceil((calls[0] + MINUTE - now).total_seconds())) if calls else 60
        if post and (seconds := self._take(channel, now)):
            return seconds
        calls.append(now)
        return 0

    def _take(self, channel: str, now: datetime) -> int:
        """A token from the channel's bucket, which refills by one a second."""
        tokens, since = self._buckets.get(channel, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - since).total_seconds())
        if tokens < 1:
            self._buckets[channel] = (tokens, now)
            return max(1, math.ceil(1 - tokens))
        self._buckets[channel] = (tokens - 1, now)
        return 0
