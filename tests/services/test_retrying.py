"""When to try again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.retrying import LONGEST, PATIENCE, lets_others_go, wait

ATTEMPTS = st.integers(-5, 10_000)
AFTER = st.floats(0, 3600)
JITTER = st.floats(0, 1)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0.5), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60), (-1, 0.5)]
)
def test_each_pause_is_twice_the_last_up_to_a_minute(attempts: int, seconds: float) -> None:
    assert wait(attempts, 0.0, 0.0) == timedelta(seconds=seconds)


@given(ATTEMPTS, AFTER, JITTER)
def test_it_is_never_sooner_than_was_asked_for(attempts: int, after: float, jitter: float) -> None:
    assert wait(attempts, after, jitter) >= timedelta(seconds=after)


@given(ATTEMPTS, AFTER, JITTER)
def test_it_is_never_longer_than_the_longest_and_a_quarter(attempts: int, after: float, jitter: float) -> None:
    assert wait(attempts, after, jitter) <= timedelta(seconds=max(after, LONGEST) * 1.25 + 0.001)


@given(ATTEMPTS, AFTER, JITTER)
def test_it_never_shrinks_from_one_attempt_to_the_next(attempts: int, after: float, jitter: float) -> None:
    assert wait(attempts + 1, after, jitter) >= wait(attempts, after, jitter)


def test_those_that_failed_together_are_spread() -> None:
    assert wait(2, 0.0, 1.0) == 1.25 * wait(2, 0.0, 0.0)


@pytest.mark.parametrize(("failing", "failures"), [(0, 3), (1, 3), (2, 12), (3, 48)])
def test_a_message_that_fails_alone_lets_others_go_soon_and_one_of_many_late(failing: int, failures: int) -> None:
    assert lets_others_go(failures, failing)
    assert not lets_others_go(failures - 1, failing)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_more_fail_the_longer_each_keeps_its_place(failures: int, failing: int) -> None:
    assert lets_others_go(failures, failing) or not lets_others_go(failures, failing + 1)
    assert failures >= PATIENCE or not lets_others_go(failures, failing)
