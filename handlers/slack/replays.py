"""The same signed request a second time: Slack never sends one twice, so somebody has caught it on its way.

Events are known by their ids, in the database. Commands, presses and forms have none: their signatures are remembered
here, by this process alone, for as long as `handlers/signing` would take them.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

from handlers.signing import WINDOW

_MOST = 50_000  # signatures, some 10 MB; the oldest goes


class Replays:
    """Signatures of the last minutes."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    def first(self, signature: str, now: datetime) -> bool:
        """Is it the first request with this signature, as far as that is still known?"""
        # A request's time may be ahead of ours: it stays good for twice the window.
        while self._seen and self._oldest() < now - timedelta(seconds=2 * WINDOW):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        if len(self._seen) >= _MOST:
            self._seen.popitem(last=False)
        self._seen[signature] = now
        return True

    def _oldest(self) -> datetime:
        return next(iter(self._seen.values()))
