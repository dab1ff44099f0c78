"""build_success: a build is complete."""

from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Kind
from webhooks.shapes.build import BuildPayload, moved


class BuildSuccess(BuildPayload):
    """The body: just the build."""


def read(payload: BuildSuccess, at: datetime) -> BuildMoved:
    """Quay's words into ours."""
    return moved("build_success", Phase.COMPLETE, payload, at)


KIND = Kind(name="build_success", summary="A build succeeded.", payload=BuildSuccess, read=read)
