"""What the two quota events share: numbers about a whole namespace (quay facts §1.2)."""

from datetime import datetime

from bot.domain.events import QuotaCrossed
from webhooks.kind import Payload
from webhooks.shapes.values import Hint, Name, Percent, Size


class QuotaPayload(Payload):
    """A body about the storage of a namespace. Only whose storage it is must be known: the alert is what counts."""

    namespace: Name
    threshold_percent: Percent = None
    usage_percent: Percent = None
    usage_bytes: Size = None
    limit_bytes: Size = None
    usage_bytes_formatted: Hint = ""
    limit_bytes_formatted: Hint = ""


def crossed(
    kind: str, payload: QuotaPayload, at: datetime, *, rejecting: bool, fake: tuple[int, int, int]
) -> QuotaCrossed:
    """A limit was crossed. `fake` is what the test button sends: percentage of the threshold, bytes used, limit."""
    return QuotaCrossed(
        kind=kind,
        namespace=payload.namespace,
        at=at,
        test=(payload.threshold_percent, payload.usage_bytes, payload.limit_bytes) == fake,
        rejecting=rejecting,
        threshold_percent=payload.threshold_percent,
        usage_percent=payload.usage_percent,
        usage_bytes=payload.usage_bytes,
        limit_bytes=payload.limit_bytes,
        usage=payload.usage_bytes_formatted,
        limit=payload.limit_bytes_formatted,
    )
