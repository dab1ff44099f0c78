"""repo_mirror_sync_failed: a mirror sync ended badly."""

from datetime import datetime

from bot.domain.events import MirrorOutcome, MirrorSynced
from webhooks.kind import Kind
from webhooks.shapes.mirror import MirrorPayload, synced


class MirrorSyncFailed(MirrorPayload):
    """The body. Its message ends with the output of the copying tool, often many lines."""


def read(payload: MirrorSyncFailed, at: datetime) -> MirrorSynced:
    """Quay's words into ours."""
    return synced("repo_mirror_sync_failed", MirrorOutcome.FAILED, payload, at)


KIND = Kind(
    name="repo_mirror_sync_failed", summary="A repository mirror sync failed.", payload=MirrorSyncFailed, read=read
)
