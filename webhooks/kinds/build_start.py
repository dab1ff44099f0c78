"""build_start: a builder began to work on a build."""

from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Kind
from webhooks.shapes.build import BuildPayload, moved


class BuildStart(BuildPayload):
    """The body: just the build."""


def read(payload: BuildStart, at: datetime) -> BuildMoved:
    """Quay's words into ours."""
    return moved("build_start", Phase.BUILDING, payload, at)


KIND = Kind(name="build_start", summary="A build started.", payload=BuildStart, read=read)
