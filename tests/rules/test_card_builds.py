"""A build's card tells the truth, whatever order Quay's webhooks and our polls arrive in."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import BuildCard
from bot.domain.events import BuildMoved, Phase, Progress
from bot.rules.cards.builds import ENDED, RUNNING, SOFT, belongs, final, fold, names, weight

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def moved(phase: Phase, second: float = 0, **more: Any) -> BuildMoved:
    defaults = {"kind": "build_start", "namespace": "acme", "repository": "acme/api", "build_id": "b-1"}
    return BuildMoved(phase=phase, at=NOON + timedelta(seconds=second), **{**defaults, **more})


def told(*events: BuildMoved) -> BuildCard:
    card = None
    for event in events:
        card = fold(card, event, ())
    assert card is not None
    return card


def test_a_build_has_one_card_for_ever() -> None:
    event = moved(Phase.WAITING)
    assert names(event) == ("build:b-1",)
    assert belongs(told(event), moved(Phase.COMPLETE, 1e6), "build:b-1")


@pytest.mark.parametrize("order", list(permutations((Phase.WAITING, Phase.BUILDING, Phase.ERROR))))
def test_queued_started_failed_ends_failed_in_any_order(order: tuple[Phase, ...]) -> None:
    card = told(*(moved(phase, second) for second, phase in enumerate(order)))
    assert card.known.phase is Phase.ERROR
    assert card.finished == NOON + timedelta(seconds=order.index(Phase.ERROR))


@settings(deadline=None)
@given(st.permutations([*RUNNING, Phase.COMPLETE]))
def test_any_order_of_webhooks_ends_with_the_end(order: list[Phase]) -> None:
    assert told(*(moved(phase, second) for second, phase in enumerate(order))).known.phase is Phase.COMPLETE


@settings(deadline=None)
@given(st.permutations(RUNNING), st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_running_build_never_runs_backwards(order: list[Phase], polled: list[bool]) -> None:
    furthest = 0
    card = None
    for second, (phase, asked) in enumerate(zip(order, polled, strict=True)):
        card = fold(card, moved(phase, second, polled=asked), ())
        furthest = max(furthest, RUNNING.index(phase))
        assert card.known.phase is RUNNING[furthest]


EVENTS = st.builds(
    moved, st.sampled_from(Phase), st.integers(0, 100), polled=st.booleans(), error=st.sampled_from(["", "a", "b"])
)


@settings(deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_a_copy_of_the_last_event_changes_nothing(events: list[BuildMoved]) -> None:
    card = told(*events)
    assert fold(card, events[-1], ()) == card


@settings(deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_an_end_stays_an_end_and_has_a_time(events: list[BuildMoved]) -> None:
    card, ends = None, []
    for event in events:
        card = fold(card, event, ())
        ends += [event.at] if event.phase in ENDED else []
        assert (card.known.phase in ENDED) is bool(ends)
        if ends:
            assert card.finished == min(ends)
        elif card.known.phase is not Phase.INTERNAL_ERROR:
            assert card.finished is None


@pytest.mark.parametrize(
    ("before", "event", "phase"),
    [
        # the first end that a webhook tells wins over later webhooks
        ((moved(Phase.ERROR),), moved(Phase.COMPLETE, 5), Phase.ERROR),
        ((moved(Phase.CANCELLED),), moved(Phase.BUILDING, 5), Phase.CANCELLED),
        # a polled end overrules a webhook's, never the other way round
        ((moved(Phase.ERROR, 5),), moved(Phase.COMPLETE, 1, polled=True), Phase.COMPLETE),
        ((moved(Phase.COMPLETE, polled=True),), moved(Phase.ERROR, 5), Phase.COMPLETE),
        # of two polled ends the newer one is true now
        ((moved(Phase.ERROR, polled=True),), moved(Phase.EXPIRED, 5, polled=True), Phase.EXPIRED),
        ((moved(Phase.ERROR, 5, polled=True),), moved(Phase.EXPIRED, 1, polled=True), Phase.ERROR),
        # polls do not re-open an end, and soft ends do not replace it
        ((moved(Phase.ERROR),), moved(Phase.BUILDING, 5, polled=True), Phase.ERROR),
        ((moved(Phase.ERROR),), moved(Phase.INTERNAL_ERROR, 5, polled=True), Phase.ERROR),
        # soft ends give way to what a later poll sees, and to any end
        ((moved(Phase.INTERNAL_ERROR, polled=True),), moved(Phase.WAITING, 5, polled=True), Phase.WAITING),
        ((moved(Phase.INTERNAL_ERROR, polled=True),), moved(Phase.COMPLETE, 5), Phase.COMPLETE),
        ((moved(Phase.INTERNAL_ERROR, polled=True),), moved(Phase.EXPIRED, 5, polled=True), Phase.EXPIRED),
        ((moved(Phase.UNKNOWN, polled=True),), moved(Phase.BUILDING, 5, polled=True), Phase.BUILDING),
        ((moved(Phase.UNKNOWN, polled=True),), moved(Phase.CANCELLED, 5), Phase.CANCELLED),
        # but not to a late webhook, nor to an older poll
        ((moved(Phase.INTERNAL_ERROR, 5, polled=True),), moved(Phase.BUILDING, 6), Phase.INTERNAL_ERROR),
        ((moved(Phase.INTERNAL_ERROR, 5, polled=True),), moved(Phase.BUILDING, 1, polled=True), Phase.INTERNAL_ERROR),
        # a running build can lose sight or break
        ((moved(Phase.BUILDING),), moved(Phase.UNKNOWN, 5, polled=True), Phase.UNKNOWN),
        ((moved(Phase.BUILDING),), moved(Phase.INTERNAL_ERROR, 5, polled=True), Phase.INTERNAL_ERROR),
    ],
)
def test_which_phase_wins(before: tuple[BuildMoved, ...], event: BuildMoved, phase: Phase) -> None:
    assert told(*before, event).known.phase is phase


def test_the_three_groups_cover_every_phase() -> None:
    assert set(RUNNING) | SOFT | ENDED == set(Phase)


def test_facts_add_up_and_empty_ones_erase_nothing() -> None:
    card = told(
        moved(Phase.WAITING, 0, ref="refs/heads/main", commit="abc", requested_by="alice", tags=("v1",)),
        moved(Phase.BUILDING, 1, name="1a2b3c4", progress=Progress(step=1, steps=9)),
        moved(Phase.BUILDING, 2, polled=True, progress=Progress(step=3, steps=9)),
        moved(Phase.ERROR, 3, kind="build_failure", error="exit 1", log_tail=("make: failed",)),
        moved(Phase.ERROR, 4),
    )
    known = card.known
    assert (known.ref, known.commit, known.requested_by, known.tags) == ("refs/heads/main", "abc", "alice", ("v1",))
    assert (known.name, known.progress, known.error) == ("1a2b3c4", Progress(step=3, steps=9), "exit 1")
    assert (known.kind, known.log_tail) == ("build_failure", ("make: failed",))
    assert (card.first, card.last) == (NOON, NOON + timedelta(seconds=4))
    assert card.finished == NOON + timedelta(seconds=3)


def test_facts_are_learned_from_events_whose_phase_comes_too_late() -> None:
    card = told(moved(Phase.ERROR, 1), moved(Phase.BUILDING, 2, name="1a2b3c4", trigger="github"))
    assert (card.known.phase, card.known.name, card.known.trigger) == (Phase.ERROR, "1a2b3c4", "github")


def test_finished_is_the_first_word_of_an_end() -> None:
    card = told(moved(Phase.ERROR, 10), moved(Phase.COMPLETE, 30, polled=True), moved(Phase.ERROR, 5))
    assert card.finished == NOON + timedelta(seconds=5)


def test_a_build_that_quay_starts_again_is_not_finished() -> None:
    broken = told(moved(Phase.INTERNAL_ERROR, 10, polled=True))
    assert broken.finished == NOON + timedelta(seconds=10)
    again = fold(broken, moved(Phase.WAITING, 20, polled=True), ())
    assert again.finished is None
    assert fold(again, moved(Phase.COMPLETE, 30), ()).finished == NOON + timedelta(seconds=30)


@pytest.mark.parametrize("phase", Phase)
def test_a_build_that_has_ended_is_final_and_a_failed_one_weighs_more(phase: Phase) -> None:
    card = told(moved(phase))
    assert final(card) is (phase in {Phase.COMPLETE, Phase.ERROR, Phase.EXPIRED, Phase.CANCELLED})
    assert weight(card) == (6 if phase in {Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED} else 0)


@settings(deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_a_build_survives_being_stored(events: list[BuildMoved]) -> None:
    card = told(*events)
    assert BuildCard.model_validate_json(card.model_dump_json()) == card
