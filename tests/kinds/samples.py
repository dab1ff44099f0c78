"""The event that a sample reads to, for people who read tests."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.events import Event
from webhooks.reading import read
from webhooks.sample import sample

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def told(kind: str, condition: str = "", *, target: str = "acme/web") -> dict[str, Any]:
    """The event of a sample, without what is the same everywhere and without what has its default."""
    event = read(kind, target, sample(kind, condition), AT)
    assert isinstance(event, Event)
    assert (event.kind, event.namespace, event.at) == (kind, "acme", AT)
    return {"type": type(event).__name__} | event.model_dump(
        mode="json", exclude={"kind", "namespace", "at"}, exclude_defaults=True
    )
