"""build_queued: a build was asked for, by a person or by a git push."""

from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Kind
from webhooks.shapes.build import BuildPayload, moved
from webhooks.shapes.values import Text


class BuildQueued(BuildPayload):
    """The body: the only build event that knows who asked. It has no `build_name`."""

    is_manual: bool | None = None
    manual_user: Text = ""

    @property
    def requested_by(self) -> str:
        """The Quay account that asked.

        For git pushes `manual_user` is only the account whose credentials the git host uses (quay facts §1.2), so the
        commit's author says more, and the account is named only when no author is known.
        """
        return "" if self.is_manual is False and self.author else self.manual_user


def read(payload: BuildQueued, at: datetime) -> BuildMoved:
    """Quay's words into ours."""
    return moved("build_queued", Phase.WAITING, payload, at, requested_by=payload.requested_by)


KIND = Kind(name="build_queued", summary="A build was queued.", payload=BuildQueued, read=read)
