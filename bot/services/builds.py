"""A build that was just read from Quay's API, as our event."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.events import BuildMoved
from bot.ports import Build


def moved(build: Build, kind: str, at: datetime, *, error: str = "", log_tail: Sequence[str] = ()) -> BuildMoved:
    """The event. `error` and `log_tail` come from its log."""
    return BuildMoved(
        kind=kind,
        namespace=build.repository.partition("/")[0],
        repository=build.repository,
        at=at,
        build_id=build.id,
        phase=build.phase,
        polled=True,
        name=build.name,
        tags=build.tags,
        trigger=build.trigger,
        ref=build.ref,
        commit=build.commit,
        commit_url=build.commit_url,
        commit_message=build.commit_message,
        author=build.author,
        requested_by=build.requested_by,
        error=build.error or error,
        progress=build.progress,
        log_tail=tuple(log_tail),
    )
