"""Quay's answers as we read them: unknown keys are ignored, odd values of optional keys count as missing.

Only what nobody can do without is required, so a newer or older Quay never breaks a command over a detail.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _text(value: object) -> str:
    """The text, fit for UTF-8 (JSON may smuggle in half a surrogate pair)."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value <= 1 else 0.0


def table(value: object) -> dict[str, Any]:
    """A JSON object, empty if it is anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def seconds(value: object) -> float | None:
    """Seconds since 1970; None for what is no number. Beyond all calendars one number is as good as another."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(min(max(value, -1), 10**12))


def _yes(value: object) -> bool:
    return value is True


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Count = Annotated[int, BeforeValidator(_count)]
Share = Annotated[float, BeforeValidator(_share)]
Seconds = Annotated[float | None, BeforeValidator(seconds)]
Yes = Annotated[bool, BeforeValidator(_yes)]
Needed = Annotated[str, BeforeValidator(_text), Field(min_length=1)]


class Shape(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class NameShape(Shape):
    """An account inside other objects: a robot, or a git author."""

    name: Text = ""
    username: Text = ""


Name = Annotated[NameShape, BeforeValidator(table)]


class RepositoryNameShape(Shape):
    """A build's `repository`."""

    namespace: Text = ""
    name: Text = ""


class TriggerShape(Shape):
    """A build trigger. Its `config` is left out on purpose: it holds credentials (facts §3.3)."""

    id: Text = ""
    service: Text = ""
    is_active: Yes = False
    enabled: Yes = False
    build_source: Text = ""


class CommitShape(Shape):
    """`trigger_metadata.commit_info`."""

    url: Text = ""
    message: Text = ""
    author: Name = NameShape()


class MetadataShape(Shape):
    """`trigger_metadata`."""

    commit: Text = ""
    ref: Text = ""
    commit_info: Annotated[CommitShape, BeforeValidator(table)] = CommitShape()


class StatusShape(Shape):
    """`status`: what the builder wrote into Redis; empty before and after."""

    total_commands: Count = 0
    current_command: Count = 0
    push_completion: Share = 0.0


class BuildShape(Shape):
    """A build, with the parts that never leave this package."""

    id: Needed
    phase: Needed
    started: Text = ""
    display_name: Text = ""
    status: Annotated[StatusShape, BeforeValidator(table)] = StatusShape()
    dockerfile_path: Text = ""
    context: Text = ""
    tags: Texts = ()
    manual_user: Text = ""
    is_writer: Yes = False
    trigger: Annotated[TriggerShape, BeforeValidator(table)] = TriggerShape()
    trigger_metadata: Annotated[MetadataShape, BeforeValidator(table)] = MetadataShape()
    resource_key: Text = ""
    pull_robot: Name = NameShape()
    repository: Annotated[RepositoryNameShape, BeforeValidator(table)] = RepositoryNameShape()
    error: Text = ""
    archive_url: Annotated[Text, Field(repr=False)] = ""


class BuildsShape(Shape):
    """GET build/."""

    builds: Annotated[list[BuildShape], BeforeValidator(rows)]


class DiscoveryShape(Shape):
    """GET discovery: a Swagger document."""

    paths: dict[str, Any]


class TriggersShape(Shape):
    """GET trigger/."""

    triggers: Annotated[list[TriggerShape], BeforeValidator(rows)]


class LogShape(Shape):
    """GET logs: entries, or the address of an archive."""

    start: Any = None
    total: Any = None
    logs: list[Any] | None = None
    logs_url: Text = ""
