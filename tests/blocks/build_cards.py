"""A build on a card, for the tests of its words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.blocks.cards.builds import show
from bot.domain.cards import BuildCard
from bot.domain.events import BuildMoved, Phase
from bot.domain.messages import Message

QUAY = "https://q.io"

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Look = Callable[[Message], str]


def build(phase: Phase, *, minutes: float = 4, **more: Any) -> Message:
    defaults: dict[str, Any] = {
        "kind": "build_start",
        "namespace": "acme",
        "repository": "acme/api",
        "at": NOON,
        "build_id": "1a2b3c4d-0000",
        "name": "9f8e7d6",
        "tags": ("v1.4.0", "latest"),
        "trigger": "github",
        "ref": "refs/heads/main",
        "commit": "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432",
        "commit_url": "https://github.example/acme/api/commit/9f8e7d6",
        "commit_message": "Fix the *flaky* test\n\nLonger story.",
        "author": "Ada",
        "requested_by": "alice",
    }
    later = NOON + timedelta(minutes=minutes)
    ended = phase in {Phase.COMPLETE, Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED, Phase.CANCELLED}
    known = BuildMoved(phase=phase, **{**defaults, **more})
    return show(BuildCard(known=known, first=NOON, last=later, finished=later if ended else None), QUAY)
