"""From a webhook to its completed card, on a real store: what is told at once, held, and looked up afterwards."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.events import BuildMoved, Phase
from bot.domain.images import Scan
from bot.domain.subscriptions import Part, Subscription, Wanted
from bot.ports import Build
from bot.rules.audiences import Audience
from bot.services.upkeep import Looking
from handlers.alerted import tellings
from tests.plugins.slackless import trail
from tests.services.upkeep.lookout import ALICE, A, B, Book, Lookout, flaw
from tests.webhooks.mill import Mill
from webhooks.server import token_hash

BUILD = {
    "repository": "acme/web",
    "namespace": "acme",
    "name": "web",
    "docker_url": "quay.example.com/acme/web",
    "homepage": "https://quay.example.com/repository/acme/web",
    "build_id": "b1",
    "build_name": "c9d8ae9",
    "docker_tags": ["v1"],
    "trigger_id": None,
    "trigger_kind": None,
    "trigger_metadata": {},
}


class Works(Lookout):
    """The tests' Quay in front of a real pipeline, board and store."""

    def __init__(self, mill: Mill) -> None:
        super().__init__()
        self.mill, self.clock, self.store = mill, mill.clock, mill.store
        self.looking = Looking(
            mill.store.lookups,
            mill.store.subscriptions,
            mill.board(mill.store),
            Book(),  # type: ignore[arg-type]
            self.quay,  # type: ignore[arg-type]
            mill.clock,
        )

    async def wants(self, event: str = "repo_push", filter_: str = "") -> None:
        wanted = Wanted("acme/web", (event,), filter_)
        now = self.clock.now()
        assert await self.store.subscriptions.add(Subscription("S1", "C1", wanted, ALICE, "alice", now), now)
        part = Part("", "S1", "acme/web", event, silent=False, config="{}", created_at=now)
        await self.store.subscriptions.add_part(part, token_hash("TOKEN"), now)

    async def receives(self, **body: Any) -> None:
        push = {"repository": "acme/web", "namespace": "acme", "name": "web", "updated_tags": ["v1"]}
        await self.mill.sends("TOKEN", json.dumps(body or push).encode())
        await self.mill.pipeline.step()


@pytest.fixture
def works(mill: Mill) -> Works:
    return Works(mill)


async def test_a_push_is_told_at_once_and_completed_when_its_scan_is_done(works: Works) -> None:
    await works.wants()
    works.has("v1", A, B)
    works.pushed_by("acme+ci")
    works.quay.scans[A] = Scan("queued")
    await works.receives()
    [(channel, text)] = await works.mill.queued()
    assert (channel, "acme+ci" in text) == ("C1", False)
    await works.looks(after=2)
    [(_, known)] = await works.mill.queued()
    assert "acme+ci" in known
    works.quay.scans |= {A: Scan("scanned", (flaw(severity="Critical"),)), B: Scan("scanned")}
    await works.looks(after=6)
    [(_, scanned)] = await works.mill.queued()
    assert "critical" in scanned.lower()
    assert await works.store.lookups.claim(10, works.now + timedelta(days=1), timedelta(seconds=9)) == ()


async def test_a_held_push_is_told_once_when_its_pusher_is_known(works: Works) -> None:
    await works.wants(filter_="-by:acme+mirror")
    works.has("v1", A)
    await works.receives()
    assert await works.mill.queued() == []
    works.pushed_by("alice")
    await works.looks(after=1)
    [(_, text)] = await works.mill.queued()
    assert "alice" in text
    await works.looks(after=60)
    assert [row.verdict for row in await trail(works.store)] == ["opened"]


async def test_a_push_by_an_excluded_account_is_in_the_trail_with_its_rule(works: Works) -> None:
    await works.wants(filter_="-by:acme+mirror")
    works.pushed_by("acme+mirror")
    await works.receives()
    await works.looks(after=1)
    assert await works.mill.queued() == []
    [row] = await trail(works.store)
    assert (row.verdict, row.delivery is not None, "-by:acme+mirror" in row.rule) == ("filtered", True, True)


async def test_a_held_push_whose_scan_runs_is_completed_after_it_was_told(works: Works) -> None:
    await works.wants(filter_="-by:acme+mirror")
    works.has("v1", A)
    works.pushed_by("alice")
    works.quay.scans[A] = Scan("queued")
    await works.receives()
    await works.looks(after=1)
    assert len(await works.mill.queued()) == 1
    works.quay.scans[A] = Scan("scanned", (flaw(severity="Critical"),))
    await works.looks(after=6)
    [(_, text)] = await works.mill.queued()
    assert "critical" in text.lower()


async def test_a_build_that_works_again_says_fixed(works: Works) -> None:
    await works.wants("build_success")
    works.quay.past = [Build("b1", "acme/web", Phase.COMPLETE), Build("b0", "acme/web", Phase.ERROR)]
    await works.receives(**BUILD)
    await works.looks(after=2)
    [(_, text)] = await works.mill.queued()
    assert "fixed" in text.lower()


async def test_a_failure_that_the_bot_tells_and_its_webhook_are_one_message(works: Works) -> None:
    await works.wants("build_failure")
    event = BuildMoved(
        kind="build_failure",
        namespace="acme",
        repository="acme/web",
        at=works.now,
        build_id="b1",
        phase=Phase.ERROR,
        polled=True,
        error="It broke.",
    )
    for _ in range(2):  # once more after a crash
        await works.mill.board(works.store).release(tellings(event, Audience({"C1": "compact"}, {"C2": "paused"})), ())
    await works.receives(**BUILD)
    [(channel, text)] = await works.mill.queued()
    assert (channel, "failed" in text.lower()) == ("C1", True)
    verdicts = [(row.channel, row.verdict, row.rule or "") for row in await trail(works.store)]
    assert verdicts[:2] == [("C1", "opened", ""), ("C2", "filtered", "paused")]
    assert {verdict for channel, verdict, _ in verdicts[2:] if channel == "C1"} <= {"repeated", "folded"}
