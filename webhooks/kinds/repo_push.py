"""repo_push: a manifest was pushed to a tag."""

from datetime import datetime

from bot.domain.events import Pushed
from webhooks.kind import Kind
from webhooks.shapes.repository import RepositoryPayload
from webhooks.shapes.values import Hint, Tags

_FAKE = (("latest", "foo"), "3")  # what the test button sends; real bodies never count pruned images (quay facts §1.2)


class RepoPush(RepositoryPayload):
    """The body. Real pushes name one tag, version 1 pushes may name several."""

    updated_tags: Tags
    pruned_image_count: Hint = ""


def read(payload: RepoPush, at: datetime) -> Pushed:
    """Quay's words into ours."""
    return Pushed(
        kind="repo_push",
        namespace=payload.namespace,
        repository=payload.repository,
        at=at,
        test=(payload.updated_tags, payload.pruned_image_count) == _FAKE,
        tags=payload.updated_tags,
    )


KIND = Kind(name="repo_push", summary="An image was pushed to a tag.", payload=RepoPush, read=read)
