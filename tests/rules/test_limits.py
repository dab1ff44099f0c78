"""The bucket: never more than it holds and what flows in, and nobody starves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.limits import MINUTE, taken

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RATES = st.integers(min_value=1, max_value=100)
PAUSES = st.lists(st.integers(min_value=0, max_value=30_000_000).map(lambda micro: timedelta(microseconds=micro)))


def granted(pauses: list[timedelta], rate: int) -> list[datetime]:
    """When something was granted to somebody who asks after each of these pauses."""
    full_at, now, times = None, START, []
    for pause in pauses:
        now += pause
        full_at, wait = taken(full_at, now, rate)
        times += [] if wait else [now]
    return times


@given(pauses=PAUSES, rate=RATES, window=st.integers(min_value=0, max_value=180).map(lambda s: timedelta(seconds=s)))
def test_no_span_of_time_has_more_than_the_burst_and_what_flows_in_meanwhile(
    pauses: list[timedelta], rate: int, window: timedelta
):
    times = granted(pauses, rate)

    for first in times:
        inside = [one for one in times if first <= one <= first + window]
        assert len(inside) <= rate + rate * (window / MINUTE) + 1e-3


@given(pauses=PAUSES, rate=RATES)
def test_whoever_waits_as_long_as_told_gets_the_next_one_and_not_a_moment_earlier(pauses: list[timedelta], rate: int):
    full_at, now = None, START
    for pause in pauses:
        now += pause
        full_at, wait = taken(full_at, now, rate)
        if wait:
            assert wait <= MINUTE / rate + timedelta(microseconds=1)
            assert taken(full_at, now + wait - timedelta(microseconds=1), rate)[1]
            assert not taken(full_at, now + wait, rate)[1]


@given(pauses=PAUSES, rate=RATES)
def test_asking_in_vain_costs_nothing(pauses: list[timedelta], rate: int):
    full_at, now = None, START
    for pause in pauses:
        now += pause
        after, wait = taken(full_at, now, rate)
        if wait:
            assert taken(after, now, rate) == (after, wait)
            assert taken(after, now + MINUTE, rate) == taken(full_at, now + MINUTE, rate)
        full_at = after


@given(rate=RATES)
def test_a_whole_burst_may_come_at_once_and_again_after_a_minute(rate: int):
    burst = [timedelta()] * (rate + 5)

    assert len(granted(burst, rate)) == rate
    assert len(granted([*burst, MINUTE, *burst], rate)) == 2 * rate


@given(pauses=PAUSES, rate=RATES)
def test_who_asks_more_slowly_than_it_flows_in_is_never_refused(pauses: list[timedelta], rate: int):
    slow = [pause + MINUTE / rate + timedelta(microseconds=1) for pause in pauses]

    assert len(granted(slow, rate)) == len(slow)


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(days=400)])
def test_a_clock_that_is_set_back_locks_nobody_out(back: timedelta):
    full_at = None
    for _ in range(3):
        full_at, _ = taken(full_at, START, 3)

    full_at, wait = taken(full_at, START - back, 3)

    assert wait == timedelta(seconds=20)
    assert not taken(full_at, START - back + wait, 3)[1]
