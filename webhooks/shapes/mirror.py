"""What the three mirror events share: free text, the same shape at the start and at the end (quay facts §1.2)."""

from datetime import datetime

from bot.domain.events import MirrorOutcome, MirrorSynced
from webhooks.shapes.repository import RepositoryPayload
from webhooks.shapes.values import Prose

TEST_MESSAGE = "TEST NOTIFICATION"  # what the test button sends


class MirrorPayload(RepositoryPayload):
    """A body about a mirror sync. Only the webhook's URL tells whether it started, ended well or failed."""

    message: Prose = ""


def synced(kind: str, outcome: MirrorOutcome, payload: MirrorPayload, at: datetime) -> MirrorSynced:
    """The sync is at `outcome`, says a body of the event `kind`."""
    return MirrorSynced(
        kind=kind,
        namespace=payload.namespace,
        repository=payload.repository,
        at=at,
        test=payload.message == TEST_MESSAGE,
        outcome=outcome,
        message=payload.message,
    )
