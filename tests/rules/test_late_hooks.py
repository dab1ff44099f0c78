"""A webhook that comes after the recovery is told already, once for each subscription; what is news never is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    BuildMoved,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Pushed,
    PushFacts,
    Severity,
    VulnerabilityFound,
)
from bot.rules.late_hooks import again, marked, may_be_late, unmarked
from bot.rules.recovering import key

T = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEB = {"namespace": "acme", "repository": "acme/web"}


def after(seconds: float) -> datetime:
    return T + timedelta(seconds=seconds)


def push(tag: str, at: float = 0, **other: str) -> Pushed:
    facts = (PushFacts(tag=tag, digest="sha256:a"),)
    return Pushed(kind="repo_push", at=after(at), tags=(tag,), facts=facts, **WEB | other)


def webhook(*tags: str, at: float) -> Pushed:
    return Pushed(kind="repo_push", at=after(at), tags=tags, **WEB)


def finding(*tags: str, at: float = 0, name: str = "RHSA-2026:1") -> VulnerabilityFound:
    return VulnerabilityFound(
        kind="vulnerability_found", at=after(at), tags=tags, vulnerability=name, severity=Severity.HIGH, **WEB
    )


def sync(outcome: MirrorOutcome, at: float = 0) -> MirrorSynced:
    return MirrorSynced(kind=f"repo_mirror_sync_{outcome}", at=after(at), outcome=outcome, **WEB)


@pytest.mark.parametrize(
    ("at", "late"), [(-30, False), (-3, True), (0, True), (230, True), (600, True), (601, False), (86_400, False)]
)
def test_a_push_is_told_already_for_ten_minutes_after_it_happened(at: float, late: bool) -> None:
    told = key(push("v1"))
    assert again(webhook("v1", at=at), {told: after(120)}) == ((told,) if late else ())


def test_other_tags_and_repositories_are_news() -> None:
    rows = {key(push("v1")): T, key(push("v1", repository="acme/we")): T, "S1 " + key(push("v2")): T}
    assert again(webhook("v2", at=60), rows) == ()
    assert again(webhook("v", at=60), rows) == ()
    assert again(webhook("v1", "v2", at=60), rows) == ()
    assert again(webhook("v1", at=60), rows) == (key(push("v1")),)


def test_of_two_pushes_of_a_tag_each_takes_a_webhook_of_its_own() -> None:
    one, other = key(push("v1")), key(push("v1", at=40))
    assert again(webhook("v1", at=60), {one: T, other: T}) == (one,)
    assert again(webhook("v1", at=61), {other: T}) == (other,)
    assert again(webhook("v1", at=20), {other: T}) == ()


def test_a_sync_is_told_already_by_its_outcome() -> None:
    failed = key(sync(MirrorOutcome.FAILED))
    assert again(sync(MirrorOutcome.FAILED, at=90), {failed: T}) == (failed,)
    assert again(sync(MirrorOutcome.SUCCESS, at=90), {failed: T}) == ()


def test_a_finding_is_told_already_for_ten_minutes_after_its_recovery() -> None:
    told = key(finding("v1", "v2"))
    assert again(finding("v2", at=500), {told: T}) == (told,)
    assert again(finding("v3", at=500), {told: T}) == ()
    assert again(finding("v2", at=500, name="RHSA-2026:11"), {told: T}) == ()
    assert again(finding("v2", at=601), {told: T}) == ()


def test_builds_and_tests_are_never_late() -> None:
    build = BuildMoved(kind="build_success", at=T, build_id="b1", phase=Phase.COMPLETE, **WEB)
    test = webhook("v1", at=9).model_copy(update={"test": True})
    assert [may_be_late(one) for one in (build, test, webhook("v1", at=9))] == [False, False, True]
    assert again(test, {key(push("v1")): T}) == again(build, {key(build): T}) == ()


def test_a_key_that_is_too_long_to_be_read_is_news() -> None:
    tag, digest = "v" * 128, "sha256:" + "a" * 64
    facts = (PushFacts(tag=tag, digest=digest),)
    told = push(tag).model_copy(update={"facts": facts})
    assert again(webhook(tag, at=9), {key(told): T}) == ()


@given(st.lists(st.tuples(st.sampled_from(["v1", "v2"]), st.integers(0, 500)), max_size=9), st.integers(0, 9))
def test_never_more_webhooks_are_told_already_than_pushes_were_recovered(
    pushes: list[tuple[str, int]], copies: int
) -> None:
    rows = {key(push(tag, at)): after(at) for tag, at in pushes}
    late = dict.fromkeys(["S1", "S2"], 0)
    recovered = len(rows)
    for name in late:
        for tag in ("v1", "v2") * copies:
            keys = again(webhook(tag, at=500), unmarked(name, rows))
            late[name] += len(keys)
            rows |= dict.fromkeys(marked(name, keys), T)
    some = [sum(tag == one.split(":")[2] for one in rows if one.startswith("repo_push")) for tag in ("v1", "v2")]
    assert sum(some) == recovered
    assert late == dict.fromkeys(late, sum(min(copies, number) for number in some))
