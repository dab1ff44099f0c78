"""Which event goes into which card, for everything but builds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome, MirrorSynced, Pushed, QuotaCrossed, Severity, TagsExpiring
from bot.domain.events import VulnerabilityFound as Found
from bot.rules.cards import expiry, mirrors, pushes, quota, vulnerabilities
from bot.rules.events import LONGEST_KEY, card_key

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STARTED, SUCCESS, FAILED = MirrorOutcome


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def pushed(second: float = 0, tags: tuple[str, ...] = ("v1", "latest"), **more: Any) -> Pushed:
    return Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=at(second), tags=tags, **more)


def found(second: float = 0, tags: tuple[str, ...] = ("v1",), vulnerability: str = "CVE-1") -> Found:
    return Found(
        kind="vulnerability_found",
        namespace="acme",
        repository="acme/api",
        at=at(second),
        tags=tags,
        vulnerability=vulnerability,
        severity=Severity.HIGH,
    )


def synced(outcome: MirrorOutcome, second: float = 0, message: str = "") -> MirrorSynced:
    return MirrorSynced(
        kind="repo_mirror_sync_" + outcome,
        namespace="acme",
        repository="acme/api",
        at=at(second),
        outcome=outcome,
        message=message,
    )


def expiring(second: float = 0, tags: tuple[str, ...] = ("v1",), expiring_in: str = "5 days") -> TagsExpiring:
    return TagsExpiring(
        kind="repo_image_expiry",
        namespace="acme",
        repository="acme/api",
        at=at(second),
        tags=tags,
        expiring_in=expiring_in,
    )


def crossed(second: float = 0, *, rejecting: bool = False, threshold: float = 80) -> QuotaCrossed:
    return QuotaCrossed(
        kind="quota_warning",
        namespace="acme",
        at=at(second),
        rejecting=rejecting,
        threshold_percent=threshold,
        usage_percent=81.5,
        usage_bytes=815,
        limit_bytes=1000,
    )


def test_a_push_is_known_by_its_repository_and_tags_in_any_order() -> None:
    assert pushes.key(pushed()) == "push:acme/api:latest,v1"
    assert pushes.key(pushed(tags=("latest", "v1"))) == pushes.key(pushed(tags=("v1", "latest")))


@pytest.mark.parametrize(("second", "same"), [(0, True), (40, True), (90, True), (91, False), (-40, True)])
def test_a_push_within_90_seconds_of_the_last_one_counts_up(second: float, same: bool) -> None:
    assert pushes.belongs(pushes.fold(None, pushed()), pushed(second)) is same


def test_pushes_are_counted_from_the_first_to_the_last() -> None:
    card = pushes.fold(pushes.fold(pushes.fold(None, pushed(0)), pushed(80)), pushed(40, note="odd"))
    assert (card.times, card.first, card.last, card.event.note) == (3, NOON, at(80), "odd")


@settings(deadline=None)
@given(st.lists(st.text(min_size=100, max_size=128), min_size=1, max_size=100))
def test_keys_are_short_however_long_the_tags_are(tags: list[str]) -> None:
    for key in (pushes.key(pushed(tags=tuple(tags))), vulnerabilities.key(found(tags=tuple(tags)))):
        assert len(key) <= LONGEST_KEY


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), max_size=4), st.lists(st.text(max_size=300), max_size=4))
def test_long_keys_differ_when_their_parts_do(one: list[str], other: list[str]) -> None:
    if min(len(":".join(one)), len(":".join(other))) > LONGEST_KEY:
        assert (card_key("f", *one) == card_key("f", *other)) is ("\0".join(one) == "\0".join(other))


def test_a_finding_is_known_by_repository_name_and_tags() -> None:
    assert vulnerabilities.key(found()) == "vulnerability:acme/api:CVE-1:v1"
    assert vulnerabilities.key(found(vulnerability="CVE-2")) != vulnerabilities.key(found())
    assert vulnerabilities.key(found(tags=("v2",))) != vulnerabilities.key(found())


@pytest.mark.parametrize(("second", "same"), [(0, True), (600, True), (601, False)])
def test_a_copy_of_a_finding_within_ten_minutes_changes_nothing(second: float, same: bool) -> None:
    card = vulnerabilities.fold(None, found())
    assert vulnerabilities.belongs(card, found(second)) is same
    assert vulnerabilities.fold(card, found(second)) == card


@pytest.mark.parametrize(("second", "same"), [(0, True), (3600, True), (3601, False)])
def test_a_copy_of_an_expiry_or_quota_warning_within_an_hour_changes_nothing(second: float, same: bool) -> None:
    card = expiry.fold(None, expiring())
    assert (expiry.belongs(card, expiring(second)), expiry.fold(card, expiring(second))) == (same, card)
    full = quota.fold(None, crossed())
    assert (quota.belongs(full, crossed(second)), quota.fold(full, crossed(second))) == (same, full)


def test_warnings_with_different_distances_are_two() -> None:
    card = expiry.fold(None, expiring())
    assert expiry.key(expiring()) == "expiry:acme/api:v1"
    assert not expiry.belongs(card, expiring(1, expiring_in="1 days"))


def test_each_quota_threshold_has_its_card() -> None:
    keys = {quota.key(crossed(rejecting=reject, threshold=share)) for reject in (True, False) for share in (80, 90.5)}
    assert keys == {"quota:acme:error:80", "quota:acme:error:90.5", "quota:acme:warning:80", "quota:acme:warning:90.5"}


def test_a_quota_of_an_unknown_threshold_has_a_card_too() -> None:
    event = crossed().model_copy(update={"threshold_percent": None})
    assert quota.key(event) == "quota:acme:warning:unknown"
    assert quota.belongs(quota.fold(None, event), event)


def mirror(*events: MirrorSynced) -> MirrorCard:
    card = None
    for event in events:
        card = mirrors.fold(card, event)
    assert card is not None
    return card


RUNNING = (synced(STARTED),)
FINISHED = (synced(STARTED), synced(FAILED, 60, "why"))
ORPHAN = (synced(SUCCESS, 60, "done"),)


@pytest.mark.parametrize(
    ("before", "event", "same"),
    [
        (RUNNING, synced(STARTED, 40), True),
        (RUNNING, synced(STARTED, 91), False),
        (RUNNING, synced(SUCCESS, 1), True),
        (RUNNING, synced(FAILED, 7200), True),
        (FINISHED, synced(STARTED, 180), True),
        (FINISHED, synced(STARTED, 181), False),
        (ORPHAN, synced(STARTED, 61), True),
        (FINISHED, synced(FAILED, 150, "why"), True),
        (FINISHED, synced(FAILED, 151, "why"), False),
        (FINISHED, synced(FAILED, 61, "another reason"), False),
        (FINISHED, synced(SUCCESS, 61, "why"), False),
    ],
)
def test_which_mirror_events_belong_together(before: tuple[MirrorSynced, ...], event: MirrorSynced, same: bool) -> None:
    assert mirrors.belongs(mirror(*before), event) is same
    assert mirrors.key(event) == "mirror:acme/api"


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (RUNNING, synced(STARTED, 40)),
        (FINISHED, synced(STARTED, 100)),
        (ORPHAN, synced(STARTED, 61)),
        (FINISHED, synced(FAILED, 100, "why")),
    ],
)
def test_copies_and_late_starts_change_nothing(before: tuple[MirrorSynced, ...], event: MirrorSynced) -> None:
    card = mirror(*before)
    assert mirrors.fold(card, event) == card


def test_the_outcome_finishes_a_running_sync() -> None:
    card = mirror(*FINISHED)
    assert (card.outcome, card.started, card.finished, card.known.message) == (FAILED, NOON, at(60), "why")


def test_an_outcome_without_a_start_is_a_card_of_its_own() -> None:
    card = mirror(*ORPHAN)
    assert (card.outcome, card.started, card.finished) == (SUCCESS, None, at(60))
