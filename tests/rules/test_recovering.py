"""What was missed: nothing that came is told again, everything that did not come is found, in any order."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    BuildMoved,
    Event,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Pushed,
    PushFacts,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.rules.event_groups import EVENTS
from bot.rules.recovering import POLLED, TEST, asked, is_build, key, late_note, missed, thing

T = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEB = {"namespace": "acme", "repository": "acme/web"}


@dataclass(frozen=True)
class Came:
    """An entry of the trail."""

    kind: str
    at: datetime
    tags: tuple[str, ...] = ()
    item: str = ""
    about: str = ""
    via: str = ""


def after(seconds: float) -> datetime:
    return T + timedelta(seconds=seconds)


def push(*tags: str, at: float = 0, digest: str = "sha256:a") -> Pushed:
    facts = tuple(PushFacts(tag=tag, digest=digest) for tag in tags)
    return Pushed(kind="repo_push", at=after(at), tags=tags, facts=facts, recovered=True, **WEB)


def came(*tags: str, at: float) -> Came:
    return Came("repo_push", after(at), tags)


def build(kind: str, phase: Phase, name: str = "b1", at: float = 0) -> BuildMoved:
    return BuildMoved(kind=kind, at=after(at), build_id=name, phase=phase, recovered=True, **WEB)


def told(event: Event, at: float = 0, kind: str = "") -> Came:
    return Came(kind or event.kind, after(at), getattr(event, "tags", ()), thing(event))


def sync(outcome: MirrorOutcome, at: float = 0, message: str = "x") -> MirrorSynced:
    kind = f"repo_mirror_sync_{outcome}"
    return MirrorSynced(kind=kind, at=after(at), outcome=outcome, message=message, recovered=True, **WEB)


def expiry(*tags: str, at: float = 0) -> TagsExpiring:
    return TagsExpiring(kind="repo_image_expiry", at=after(at), tags=tags, expiring_in="7 days", **WEB)


def finding(name: str, *tags: str) -> VulnerabilityFound:
    return VulnerabilityFound(
        kind="vulnerability_found", at=T, tags=tags, vulnerability=name, severity=Severity.HIGH, **WEB
    )


def test_a_push_that_came_is_not_missed_and_another_one_of_its_tag_is() -> None:
    lost = push("latest", at=100, digest="sha256:b")
    assert missed([push("latest"), lost, push("v1", at=100)], [came("latest", at=6), came("v1", at=103)]) == (lost,)


def test_a_copy_of_a_later_push_does_not_stand_for_a_lost_one() -> None:
    lost, other = push("latest", at=60, digest="sha256:b"), push("latest", at=100)
    copies = [replace(came("latest", at=101), via=via) for via in ("S1", "S2")]
    assert missed([lost, other], copies) == (lost,)
    assert missed([lost, other], [*copies, replace(came("latest", at=139), via="S1")]) == ()
    again = sync(MirrorOutcome.FAILED, at=60)
    later = replace(told(sync(MirrorOutcome.FAILED), at=101), via="S1")
    assert missed([again, sync(MirrorOutcome.FAILED, at=100)], [later, replace(later, via="S2")]) == (again,)


def test_what_any_way_brought_is_not_missed() -> None:
    ways = [replace(came("latest", at=4), via="S1"), replace(came("latest", at=204), via="S2")]
    assert missed([push("latest"), push("latest", at=200, digest="sha256:b")], ways) == ()


@given(st.lists(st.tuples(st.integers(0, 900), st.sets(st.sampled_from(["S1", "S2", "7"]))), max_size=12))
def test_as_many_copies_as_there_are_ways_change_nothing(things: list[tuple[int, set[str]]]) -> None:
    times = sorted({at * 300 for at, _ in things})
    ways = dict(zip(times, (ways for _, ways in things), strict=False))
    arrived = [replace(came("latest", at=at + 5), via=via) for at, its in ways.items() for via in sorted(its)]
    left = missed([push("latest", at=at) for at in times], arrived)
    assert [one.at for one in left] == [after(at) for at, its in ways.items() if not its]


def test_a_filtered_push_counts_as_one_that_came() -> None:
    assert missed([push("latest")], [Came("repo_push", after(3), ("latest",))]) == ()


def test_of_a_push_with_several_tags_the_missing_ones_are_told() -> None:
    (left,) = missed([push("v1", "v2", "v3")], [came("v2", at=4)])
    assert isinstance(left, Pushed)
    assert left.tags == ("v1", "v3")
    assert [one.tag for one in left.facts] == ["v1", "v3"]


def test_the_test_button_stands_for_no_push() -> None:
    lost = push("latest")
    assert missed([lost], [came("latest", at=5), came("foo", at=5)]) == (lost,)
    assert missed([lost], [came("latest", "foo", at=5)]) == (lost,)
    assert missed([lost], [came("latest", at=5), came("foo", at=6)]) == ()


def test_a_test_of_anything_else_stands_for_nothing() -> None:
    lost = sync(MirrorOutcome.FAILED)
    assert missed([lost], [Came(lost.kind, after(3), item=TEST)]) == (lost,)
    assert missed([lost], [Came(lost.kind, after(3))]) == ()
    assert thing(lost.model_copy(update={"test": True})) == TEST


@pytest.mark.parametrize(
    ("state", "phase", "arrived", "is_missed"),
    [
        ("build_success", Phase.COMPLETE, [], True),
        ("build_success", Phase.COMPLETE, ["build_queued", "build_start"], True),
        ("build_success", Phase.COMPLETE, ["build_success"], False),
        ("build_start", Phase.BUILDING, ["build_queued"], True),
        ("build_start", Phase.BUILDING, ["build_failure"], False),
        ("build_queued", Phase.WAITING, ["build_start"], False),
        ("build_failure", Phase.ERROR, ["build_start", POLLED], False),
    ],
)
def test_a_build_is_missed_unless_its_state_or_a_later_one_came(
    state: str, phase: Phase, arrived: list[str], is_missed: bool
) -> None:
    event = build(state, phase)
    assert missed([event], [told(event, kind=kind) for kind in arrived]) == ((event,) if is_missed else ())


def test_whoever_missed_anything_about_builds_may_have_missed_failures_of_which_quay_sends_nothing() -> None:
    wanted = ("repo_push", "build_queued", "build_success", "build_failure")
    assert asked(wanted, ["build_queued"]) == ("build_queued", "build_success", "build_failure")
    assert asked(wanted, ["repo_push"]) == ("repo_push",)
    assert asked(("repo_push",), ["build_failure"]) == ()


@given(st.sets(st.sampled_from(EVENTS)), st.sets(st.sampled_from(EVENTS)))
def test_a_gap_is_about_what_was_lost_and_about_all_builds_or_none(wants: set[str], lost: set[str]) -> None:
    wanted = tuple(event for event in EVENTS if event in wants)
    found = asked(wanted, lost)
    assert found == tuple(event for event in wanted if event in found)
    assert {one for one in found if not is_build(one)} == {one for one in wants & lost if not is_build(one)}
    builds = {one for one in wants if is_build(one)}
    assert {one for one in found if is_build(one)} == (builds if any(map(is_build, lost)) else set())


def test_one_build_does_not_stand_for_another() -> None:
    mine, other = build("build_failure", Phase.ERROR), build("build_failure", Phase.ERROR, "b2")
    assert missed([mine, other], [told(other)]) == (mine,)


def test_syncs_are_paired_by_their_outcome_and_time() -> None:
    failed, again = sync(MirrorOutcome.FAILED), sync(MirrorOutcome.FAILED, at=600)
    started = sync(MirrorOutcome.STARTED, at=590)
    arrived = [told(failed, at=9), told(started, at=595)]
    assert missed([again, started, failed], arrived) == (again,)


def test_how_a_mirror_is_now_is_news_only_if_the_last_word_was_another() -> None:
    now = sync(MirrorOutcome.FAILED, at=900, message="")
    assert missed([now], [told(sync(MirrorOutcome.FAILED))]) == ()
    assert missed([now], [told(sync(MirrorOutcome.FAILED)), told(sync(MirrorOutcome.SUCCESS), at=90)]) == (now,)
    assert missed([now], []) == (now,)


def test_tags_that_were_named_are_not_named_again() -> None:
    (left,) = missed([expiry("v1", "v2", at=0)], [told(expiry("v2"), at=-9_000)])
    assert getattr(left, "tags", ()) == ("v1",)
    assert missed([expiry("v2")], [told(expiry("v2"), at=-9_000)]) == ()


def test_findings_that_were_named_are_not_named_again() -> None:
    old, new = finding("CVE-2026-0001", "v1"), finding("CVE-2026-0002", "v1")
    arrived = [Came("vulnerability_found", after(-90_000), ("v2",), "hash", "CVE-2026-0001")]
    assert missed([old, new], arrived) == (new,)


def test_the_same_happening_has_the_same_key_and_others_have_others() -> None:
    events = [
        push("v1"),
        push("v1", at=1),
        push("v1", digest="sha256:b"),
        push("v2"),
        build("build_failure", Phase.ERROR),
        build("build_failure", Phase.ERROR, "b2"),
        build("build_success", Phase.COMPLETE),
        sync(MirrorOutcome.FAILED),
        sync(MirrorOutcome.FAILED, at=60),
        expiry("v1"),
        expiry("v1", "v2"),
        finding("CVE-1", "v1"),
        finding("CVE-2", "v1"),
        QuotaCrossed(kind="quota_error", namespace="acme", at=T, rejecting=True),
    ]
    assert len({key(one) for one in events}) == len(events)
    assert all(key(one) == key(one.model_copy(update={"note": "late", "recovered": False})) for one in events)
    assert key(build("build_failure", Phase.ERROR, at=9)) == key(build("build_failure", Phase.ERROR))
    assert len(key(push("x" * 128, *(f"v{number}" for number in range(900))))) <= 200


@pytest.mark.parametrize(
    ("seconds", "note"),
    [
        (-3, "recovered, 0 s late"),
        (59, "recovered, 59 s late"),
        (60, "recovered, 1 min late"),
        (14 * 60 + 59, "recovered, 14 min late"),
        (3_600, "recovered, 1 h late"),
        (47 * 3_600, "recovered, 47 h late"),
        (3 * 86_400, "recovered, 3 days late"),
    ],
)
def test_how_late_it_is_told(seconds: int, note: str) -> None:
    assert late_note(T, after(seconds)) == note


PUSHES = st.lists(
    st.tuples(st.sampled_from(["latest", "v1", "v2"]), st.integers(0, 3_000), st.none() | st.integers(0, 200)),
    max_size=25,
    unique_by=lambda one: one[:2],
)


@given(PUSHES, st.integers())
def test_of_each_tag_as_many_are_missed_as_did_not_come_whatever_the_order(
    pushes: list[tuple[str, int, int | None]], seed: int
) -> None:
    happened = [push(tag, at=at) for tag, at, _ in pushes]
    received = [came(tag, at=at + delay) for tag, at, delay in pushes if delay is not None]
    left = missed(happened, received)
    for tag in ("latest", "v1", "v2"):
        lost = sum(1 for name, _, delay in pushes if name == tag and delay is None)
        assert sum(tag in one.tags for one in left if isinstance(one, Pushed)) == lost
    assert list(left) == sorted(left, key=lambda one: one.at)
    Random(seed).shuffle(happened)
    Random(seed).shuffle(received)
    assert missed(happened, received) == left


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12), st.integers())
def test_of_builds_exactly_those_are_missed_that_did_not_come(flags: list[tuple[bool, bool]], seed: int) -> None:
    happened = [
        build("build_failure" if bad else "build_success", Phase.ERROR if bad else Phase.COMPLETE, f"b{place}", place)
        for place, (bad, _) in enumerate(flags)
    ]
    received = [told(one, 5) for one, (_, arrived) in zip(happened, flags, strict=True) if arrived]
    expected = tuple(one for one, (_, arrived) in zip(happened, flags, strict=True) if not arrived)
    Random(seed).shuffle(happened)
    Random(seed).shuffle(received)
    assert missed(happened, received) == expected
    assert missed([*happened, *happened[:0]], [replace(one) for one in received]) == expected


def test_what_was_told_as_recovered_is_not_missed_a_second_time() -> None:
    happened = [push("v1"), build("build_failure", Phase.ERROR), sync(MirrorOutcome.FAILED), expiry("v9")]
    first = missed(happened, [])
    assert set(map(key, first)) == set(map(key, happened))
    assert missed(happened, [told(one, (one.at - T).total_seconds()) for one in first]) == ()
