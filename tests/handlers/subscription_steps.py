"""What the tests of subscriptions share: some that are there, what happened before, and the answers of Quay."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.events import BuildMoved, Event, Phase, Pushed
from bot.domain.people import Person
from bot.domain.subscriptions import Part, Subscription
from bot.domain.trail import Step, Verdict
from bot.ports import Sighting
from bot.rules.subscribing import wanted
from bot.services.upkeep.past import Past
from tests.handlers.conftest import ALICE, START, Office
from tests.handlers.repository_steps import plainly

HOUR = timedelta(hours=1)


def subscription(
    target: str = "acme/web", words: str = "pushes tag:v*", name: str = "S7PX4", **facts: Any
) -> Subscription:
    person: Person = facts.pop("person", ALICE)
    username = facts.pop("username", person.user.removeprefix("U-").lower())
    channel, at = facts.pop("channel", "C1"), facts.pop("created_at", START - 24 * HOUR)
    return Subscription(name, channel, wanted(target, words.split()), person, username, at, **facts)


def part(event: str = "repo_push", target: str = "acme/web", name: str = "S7PX4", **facts: Any) -> Part:
    hook = facts.pop("hook", f"{name}-{target}-{event}")
    facts = {"silent": False, "config": "{}", "created_at": START, "uuid": f"uuid-{event}"} | facts
    return Part(hook, name, target, event, **facts)


def pushed(tag: str, *, ago: timedelta = HOUR, repository: str = "acme/web") -> Pushed:
    facts = {"namespace": repository.partition("/")[0], "repository": repository}
    return Pushed(**facts, kind="repo_push", at=START - ago, tags=(tag,), recovered=True)


def failed(*, ago: timedelta = HOUR, repository: str = "acme/web") -> BuildMoved:
    facts = {"namespace": repository.partition("/")[0], "repository": repository, "build_id": "b1"}
    return BuildMoved(**facts, kind="build_failure", at=START - ago, phase=Phase.ERROR, recovered=True)


def stays_past(monkeypatch: pytest.MonkeyPatch, *events: Event, untold: tuple[str, ...] = ()) -> list[str]:
    """What happened in the last days, by repository; gives the repositories that were looked at."""
    looked: list[str] = []

    async def past(
        _quay: object, target: str, kinds: Collection[str], since: datetime, until: datetime, **_: object
    ) -> Past:
        looked.append(target)
        assert (until - since).days == 7
        return Past(tuple(one for one in events if one.repository == target and one.kind in kinds), untold)

    monkeypatch.setattr("handlers.subscription_past.past", past)
    return looked


def no_admin(office: Office, *repositories: str) -> None:
    for name in repositories:
        office.quay.sightings[name] = Sighting(can_write=True, can_admin=False)


def said(office: Office) -> list[list[str]]:
    """Everything that was announced, message by message."""
    return [plainly(office.words(message.payload["blocks"])) for message in office.notices.said.values()]


def step(rule: str = "", **facts: Any) -> Step:
    """A line of the trail."""
    empty: dict[str, Any] = {
        "id": 1,
        "delivery": 1,
        "hook": "h",
        "received_at": None,
        "subject": "acme/web",
        "kind": "repo_push",
        "tags": ("v1",),
        "channel": "C1",
        "at": START,
        "verdict": Verdict.FILTERED if rule else Verdict.OPENED,
        "rule": rule,
        "card": None,
        "opened_at": None,
        "message": "",
        "queued_at": None,
        "ts": "",
        "sent_at": None,
        "due_at": None,
        "attempts": 0,
        "waiting": False,
        "parked_at": None,
        "gathered": False,
        "reason": "",
        "lane": "",
    }
    return Step(**(empty | facts))
