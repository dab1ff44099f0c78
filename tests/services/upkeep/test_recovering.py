"""What was missed is told once, late and marked, through the same filter; trouble keeps it for later."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.digests import Rhythm
from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Pushed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.domain.people import Account
from bot.domain.subscriptions import Gap, State
from bot.fakes.quay.images import Finding
from bot.rules.rhythm import due
from bot.services.upkeep import recovering
from tests.plugins.slackless import unsaid
from tests.plugins.wishes import becomes
from tests.services.upkeep.chasm import ALICE, BUILDS, WEB, Chasm, chasm

OF_WEB = {"namespace": "acme", "repository": WEB}


@pytest.fixture
async def here(store: SqlStore) -> AsyncIterator[Chasm]:
    async with chasm(store) as here:
        yield here


def push(here: Chasm, tag: str) -> Pushed:
    return Pushed(kind="repo_push", at=here.clock.now(), tags=(tag,), **OF_WEB)


async def notes(here: Chasm) -> list[str]:
    """What each message says about being late."""
    found = [re.search(r"recovered, [^\"_*\\]*late", json.dumps(row.payload)) for row in await unsaid(here.store)]
    return [one[0] if one else "" for one in found]


async def test_a_push_that_nobody_heard_of_is_told_once_and_late(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1", by="acme+ci")
    await here.lose("repo_push")
    assert len(await here.store.subscriptions.parts("S1")) == 1
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]
    assert await notes(here) == ["recovered, 1 min late"]
    await here.recovers_the_rest()
    assert await here.waiting() == []
    await here.lose("repo_push", since=600)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_what_came_in_time_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    here.clock.pass_by(6)
    await here.hears(push(here, "v1"))
    here.clock.pass_by(40)
    here.quay.push(WEB, "v1")
    here.quay.push(WEB, "v2")
    await here.lose("repo_push")
    await here.recovers()
    assert sorted(await here.told())[0] == ("repo_push", "folded", ("v2",))
    assert [row[2] for row in await here.told()].count(("v1",)) == 2


async def test_what_is_still_on_its_way_is_waited_for(here: Chasm) -> None:
    await here.subscribes("pushes")
    await here.lose("repo_push")
    here.clock.pass_by(-10)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(10)
    await here.recovers()
    assert (await here.told(), len(await here.waiting())) == ([], 1)
    await here.recovers_the_rest()
    assert (await here.told(), await here.waiting()) == ([("repo_push", "opened", ("v1",))], [])


async def test_what_still_arrives_in_time_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("pushes")
    await here.lose("repo_push")
    here.clock.pass_by(-10)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(10)
    await here.recovers()
    await here.hears(push(here, "v1"))
    await here.recovers_the_rest()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_a_gap_that_grows_again_and_again_is_looked_through_to_its_end(here: Chasm) -> None:
    await here.subscribes("pushes")
    began = here.clock.now()
    for _ in range(7):  # switched off and reset each minute
        until = here.clock.now() + timedelta(seconds=60)
        await here.store.gaps.open(Gap("S1", WEB, ("repo_push",), began, until, until))
        here.clock.pass_by(59)
    here.clock.pass_by(-59)
    here.quay.push(WEB, "lost")
    (gap,) = await here.waiting()
    assert gap.until > here.clock.now() - timedelta(seconds=30)
    here.clock.pass_by(2)
    await here.recovers()
    here.clock.pass_by(600)
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([("repo_push", "opened", ("lost",))], [])


async def test_what_another_subscription_of_the_channel_kept_out_was_still_missed_by_this_one(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "main")
    here.clock.pass_by(5)
    await here.hears(push(here, "main"), rule="`tag:v*`: the tag main does not match", name="S1")
    await here.lose("repo_push", name="S2")
    await here.recovers()
    assert [row[1] for row in await here.told()] == ["filtered by `tag:v*`: the tag main does not match", "opened"]
    await here.lose("repo_push", name="S1", since=600)
    await here.recovers()
    assert len(await here.told()) == 2


async def test_what_one_gap_keeps_out_another_one_tells_once(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "main")
    here.quay.push(WEB, "v1")
    for name in ("S1", "S2", "S1", "S2"):
        await here.lose("repo_push", name=name, since=900)
        await here.recovers()
    told = sorted(row[1:] for row in await here.told())
    assert told == [
        ("filtered by `tag:v*`: the tag main does not match", ("main",)),
        ("folded", ("main",)),
        ("opened", ("v1",)),
    ]


async def test_what_the_quiet_hours_of_the_channel_kept_out_was_not_missed_by_anybody(here: Chasm) -> None:
    await here.subscribes("pushes tag:v*", target="acme/*", name="S1")
    await here.subscribes("pushes", name="S2")
    here.quay.push(WEB, "v1")
    here.clock.pass_by(5)
    await here.hears(push(here, "v1"), rule="quiet hours until 07:00", name="S1")
    await here.lose("repo_push", name="S2")
    await here.recovers()
    assert len(await here.told()) == 1


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


async def test_the_filter_the_pause_and_quiet_hours_keep_out_what_they_always_do(here: Chasm) -> None:
    wanted = await here.subscribes("pushes -tag:*-dev")
    here.quay.push(WEB, "v1-dev")
    await here.lose("repo_push")
    await here.recovers()
    assert await here.told() == [("repo_push", "filtered by `-tag:*-dev`: the tag v1-dev is excluded", ("v1-dev",))]
    await becomes(here.store, replace(wanted, paused_until=here.clock.now() + timedelta(hours=4)), here.clock.now())
    here.quay.push(WEB, "v2")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told())[-1][1].startswith("filtered by paused until")
    await becomes(here.store, wanted, here.clock.now())
    await here.store.channels.set_rhythm("C1", Rhythm(), Rhythm("UTC", "00:00-23:59"))
    here.quay.push(WEB, "v3")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told())[-1][1].startswith("filtered by quiet hours until 23:59")


async def test_what_happened_before_quiet_hours_and_is_recovered_in_them_is_in_the_next_summary(here: Chasm) -> None:
    await here.subscribes("pushes")
    begin, end = (here.clock.now() + timedelta(minutes=1), here.clock.now() + timedelta(hours=8))
    rhythm = Rhythm("UTC", f"{begin:%H:%M}-{end:%H:%M}")
    await here.store.channels.set_rhythm("C1", Rhythm(), rhythm)
    here.quay.push(WEB, "v1")
    here.clock.pass_by(30)
    await here.lose("repo_push")
    await here.recovers()
    assert "quiet hours" in (await here.told())[-1][1]
    here.clock.pass_by(9 * 3600)
    period = due(rhythm, here.clock.now(), (await here.store.trail.waiting(["C1"]))["C1"])
    assert period is not None
    async with here.store.inbox.ledger() as ledger:
        assert [one.quiet for one in await ledger.sum_up("C1", period.since, period.until)] == [1]


async def test_a_filter_by_pusher_asks_the_usage_log(here: Chasm) -> None:
    await here.subscribes("pushes -by:acme+ci")
    here.quay.push(WEB, "v1", by="acme+ci")
    here.quay.push(WEB, "v2", by="bob")
    await here.lose("repo_push")
    await here.recovers()
    assert sorted(await here.told()) == [
        ("repo_push", "filtered by `-by:acme+ci`: the account acme+ci is excluded", ("v1",)),
        ("repo_push", "opened", ("v2",)),
    ]


async def test_a_build_that_failed_unheard_is_told_also_if_it_began_before(here: Chasm) -> None:
    await here.subscribes("builds:failure")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    here.clock.pass_by(900)
    here.quay.move_build(build, "building")
    here.quay.move_build(build, "error", last_try=False)
    await here.lose("build_failure")
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_failure", "opened")]
    assert await notes(here) == ["recovered, 3 min late"]
    await here.recovers_the_rest()
    assert await here.waiting() == []


async def test_a_failure_that_quay_never_sends_is_told_if_any_notification_about_builds_was_off(here: Chasm) -> None:
    await here.subscribes("builds")
    trigger = here.quay.add_trigger(WEB)
    failed, worked = here.quay.git_push(trigger), here.quay.git_push(trigger)
    here.quay.move_build(failed, "building")
    here.quay.move_build(failed, "error", last_try=False)
    here.quay.move_build(worked, "complete")
    await here.lose("build_queued", "build_start")
    await here.recovers()
    assert sorted(row[:2] for row in await here.told()) == [("build_failure", "opened"), ("build_success", "opened")]
    await here.lose("build_queued", "build_success", since=900)
    await here.recovers()
    assert len(await here.told()) == 2


async def test_a_build_from_before_the_subscription_is_not_told(here: Chasm) -> None:
    trigger = here.quay.add_trigger(WEB)
    here.quay.move_build(here.quay.git_push(trigger), "error")
    here.clock.pass_by(900)
    await here.subscribes("builds:failure")
    here.clock.pass_by(300)
    await here.lose("build_failure")
    await here.recovers()
    assert await here.told() == []


async def test_a_build_that_came_in_time_is_not_told_as_late(here: Chasm) -> None:
    await here.subscribes("builds")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    here.quay.move_build(build, "complete")
    here.clock.pass_by(5)
    await here.hears(
        BuildMoved(kind="build_success", at=here.clock.now(), build_id=build, phase=Phase.COMPLETE, **OF_WEB)
    )
    await here.lose(*BUILDS)
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_success", "opened")]


async def test_the_end_of_a_build_that_goes_on_is_waited_for(here: Chasm) -> None:
    await here.subscribes("builds:failure")
    trigger = here.quay.add_trigger(WEB)
    build = here.quay.git_push(trigger)
    await here.lose("build_failure")
    await here.recovers()
    assert await here.told() == []
    assert len(await here.waiting()) == 1
    here.quay.move_build(build, "error", last_try=False)
    here.clock.pass_by(7_200)
    await here.recovers()
    assert [row[:2] for row in await here.told()] == [("build_failure", "opened")]
    assert await here.waiting() == []


async def test_a_failed_sync_and_tags_that_end_are_told(here: Chasm) -> None:
    await here.subscribes("mirrors:failed expiry")
    here.quay.push(WEB, "soon", labels={"quay.expires-after": "3d"}, ago=timedelta(days=2))
    here.quay.push(WEB, "named", labels={"quay.expires-after": "3d"}, ago=timedelta(days=2))
    await here.hears(
        TagsExpiring(kind="repo_image_expiry", at=here.clock.now(), tags=("named",), expiring_in="7 days", **OF_WEB)
    )
    here.quay.mirror(WEB, "failed", "'registry.example/web' with tag pattern '*'")
    await here.lose("repo_mirror_sync_failed", "repo_image_expiry")
    await here.recovers()
    assert sorted(await here.told()) == [
        ("repo_image_expiry", "opened", ("named",)),
        ("repo_image_expiry", "opened", ("soon",)),
        ("repo_mirror_sync_failed", "opened", ()),
    ]
    assert sorted(await notes(here)) == ["", "recovered, 1 min late", "recovered, 3 min late"]
    await here.lose("repo_mirror_sync_failed", "repo_image_expiry", since=900)
    await here.recovers()
    assert len(await here.told()) == 3


async def test_a_sync_that_was_heard_of_is_not_told_again(here: Chasm) -> None:
    await here.subscribes("mirrors")
    here.quay.mirror(WEB, "success", "m")
    here.clock.pass_by(8)
    event = MirrorSynced(
        kind="repo_mirror_sync_success", at=here.clock.now(), outcome=MirrorOutcome.SUCCESS, message="m", **OF_WEB
    )
    await here.hears(event)
    await here.lose("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed")
    await here.recovers()
    assert len(await here.told()) == 1


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


async def test_what_came_for_another_channel_or_after_the_end_is_nothing(here: Chasm) -> None:
    wanted = await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await becomes(here.store, replace(wanted, state=State.ENDED), here.clock.now())
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([], [])
    await here.lose("repo_push", name="NOSUCH")
    await here.recovers()
    assert await here.waiting() == []


async def test_while_quay_is_away_the_gap_is_kept_and_the_pause_grows(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    here.quay.down = True
    waits = []
    for _ in range(3):
        await here.recovers()
        (gap,) = await here.waiting()
        waits.append((gap.due_at - here.clock.now()).total_seconds())
        here.clock.pass_by(waits[-1] + 2)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= 3_600
    here.quay.down = False
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_whoever_takes_an_orphan_over_is_told_what_was_missed(here: Chasm) -> None:
    wanted = await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await becomes(here.store, replace(wanted, state=State.ORPHANED), here.clock.now())
    before = len(here.quay.requests)
    await here.recovers()
    assert len(here.quay.requests) == before
    assert len(await here.waiting()) == 1
    await becomes(here.store, wanted, here.clock.now())
    here.clock.pass_by(1_300)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


@pytest.mark.parametrize("loss", ["no account", "dead token", "no rights"])
async def test_without_an_account_that_may_look_the_gap_is_kept(here: Chasm, loss: str) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    kept = dict(here.accounts.kept)
    if loss == "no account":
        here.accounts.kept.clear()
    elif loss == "dead token":
        here.accounts.kept[ALICE] = Account(ALICE, "alice", here.clock.now(), "x" * 40)
    else:
        here.quay.ungrant("alice", "acme")
    await here.recovers()
    (gap,) = await here.waiting()
    assert gap.due_at - here.clock.now() >= timedelta(minutes=9)
    here.accounts.kept |= kept
    here.quay.grant("alice", WEB, "admin")
    here.clock.pass_by(1_300)
    await here.recovers()
    assert await here.told() == [("repo_push", "opened", ("v1",))]


async def test_after_a_week_it_is_old_news(here: Chasm) -> None:
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    here.clock.pass_by(timedelta(days=7, minutes=5).total_seconds())
    await here.recovers()
    assert (await here.told(), await here.waiting()) == ([], [])


async def test_trouble_with_one_gap_does_not_touch_the_others(here: Chasm) -> None:
    await here.subscribes("pushes", target="acme/*")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push", target="acme/nosuch")
    await here.store.gaps.open(replace((await here.waiting())[0], target=WEB, id=0))
    here.clock.pass_by(5)
    await here.recovers()
    assert [row[1:] for row in await here.told()] == [("opened", ("v1",))]
    await here.recovers_the_rest()
    assert [gap.target for gap in await here.waiting()] == ["acme/nosuch"]


async def test_a_look_that_takes_too_long_is_broken_off(here: Chasm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "PATIENCE", timedelta(0))
    await here.subscribes("pushes")
    here.quay.push(WEB, "v1")
    await here.lose("repo_push")
    await here.recovers()
    assert (await here.told(), [gap.tries for gap in await here.waiting()]) == ([], [1])
