"""Findings that were missed are told once; those that were known before are not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.events import (
    Severity,
    VulnerabilityFound,
)
from bot.domain.subscriptions import Gap
from bot.fakes.quay.images import Finding
from tests.services.upkeep.chasm import OF_WEB, WEB, Chasm, chasm, notes


@pytest.fixture
async def here(store: SqlStore) -> AsyncIterator[Chasm]:
    async with chasm(store) as here:
        yield here


async def test_a_finding_in_an_image_that_was_pushed_after_the_last_look_is_recovered(here: Chasm) -> None:
    await here.subscribes("vulns")
    here.quay.push(WEB, "old", findings=[Finding("CVE-2026-1", "High")])
    here.clock.pass_by(60)
    await here.lose("vulnerability_found", since=0)
    await here.recovers()
    here.quay.push(WEB, "v1", findings=[Finding("CVE-2026-1", "High")])
    here.clock.pass_by(86_000)
    here.quay.find_vulnerability(WEB, ["v1"], "CVE-2026-2", "Critical")
    await here.lose("vulnerability_found")
    await here.recovers()
    assert await here.told() == [("vulnerability_found", "opened", ("v1",))]


async def test_a_finding_that_was_told_is_not_told_again_when_the_trail_has_forgotten_it(here: Chasm) -> None:
    await here.subscribes("vulns")
    here.quay.push(WEB, "v1")
    await here.lose("vulnerability_found", since=0)
    await here.recovers()
    here.quay.find_vulnerability(WEB, ["v1"], "CVE-2026-2", "Critical")
    here.clock.pass_by(timedelta(days=95).total_seconds())  # nothing of it is in the trail any more
    await here.lose("vulnerability_found")
    await here.recovers()
    assert await here.told() == []


async def test_a_daily_look_learns_what_was_told_and_leaves_what_was_missed_for_a_gap(here: Chasm) -> None:
    await here.subscribes("vulns severity:high+")
    here.quay.push(WEB, "v1")
    await whole_look(here)
    here.clock.pass_by(3_600)
    for name, severity in (("CVE-2026-2", "Critical"), ("CVE-2026-3", "Low"), ("CVE-2026-4", "High")):
        here.quay.find_vulnerability(WEB, ["v1"], name, severity)
    told = VulnerabilityFound(
        kind="vulnerability_found",
        at=here.clock.now(),
        tags=("v1",),
        vulnerability="CVE-2026-2",
        severity=Severity.CRITICAL,
        **OF_WEB,
    )
    await here.hears(told)
    here.quay.push(WEB, "v2", findings=[Finding("CVE-2026-5", "High")])
    here.clock.pass_by(7_200)
    await whole_look(here)
    assert len(await here.told()) == 1
    known = await here.store.subscriptions.baseline("S1", WEB)
    assert known is not None
    assert sorted(known["images"].values()) == [["CVE-2026-2", "CVE-2026-3"], ["CVE-2026-5"]]  # type: ignore[attr-defined] # it is JSON
    await here.lose("vulnerability_found")
    await here.recovers()
    assert [row[2] for row in await here.told()][1:] == [("v1",)]


async def whole_look(here: Chasm) -> None:
    """As once a day: a gap without length."""
    now = here.clock.now()
    await here.store.gaps.open(Gap("S1", WEB, ("vulnerability_found",), now, now, now))
    await here.recovers()
    assert await here.waiting() == []


async def test_findings_that_came_up_in_known_images_are_told_once(here: Chasm) -> None:
    await here.subscribes("vulns severity:high+")
    here.quay.push(WEB, "v1", findings=[Finding("CVE-2026-1", "High")])
    await here.lose("vulnerability_found", since=0)
    await here.recovers()
    assert await here.told() == []  # what is there at the beginning is nothing new
    here.quay.find_vulnerability(WEB, ["v1"], "CVE-2026-2", "Critical")
    here.quay.find_vulnerability(WEB, ["v1"], "CVE-2026-3", "Low")
    here.quay.push(WEB, "v2", findings=[Finding("CVE-2026-4", "High")])
    await here.lose("vulnerability_found")
    await here.recovers()
    assert await here.told() == [("vulnerability_found", "opened", ("v1",))]
    assert await notes(here) == ["recovered, 3 min late"]
    await here.lose("vulnerability_found", since=900)
    await here.recovers()
    assert len(await here.told()) == 1
    known = await here.store.subscriptions.baseline("S1", WEB)
    assert known is not None
    assert sorted(map(len, known["images"].values())) == [1, 3]  # type: ignore[attr-defined] # it is JSON


async def test_a_finding_that_was_heard_of_is_not_told_again(here: Chasm) -> None:
    wanted = await here.subscribes("vulns")
    here.quay.push(WEB, "v1")
    await here.lose("vulnerability_found", since=0)
    await here.recovers()
    here.quay.find_vulnerability(WEB, ["v1"], "CVE-2026-2", "Critical")
    await here.lose("vulnerability_found")
    await here.recovers()
    told = await here.told()
    known = {"images": {here.quay.repositories[WEB].tags[0].digest: []}, "at": "2026-11-23T11:00:00+00:00"}
    await here.store.subscriptions.set_baseline(wanted.name, WEB, known, here.clock.now())
    await here.lose("vulnerability_found", since=900)
    await here.recovers()
    assert await here.told() == told
