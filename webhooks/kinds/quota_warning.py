"""quota_warning: storage of a namespace crossed a warning limit."""

from datetime import datetime

from bot.domain.events import QuotaCrossed
from webhooks.kind import Kind
from webhooks.shapes.quota import QuotaPayload, crossed

_FAKE = (80, 858993459, 1073741824)  # what the test button sends


class QuotaWarning(QuotaPayload):
    """The body: how much is used of how much."""


def read(payload: QuotaWarning, at: datetime) -> QuotaCrossed:
    """Quay's words into ours."""
    return crossed("quota_warning", payload, at, rejecting=False, fake=_FAKE)


KIND = Kind(
    name="quota_warning",
    summary="A namespace uses much of its storage quota.",
    payload=QuotaWarning,
    read=read,
    namespace=True,
)
