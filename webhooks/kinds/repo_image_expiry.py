"""repo_image_expiry: tags of a repository expire soon."""

from datetime import datetime

from bot.domain.events import TagsExpiring
from webhooks.kind import Kind
from webhooks.shapes.repository import RepositoryPayload
from webhooks.shapes.values import Hint, Tags, Text

_FAKE_TAGS = ("latest", "v1")  # what the test button sends, without a notification_uuid (quay facts §1.2)
_NOT_CONFIGURED = "None days"  # what Quay says when the notification has no number of days


class RepoImageExpiry(RepositoryPayload):
    """The body. `expiring_in` repeats the configured distance, it does not measure one."""

    tags: Tags
    expiring_in: Text = ""
    notification_uuid: Hint = ""


def read(payload: RepoImageExpiry, at: datetime) -> TagsExpiring:
    """Quay's words into ours."""
    return TagsExpiring(
        kind="repo_image_expiry",
        namespace=payload.namespace,
        repository=payload.repository,
        at=at,
        test=payload.tags == _FAKE_TAGS and not payload.notification_uuid,
        tags=payload.tags,
        expiring_in="" if payload.expiring_in == _NOT_CONFIGURED else payload.expiring_in,
    )


KIND = Kind(name="repo_image_expiry", summary="Tags expire soon.", payload=RepoImageExpiry, read=read)
