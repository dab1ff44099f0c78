"""build_failure: a build failed and Quay will not try it again."""

from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Kind
from webhooks.shapes.build import BuildPayload, moved
from webhooks.shapes.values import Text


class BuildFailure(BuildPayload):
    """The body. Real ones have no error message (quay facts §1.2), the test button's has one."""

    error_message: Text = ""


def read(payload: BuildFailure, at: datetime) -> BuildMoved:
    """Quay's words into ours."""
    return moved("build_failure", Phase.ERROR, payload, at, error=payload.error_message)


KIND = Kind(name="build_failure", summary="A build failed.", payload=BuildFailure, read=read)
