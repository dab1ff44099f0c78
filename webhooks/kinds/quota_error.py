"""quota_error: storage of a namespace crossed its reject limit, pushes are refused."""

from datetime import datetime

from bot.domain.events import QuotaCrossed
from webhooks.kind import Kind
from webhooks.shapes.quota import QuotaPayload, crossed

_FAKE = (100, 1127428915, 1073741824)  # what the test button sends


class QuotaError(QuotaPayload):
    """The body: how much is used of how much."""


def read(payload: QuotaError, at: datetime) -> QuotaCrossed:
    """Quay's words into ours."""
    return crossed("quota_error", payload, at, rejecting=True, fake=_FAKE)


KIND = Kind(
    name="quota_error",
    summary="A namespace used up its storage quota: pushes are refused.",
    payload=QuotaError,
    read=read,
    namespace=True,
)
