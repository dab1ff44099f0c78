"""What the five build events share: the body, and how it becomes a step of a build (quay facts §1.2)."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from bot.domain.events import BuildMoved, Phase
from webhooks.kind import Payload
from webhooks.shapes.repository import RepositoryPayload
from webhooks.shapes.values import Hint, Loose, Name, Tags, Text, web_address

FAKE_BUILD = "fake-build-id"  # what the test button sends


def _person(value: Any) -> Any:
    return {"username": value} if isinstance(value, str) else value


class Author(Payload):
    """Who wrote the commit, as the git host names them."""

    username: Hint = ""


class CommitInfo(Payload):
    """The commit. Its `date` is a number in the test body and the git host's text in real ones, so it is not read."""

    url: Hint = ""
    message: Hint = ""
    author: Annotated[Author, Loose, BeforeValidator(_person)] = Author()


class TriggerMetadata(Payload):
    """What started the build: null or empty for manual builds, without `commit_info` for most others."""

    ref: Hint = ""
    commit: Hint = ""
    commit_info: Annotated[CommitInfo, Loose] = CommitInfo()


class BuildPayload(RepositoryPayload):
    """A body about one build."""

    build_id: Name
    build_name: Text = ""
    docker_tags: Tags = ()
    trigger_kind: Text = ""
    trigger_metadata: Annotated[TriggerMetadata, Loose] = TriggerMetadata()

    @property
    def author(self) -> str:
        """Who wrote the commit, or nothing."""
        return self.trigger_metadata.commit_info.author.username


def moved(
    kind: str, phase: Phase, payload: BuildPayload, at: datetime, *, requested_by: str = "", error: str = ""
) -> BuildMoved:
    """The build is in `phase`, says a body of the event `kind`."""
    trigger = payload.trigger_metadata
    return BuildMoved(
        kind=kind,
        namespace=payload.namespace,
        repository=payload.repository,
        at=at,
        test=payload.build_id == FAKE_BUILD,
        build_id=payload.build_id,
        phase=phase,
        name=payload.build_name,
        tags=payload.docker_tags,
        trigger=payload.trigger_kind.lower(),  # real bodies say "github", the test button says "GitHub"
        ref=trigger.ref,
        commit=trigger.commit,
        commit_url=web_address(trigger.commit_info.url),
        commit_message=trigger.commit_info.message,
        author=payload.author,
        requested_by=requested_by,
        error=error,
    )
