"""build_cancelled: a build was cancelled."""

from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Kind
from webhooks.shapes.build import BuildPayload, moved


class BuildCancelled(BuildPayload):
    """The body: just the build."""


def read(payload: BuildCancelled, at: datetime) -> BuildMoved:
    """Quay's words into ours."""
    return moved("build_cancelled", Phase.CANCELLED, payload, at)


KIND = Kind(name="build_cancelled", summary="A build was cancelled.", payload=BuildCancelled, read=read)
