"""What happened and what arrived, one to one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.pairing import EARLY, LATE, PROMPT, unpaired

T = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(*seconds: float) -> list[datetime]:
    return [T + timedelta(seconds=one) for one in seconds]


def test_what_arrives_in_time_stands_for_one_thing_each() -> None:
    assert unpaired(at(0, 60), at(8, 61)) == set()
    assert unpaired(at(0, 60), at(8)) == {1}
    assert unpaired(at(0, 0), at(3)) == {1}
    assert unpaired([], at(1)) == set()
    assert unpaired(at(1), []) == {0}


def test_a_repetition_stands_for_what_failed_before() -> None:
    assert unpaired(at(0), at(80)) == set()
    assert unpaired(at(0), at(LATE.total_seconds() + 1)) == {0}
    assert unpaired(at(0), at(-EARLY.total_seconds())) == set()
    assert unpaired(at(0), at(-EARLY.total_seconds() - 1)) == {0}


def test_of_two_the_one_that_nothing_followed_promptly_is_the_lost_one() -> None:
    assert unpaired(at(0, 60), at(65)) == {0}
    assert unpaired(at(60, 0), at(65)) == {1}


def test_prompt_arrivals_do_not_cost_a_pair() -> None:
    assert unpaired(at(0, 150), at(155, 300)) == set()


TIMES = st.integers(0, 2_000)
DELAYS = st.integers(0, int(LATE.total_seconds()))


@given(st.lists(st.tuples(TIMES, st.none() | DELAYS), max_size=30), st.randoms(use_true_random=False))
def test_exactly_as_many_are_left_as_were_lost(things: list[tuple[int, int | None]], chance: object) -> None:
    happened = at(*(one for one, _ in things))
    arrived = at(*(one + delay for one, delay in things if delay is not None))
    left = unpaired(happened, arrived)
    assert len(left) == len(happened) - len(arrived)
    assert unpaired(happened, list(reversed(arrived))) == left


@given(st.lists(st.none() | DELAYS, max_size=12))
def test_what_happens_far_apart_is_told_apart_exactly(delays: list[int | None]) -> None:
    apart = LATE + EARLY + timedelta(seconds=1)
    happened = [T + apart * place for place in range(len(delays))]
    arrived = [one + timedelta(seconds=delay) for one, delay in zip(happened, delays, strict=True) if delay is not None]
    assert unpaired(happened, arrived) == {place for place, delay in enumerate(delays) if delay is None}


@given(st.lists(st.tuples(TIMES, st.booleans()), max_size=20, unique_by=lambda one: one[0] // 40))
def test_what_comes_promptly_is_never_the_lost_one(things: list[tuple[int, bool]]) -> None:
    happened = at(*(one for one, _ in things))
    arrived = at(*(one + PROMPT.total_seconds() / 2 for one, came in things if came))
    left = unpaired(happened, arrived)
    assert len(left) == sum(not came for _, came in things)


@given(st.lists(TIMES, max_size=20), st.lists(TIMES, max_size=20), st.permutations(range(20)))
def test_the_order_of_what_happened_makes_no_difference(
    happened: list[int], arrived: list[int], order: list[int]
) -> None:
    places = [place for place in order if place < len(happened)]
    one = sorted(happened[place] for place in unpaired(at(*happened), at(*arrived)))
    shuffled = [happened[place] for place in places]
    other = sorted(shuffled[place] for place in unpaired(at(*shuffled), at(*arrived)))
    assert one == other
