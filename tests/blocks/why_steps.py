"""What happened to events, for the tests of the answer to "why?"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.blocks.why import Story, lines
from bot.domain.trail import Step, Unread, Verdict

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


TOLD = Step(
    id=1,
    delivery=12,
    hook="3",
    received_at=AT,
    subject="acme/web",
    kind="repo_push",
    tags=("v1.2", "latest"),
    channel="C1",
    at=AT,
    verdict=Verdict.OPENED,
    rule="",
    card=7,
    opened_at=after(0.2),
    message="d12:C1",
    queued_at=after(0.2),
    ts="1772600768.000100",
    sent_at=after(1),
    due_at=AT,
    attempts=0,
    waiting=False,
    parked_at=None,
    gathered=False,
    reason="",
    lane="",
)

UNSENT = replace(TOLD, ts="", sent_at=None, waiting=True)

FILTERED = replace(
    TOLD,
    verdict=Verdict.FILTERED,
    rule="`-tag:*-dev`: the tag 1.2-dev is excluded",
    **dict.fromkeys(("card", "opened_at", "queued_at", "sent_at"), None),
    **dict.fromkeys(("message", "ts"), ""),
)


def about(*steps: Step, **more: Any) -> Story:
    return Story("acme/web", steps=steps, **more)


def chain(step: Step) -> list[str]:
    return [line.strip() for line in lines(about(step))[3:]]


WAITING = Unread(14, "3", "repo_push", ("C1", "C2"), AT, "")
