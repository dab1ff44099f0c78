"""repo_mirror_sync_started: a mirror began to sync."""

from datetime import datetime

from bot.domain.events import MirrorOutcome, MirrorSynced
from webhooks.kind import Kind
from webhooks.shapes.mirror import MirrorPayload, synced


class MirrorSyncStarted(MirrorPayload):
    """The body: what is copied, in words."""


def read(payload: MirrorSyncStarted, at: datetime) -> MirrorSynced:
    """Quay's words into ours."""
    return synced("repo_mirror_sync_started", MirrorOutcome.STARTED, payload, at)


KIND = Kind(
    name="repo_mirror_sync_started", summary="A repository mirror sync started.", payload=MirrorSyncStarted, read=read
)
