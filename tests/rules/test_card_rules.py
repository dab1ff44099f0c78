"""Which event goes into which card: mirrors, expiring tags and quotas, which have no lists."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome, MirrorSynced, QuotaCrossed, TagsExpiring
from bot.rules.cards import expiry, mirrors, quota
from bot.rules.events import LONGEST_KEY, card_key

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STARTED, SUCCESS, FAILED = MirrorOutcome


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


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


@settings(deadline=None)
@given(st.lists(st.text(min_size=100, max_size=128), min_size=1, max_size=100))
def test_keys_are_short_however_long_the_tags_are(tags: list[str]) -> None:
    (name,) = expiry.names(expiring(tags=tuple(tags)))
    assert len(name) <= LONGEST_KEY


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), max_size=4), st.lists(st.text(max_size=300), max_size=4))
def test_long_keys_differ_when_their_parts_do(one: list[str], other: list[str]) -> None:
    if min(len(":".join(one)), len(":".join(other))) > LONGEST_KEY:
        assert (card_key("f", *one) == card_key("f", *other)) is ("\0".join(one) == "\0".join(other))


@pytest.mark.parametrize(("second", "same"), [(0, True), (3600, True), (3601, False)])
def test_a_copy_of_an_expiry_or_quota_warning_within_an_hour_changes_nothing(second: float, same: bool) -> None:
    card = expiry.fold(None, expiring(), ())
    assert (expiry.belongs(card, expiring(second), ""), expiry.fold(card, expiring(second), ())) == (same, card)
    full = quota.fold(None, crossed(), ())
    assert (quota.belongs(full, crossed(second), ""), quota.fold(full, crossed(second), ())) == (same, full)


def test_warnings_with_different_distances_are_two() -> None:
    card = expiry.fold(None, expiring(), ())
    assert expiry.names(expiring()) == ("expiry:acme/api:v1",)
    assert not expiry.belongs(card, expiring(1, expiring_in="1 days"), "")


def test_each_quota_threshold_has_its_card() -> None:
    known = {
        name
        for reject in (True, False)
        for share in (80, 90.5)
        for name in quota.names(crossed(rejecting=reject, threshold=share))
    }
    assert known == {"quota:acme:error:80", "quota:acme:error:90.5", "quota:acme:warning:80", "quota:acme:warning:90.5"}


def test_a_quota_of_an_unknown_threshold_has_a_card_too() -> None:
    event = crossed().model_copy(update={"threshold_percent": None})
    assert quota.names(event) == ("quota:acme:warning:unknown",)
    assert quota.belongs(quota.fold(None, event, ()), event, "")


def mirror(*events: MirrorSynced) -> MirrorCard:
    card = None
    for event in events:
        card = mirrors.fold(card, event, ())
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
    assert mirrors.belongs(mirror(*before), event, "") is same
    assert mirrors.names(event) == ("mirror:acme/api",)


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
    assert mirrors.fold(card, event, ()) == card


def test_the_outcome_finishes_a_running_sync() -> None:
    card = mirror(*FINISHED)
    assert (card.outcome, card.started, card.finished, card.known.message) == (FAILED, NOON, at(60), "why")


def test_an_outcome_without_a_start_is_a_card_of_its_own() -> None:
    card = mirror(*ORPHAN)
    assert (card.outcome, card.started, card.finished) == (SUCCESS, None, at(60))


@pytest.mark.parametrize(
    ("events", "weight", "final"),
    [
        (RUNNING, 0, False),
        (ORPHAN, 0, True),
        (FINISHED, 5, True),
    ],
)
def test_a_mirror_that_has_ended_is_final_and_a_failed_one_weighs_more(
    events: tuple[MirrorSynced, ...], weight: int, final: bool
) -> None:
    card = mirror(*events)
    assert (mirrors.weight(card), mirrors.final(card)) == (weight, final)


def test_refused_pushes_weigh_more_than_warnings() -> None:
    weights = [quota.weight(quota.fold(None, crossed(rejecting=reject), ())) for reject in (True, False)]
    assert [*weights, expiry.weight(expiry.fold(None, expiring(), ()))] == [7, 4, 2]


SYNCS = st.builds(synced, st.sampled_from(MirrorOutcome), st.integers(0, 300), st.sampled_from(["", "why"]))


@settings(deadline=None)
@given(st.lists(SYNCS, min_size=1, max_size=8))
def test_a_mirror_survives_being_stored(events: list[MirrorSynced]) -> None:
    card = mirror(*events)
    assert MirrorCard.model_validate_json(card.model_dump_json()) == card


@pytest.mark.parametrize("family", [mirrors, expiry, quota])
def test_these_cards_have_no_list(family: Any) -> None:
    event = {mirrors: synced(STARTED), expiry: expiring(), quota: crossed()}[family]
    assert family.items(event) == ()
    assert family.listed(family.fold(None, event, ())) == 0
