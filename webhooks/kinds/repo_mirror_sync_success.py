"""repo_mirror_sync_success: a mirror sync ended well."""

from datetime import datetime

from bot.domain.events import MirrorOutcome, MirrorSynced
from webhooks.kind import Kind
from webhooks.shapes.mirror import MirrorPayload, synced


class MirrorSyncSuccess(MirrorPayload):
    """The body: what is copied, in words."""


def read(payload: MirrorSyncSuccess, at: datetime) -> MirrorSynced:
    """Quay's words into ours."""
    return synced("repo_mirror_sync_success", MirrorOutcome.SUCCESS, payload, at)


KIND = Kind(
    name="repo_mirror_sync_success", summary="A repository mirror sync succeeded.", payload=MirrorSyncSuccess, read=read
)
