"""Is a request really from Slack? Pure: secrets, time and bytes in, yes or no out."""

import hashlib
import hmac
from collections.abc import Sequence

WINDOW = 300  # seconds that a request's time may be off (slack facts §3)


def genuine(secrets: Sequence[str], timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """True if `signature` is one of our secrets' over this body and time, and the time is not stale.

    Compared in constant time, with every secret (two while one is being rotated).
    """
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    base = b"v0:" + timestamp.encode() + b":" + body
    given = signature.encode(errors="replace")
    matches = [
        hmac.compare_digest(b"v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets
        if secret
    ]
    return any(matches)
