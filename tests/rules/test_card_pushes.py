"""Which pushes share a card, and what it counts."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import PushCard
from bot.domain.events import Pushed
from bot.rules.cards.pushes import KEPT, belongs, final, fold, items, listed, names, weight

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def pushed(second: float = 0, *tags: str, **more: Any) -> Pushed:
    return Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=at(second), tags=tags, **more)


def told(*events: Pushed) -> PushCard:
    """The card of all of them, as the list of items sees to it that each tag is new once."""
    card, known = None, set[str]()
    for event in events:
        fresh = tuple(item for item in items(event) if item.key not in known)
        known |= {item.key for item in fresh}
        card = fold(card, event, fresh)
    assert card is not None
    return card


def test_all_tags_of_a_repository_are_looked_for_under_its_name() -> None:
    assert names(pushed(0, "v1", "latest")) == names(pushed(9, "v2")) == ("push:acme/api",)


@pytest.mark.parametrize(
    ("second", "same"), [(0, True), (40, True), (90, True), (91, False), (-40, True), (-90, True), (-91, False)]
)
def test_a_push_within_90_seconds_of_the_last_one_goes_on_the_card(second: float, same: bool) -> None:
    assert belongs(told(pushed(0, "v1")), pushed(second, "v2"), "push:acme/api") is same


def test_a_push_that_comes_late_belongs_where_it_would_have_been() -> None:
    card = told(*(pushed(second, "v1") for second in range(0, 600, 60)))
    assert belongs(card, pushed(200, "v2"), "push:acme/api")


@pytest.mark.parametrize(("second", "same"), [(600, True), (601, False)])
def test_a_card_takes_pushes_for_ten_minutes_however_fast_they_come(second: float, same: bool) -> None:
    card = told(*(pushed(second, f"v{second}") for second in range(0, 600, 60)))
    assert belongs(card, pushed(second, "latest"), "push:acme/api") is same


def test_tags_count_once_and_pushes_each_time() -> None:
    card = told(pushed(5, "v1"), pushed(0, "v1"), pushed(80, "latest", note="odd"), pushed(40, "v1"))
    assert (card.pushes, card.distinct, listed(card)) == (4, 2, 2)
    assert card.tags == {"latest": 1, "v1": 3}
    assert (card.event.at, card.last, card.event.note, card.event.tags) == (NOON, at(80), "odd", ())


def test_tags_are_in_the_order_that_people_expect() -> None:
    card = told(*(pushed(0, tag) for tag in ("v1.10", "v1.9", "latest", "v1.09")))
    assert list(card.tags) == ["latest", "v1.09", "v1.9", "v1.10"]


def test_each_tag_is_an_item_with_flat_columns() -> None:
    one, other = items(pushed(0, "v1", "latest", "v1"))
    assert one.data == {"tag": "v1", "repository": "acme/api", "at": "2026-11-23T12:00:00+00:00"}
    assert (one.key, other.key) == ("tag:v1", "tag:latest")
    assert len(items(pushed(0, "x" * 5000))[0].key) < 100


def test_a_push_without_a_tag_counts_as_a_push_only() -> None:
    card = told(pushed(), pushed())
    assert (card.pushes, card.distinct, card.tags) == (2, 0, {})


def test_pushes_are_routine_and_never_over() -> None:
    assert (weight(told(pushed())), final(told(pushed()))) == (0, False)


TAGS = st.sampled_from([f"v{number}" for number in range(80)])
PUSHES = st.builds(lambda second, tags: pushed(second, *tags), st.integers(0, 600), st.lists(TAGS, max_size=4))


@settings(deadline=None)
@given(st.lists(PUSHES, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_any_order_of_the_same_pushes_makes_the_same_card(events: list[Pushed], random: Any) -> None:
    card = told(*events)
    random.shuffle(events)
    assert told(*events) == card


@settings(deadline=None)
@given(st.lists(PUSHES, min_size=1, max_size=60))
def test_the_numbers_are_exact_and_the_card_stays_small(events: list[Pushed]) -> None:
    card = told(*events)
    counted = Counter(tag for event in events for tag in set(event.tags))
    assert (card.pushes, card.distinct) == (len(events), len(counted))
    assert dict(card.tags).items() <= counted.items()
    assert len(card.tags) == min(KEPT, len(counted))


@settings(deadline=None)
@given(st.lists(PUSHES, min_size=1, max_size=8), st.integers(0, 7))
def test_a_repeated_push_adds_no_tag(events: list[Pushed], which: int) -> None:
    card = told(*events)
    again = fold(card, events[which % len(events)], ())
    assert (again.distinct, again.tags.keys(), again.pushes) == (card.distinct, card.tags.keys(), card.pushes + 1)


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=60), st.text(max_size=20))
def test_a_card_of_any_tags_survives_being_stored(tags: list[str], name: str) -> None:
    card = told(pushed(0, *tags[:30]), pushed(0, *tags[30:]))
    assert PushCard.model_validate_json(card.model_dump_json()) == card
    assert isinstance(belongs(card, pushed(0, *tags), name), bool)
