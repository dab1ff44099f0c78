"""Which ways are tried, and when silence is no chance any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.subscriptions import OFF, Part
from bot.rules.beating import AGAIN, PATIENCE, SILENT, Pulse, heard, pulse

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def part(hook: str = "1", ago: timedelta = 2 * HOUR, **facts: object) -> Part:
    given = {"uuid": "u", "heard_at": NOW - ago, "created_at": NOW - timedelta(days=9)} | facts
    return Part(hook, "S1", "acme/web", "repo_push", silent=False, config="{}", **given)


def test_a_way_that_was_silent_for_long_is_tried():
    assert pulse([part()], NOW, HOUR) == Pulse(ask=part())


def test_whatever_came_through_any_of_them_proves_the_way():
    assert pulse([part(), part("2", timedelta(minutes=59))], NOW, HOUR) == Pulse()


def test_the_one_that_was_heard_least_recently_has_its_turn():
    assert pulse([part(), part("2", 3 * HOUR)], NOW, HOUR).ask == part("2", 3 * HOUR)


def test_a_new_one_has_its_time_first():
    fresh = part(heard_at=None, created_at=NOW - timedelta(minutes=59))
    assert pulse([fresh], NOW, HOUR) == Pulse()
    assert pulse([replace(fresh, created_at=NOW - HOUR)], NOW, HOUR).ask is not None


def test_what_is_switched_off_or_not_there_is_not_tried():
    assert pulse([part(failures=OFF), part("2", uuid="")], NOW, HOUR) == Pulse()
    assert pulse([], NOW, HOUR) == Pulse()


def test_a_test_call_has_two_minutes_to_arrive():
    assert pulse([part(beat_at=NOW - PATIENCE + timedelta(seconds=1))], NOW, HOUR) == Pulse()


def test_one_that_got_lost_is_asked_for_again():
    lost = part(beat_at=NOW - PATIENCE)
    assert pulse([lost], NOW, HOUR) == Pulse(ask=replace(lost, beaten=1))


def test_two_in_a_row_are_a_silence_and_it_is_tried_rarely_from_then_on():
    lost = part(beat_at=NOW - PATIENCE, beaten=1)
    assert pulse([lost], NOW, HOUR) == Pulse(silent=replace(lost, beaten=2))
    later = replace(lost, beat_at=NOW - AGAIN)
    assert pulse([later], NOW, HOUR) == Pulse(replace(later, beaten=2), replace(later, beaten=2))


def test_an_answer_through_any_of_them_ends_the_silence():
    lost = part(beat_at=NOW - timedelta(minutes=30), beaten=5)
    assert pulse([lost, part("2", timedelta(minutes=1))], NOW, HOUR) == Pulse()


MINUTES = st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes))
PARTS = st.lists(
    st.builds(
        part,
        st.sampled_from("123"),
        MINUTES,
        beat_at=st.none() | MINUTES.map(lambda ago: NOW - ago),
        beaten=st.integers(0, 4),
        failures=st.integers(0, 4),
        uuid=st.sampled_from(("", "u")),
    ),
    max_size=4,
    unique_by=lambda one: one.hook,
)


@given(PARTS)
def test_nothing_is_asked_for_while_a_call_may_still_arrive_or_something_came(parts: list[Part]):
    found, last = pulse(parts, NOW, HOUR), heard(parts)
    flying = [one for one in parts if one.beat_at and (last is None or one.beat_at > last)]
    if flying and NOW - max(one.beat_at for one in flying if one.beat_at) < PATIENCE:
        assert found == Pulse()
    if last is not None and NOW - last < HOUR and not flying:
        assert found == Pulse()
    if found.ask is not None:
        assert found.ask.uuid
        assert found.ask.failures < OFF
    if found.silent is not None:
        assert found.silent.beaten >= SILENT
