"""Whether a channel is told now, later or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import Rhythm
from bot.domain.events import (
    BuildMoved,
    Event,
    MirrorOutcome,
    MirrorSynced,
    Phase,
    Pushed,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)
from bot.rules.routing import Routed, Way, critical, routed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=4)
QUIET = Rhythm(zone="Europe/Berlin", quiet="12:00-14:30")  # at NOON it is 13:00 there
COMMON: dict[str, Any] = {"namespace": "acme", "repository": "acme/web", "at": NOON}
TELL, HOLD = Routed(Way.TELL), Routed(Way.HOLD)


def push(*tags: str, **more: Any) -> Pushed:
    return Pushed(kind="repo_push", tags=tags or ("v1",), **(COMMON | more))


def finding(severity: Severity, **more: Any) -> VulnerabilityFound:
    facts = {"tags": ("v1",), "vulnerability": "CVE-2026-1", "severity": severity}
    return VulnerabilityFound(kind="vulnerability_found", **(COMMON | facts | more))


def quota(*, rejecting: bool) -> QuotaCrossed:
    return QuotaCrossed(kind="quota_error", rejecting=rejecting, **COMMON)


def way(event: Event, filter_: str = "", paused_until: datetime | None = None, rhythm: Rhythm | None = None) -> Routed:
    return routed(event, filter_, paused_until=paused_until, rhythm=rhythm, now=NOON)


def test_an_event_is_told_where_nothing_is_against_it() -> None:
    assert way(push()) == TELL
    assert way(push("v1"), "tag:v*", NOON - timedelta(seconds=1), Rhythm(quiet="22:00-07:00")) == TELL


def test_a_pause_keeps_everything_out_until_its_end() -> None:
    assert way(push(), paused_until=LATER) == Routed(Way.OUT, "paused until 2026-11-23 16:00 UTC")
    assert way(finding(Severity.CRITICAL), paused_until=LATER).way is Way.OUT
    assert way(push(), paused_until=NOON) == TELL


def test_the_word_of_the_filter_is_the_rule() -> None:
    assert way(push("v1-dev"), "-tag:*-dev") == Routed(Way.OUT, "`-tag:*-dev`: the tag v1-dev is excluded")


def test_the_pause_is_named_before_the_filter_and_the_filter_before_quiet_hours() -> None:
    assert way(push("x"), "tag:v*", LATER, QUIET).rule.startswith("paused")
    assert way(push("x"), "tag:v*", rhythm=QUIET).rule.startswith("`tag:v*`")


def test_a_filter_that_cannot_be_read_lets_pass_and_says_why() -> None:
    told = way(push(), "nonsense:1")
    assert told.way is Way.TELL
    assert "nonsense" in told.trouble
    assert way(push(), "nonsense:1", rhythm=QUIET).way is Way.OUT


def test_quiet_hours_say_until_when_on_the_channels_clock() -> None:
    assert way(push(), rhythm=QUIET) == Routed(Way.OUT, "quiet hours until 14:30 (Europe/Berlin)")
    assert way(push(), rhythm=Rhythm(zone="Europe/Berlin", quiet="14:00-15:00")) == TELL
    assert way(push(), rhythm=Rhythm(zone="No/Where", quiet="11:00-13:00")).way is Way.OUT


def test_what_is_critical_is_told_in_quiet_hours() -> None:
    assert way(finding(Severity.CRITICAL), rhythm=QUIET) == TELL
    assert way(finding(Severity.HIGH), rhythm=QUIET).way is Way.OUT
    assert way(quota(rejecting=True), rhythm=QUIET) == TELL
    assert way(quota(rejecting=False), rhythm=QUIET).way is Way.OUT


@pytest.mark.parametrize(
    "event",
    [
        push(),
        finding(Severity.HIGH),
        quota(rejecting=False),
        BuildMoved(kind="build_failure", build_id="b", phase=Phase.ERROR, **COMMON),
        MirrorSynced(kind="repo_mirror_sync_failed", outcome=MirrorOutcome.FAILED, **COMMON),
        TagsExpiring(kind="repo_image_expiry", tags=("v1",), **COMMON),
    ],
)
def test_everything_else_can_wait_for_the_morning(event: Event) -> None:
    assert not critical(event)


def test_a_push_is_held_as_long_as_the_filter_asks_who_pushed() -> None:
    assert way(push(), "-by:acme+ci") == HOLD
    assert way(push(by="acme+ci"), "-by:acme+ci").rule.startswith("`-by:acme+ci`")
    assert way(push(by="bob"), "-by:acme+ci") == TELL
    assert way(push(by="bob"), "-by:acme+ci", rhythm=QUIET).rule.startswith("quiet hours")


def test_nothing_is_held_that_stays_out_anyway() -> None:
    assert way(push("x"), "tag:v* by:bob").rule.startswith("`tag:v*`")
    assert way(push(), "by:bob", LATER).rule.startswith("paused")


def test_only_pushes_that_quay_told_are_held() -> None:
    assert way(finding(Severity.HIGH), "-by:acme+ci") == TELL
    assert way(push(recovered=True), "-by:acme+ci") == TELL
    assert way(push(test=True), "-by:acme+ci") == TELL


FILTERS = st.sampled_from(
    ["", "tag:v*", "-tag:v*", "by:bob", "severity:critical", "fixable", "nonsense", "-by:bob tag:x"]
)
RHYTHMS = st.sampled_from([None, Rhythm(), QUIET, Rhythm(quiet="00:00-23:59")])
PAUSES = st.sampled_from([None, NOON - timedelta(days=1), LATER])


@given(FILTERS, RHYTHMS, PAUSES, st.booleans())
def test_a_test_is_always_told(filter_: str, rhythm: Rhythm | None, pause: datetime | None, pushed: bool) -> None:
    event = push(test=True) if pushed else finding(Severity.LOW, test=True)
    assert way(event, filter_, pause, rhythm) == TELL


@given(FILTERS, RHYTHMS, PAUSES, st.sampled_from(["", "bob", "eve"]))
def test_a_rule_is_named_exactly_where_something_is_kept_out(
    filter_: str, rhythm: Rhythm | None, pause: datetime | None, by: str
) -> None:
    for event in (push(by=by), finding(Severity.CRITICAL)):
        found = way(event, filter_, pause, rhythm)
        assert bool(found.rule) is (found.way is Way.OUT)
        assert found.way is not Way.HOLD or not by
