"""Times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import UserError
from bot.rules.times import moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday, 13:00 in Berlin


def local(text: str, *, past: bool, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> str:
    found = moment(text, now, zone, past=past)
    assert found.utcoffset() == timedelta()
    return found.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


PAST = {
    "2h ago": "2026-11-23 11:00:00",
    "90m ago": "2026-11-23 11:30:00",
    "2 hours ago": "2026-11-23 11:00:00",
    "1d 2h ago": "2026-11-22 11:00:00",
    "1 day and 2 hours ago": "2026-11-22 11:00:00",
    "an hour ago": "2026-11-23 12:00:00",
    "half an hour ago": "2026-11-23 12:30:00",
    "1.5h ago": "2026-11-23 11:30:00",
    "2w": "2026-11-09 13:00:00",
    "3 months ago": "2026-08-23 13:00:00",
    "1y ago": "2025-11-23 13:00:00",
    "now": "2026-11-23 13:00:00",
    "today": "2026-11-23 00:00:00",
    "yesterday": "2026-11-22 00:00:00",
    "  YESTERDAY   at 18:00 ": "2026-11-22 18:00:00",
    "18:00 yesterday": "2026-11-22 18:00:00",
    "today 9am": "2026-11-23 09:00:00",
    "monday 10:30": "2026-11-23 10:30:00",
    "monday 14:00": "2026-11-16 14:00:00",
    "last monday": "2026-11-16 00:00:00",
    "on sat 6:30 pm": "2026-11-21 18:30:00",
    "18:00": "2026-11-22 18:00:00",
    "9:15:30": "2026-11-23 09:15:30",
    "12am": "2026-11-23 00:00:00",
    "noon": "2026-11-23 12:00:00",
    "midnight": "2026-11-23 00:00:00",
    "2026-11-20": "2026-11-20 00:00:00",
    "2026-11-20, 18:00": "2026-11-20 18:00:00",
    "20.11.2026 18:00": "2026-11-20 18:00:00",
    "11.11.2026": "2026-11-11 00:00:00",
    "20 nov 9am": "2026-11-20 09:00:00",
    "Nov 20, 2026 9am": "2026-11-20 09:00:00",
    "30 nov": "2025-11-30 00:00:00",
    "29 february": "2024-02-29 00:00:00",
    "2026-11-20T18:00:05Z": "2026-11-20 19:00:05",
    "2026-11-20 18:00+02:00": "2026-11-20 17:00:00",
    "2026-11-20 18:00 UTC": "2026-11-20 19:00:00",
}
FUTURE = {
    "in 2 weeks": "2026-12-07 13:00:00",
    "2w": "2026-12-07 13:00:00",
    "4h from now": "2026-11-23 17:00:00",
    "in 90 minutes": "2026-11-23 14:30:00",
    "tomorrow": "2026-11-24 00:00:00",
    "tomorrow 18:00": "2026-11-24 18:00:00",
    "18:00": "2026-11-23 18:00:00",
    "noon": "2026-11-24 12:00:00",
    "midnight": "2026-11-24 00:00:00",
    "tonight": "2026-11-23 20:00:00",
    "tonight 11pm": "2026-11-23 23:00:00",
    "tonight midnight": "2026-11-24 00:00:00",
    "monday 10:30": "2026-11-30 10:30:00",
    "monday 14:00": "2026-11-23 14:00:00",
    "next monday 14:00": "2026-11-30 14:00:00",
    "next friday 6pm": "2026-11-27 18:00:00",
    "30.11.2026 18:00": "2026-11-30 18:00:00",
    "30. November": "2026-11-30 00:00:00",
    "feb 29": "2028-02-29 00:00:00",
}


@pytest.mark.parametrize("text", PAST)
def test_a_time_that_has_passed_is_understood(text: str) -> None:
    assert local(text, past=True) == PAST[text]


@pytest.mark.parametrize("text", FUTURE)
def test_a_time_to_come_is_understood(text: str) -> None:
    assert local(text, past=False) == FUTURE[text]


@pytest.mark.parametrize("text", ["2h ago", "yesterday", "last friday", "today", "now", "2026-11-20", "0s"])
def test_a_past_time_is_refused_where_one_to_come_is_needed(text: str) -> None:
    with pytest.raises(UserError, match=r"has passed, and this takes a time to come.*tomorrow 18:00"):
        moment(text, NOW, BERLIN, past=False)


@pytest.mark.parametrize("text", ["in 2h", "tomorrow", "tonight", "next friday", "2026-11-30", "30.11.2026"])
def test_a_time_to_come_is_refused_where_a_past_one_is_needed(text: str) -> None:
    with pytest.raises(UserError, match=r"is still to come.*2h ago"):
        moment(text, NOW, BERLIN, past=True)


@pytest.mark.parametrize("text", ["11/12", "11/12/2026", "2026/11/30", "11.12.2026", "18", "11-12", "18.30"])
def test_what_can_be_read_in_two_ways_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match=r"can be read in (two|more than one)( ways?|way).*2026-1[12]-\d\d"):
        moment(text, NOW, BERLIN, past=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "<!date^1700000000^{date}|x>",
            "٣h ago",
            "2h3h ago",
            "1h30",
            "3m 5h ago",
            "last week",
            "-2h",
            "in",
        ),
        *("ago", "half a month ago", "1.5d ago", "yesterday tomorrow", "18:00 18:00", "next 18:00", "18:00 ago", "and"),
        *("2h ago utc", "and ago", "in and"),
    ],
)
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UserError, match="Right are for example: 2h ago, yesterday 18:00"):
        moment(text, NOW, BERLIN, past=True)


@pytest.mark.parametrize(
    "text", ["25:00", "18:60", "13pm", "0am", "2026-02-30", "31.02.2026", "30 feb", "0.1.2026", "2026-02-30T18:00Z"]
)
def test_days_and_times_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"There is no (day|time) "):
        moment(text, NOW, BERLIN, past=True)


@pytest.mark.parametrize(
    "text", ["5000y", "11y", "999999w ago", "0001-01-01", "9999-12-31", "in 999999 years", "4000d"]
)
@pytest.mark.parametrize("past", [True, False])
def test_more_than_ten_years_is_a_slip(text: str, past: bool) -> None:
    with pytest.raises(UserError, match="more than ten years"):
        moment(text, NOW, BERLIN, past=past)


def test_an_afternoon_is_not_tonight() -> None:
    with pytest.raises(UserError, match="2pm is not tonight"):
        moment("tonight 2pm", NOW, BERLIN, past=False)


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    march = datetime(2027, 3, 31, 10, tzinfo=UTC)
    assert local("1 month ago", past=True, now=march) == "2027-02-28 12:00:00"


def test_a_day_is_one_of_the_calendar_when_clocks_change() -> None:
    after = datetime(2026, 3, 29, 10, tzinfo=UTC)  # 12:00, on the day on which clocks were put forward at 02:00
    assert local("1d ago", past=True, now=after) == "2026-03-28 12:00:00"
    assert local("24h ago", past=True, now=after) == "2026-03-28 11:00:00"


def test_a_time_that_clocks_skip_is_as_far_behind_the_change() -> None:
    before = datetime(2026, 3, 28, 10, tzinfo=UTC)
    assert local("tomorrow 02:30", past=False, now=before) == "2026-03-29 03:30:00"


def test_a_time_that_comes_twice_is_the_nearest_in_the_wanted_direction() -> None:
    both = "2026-10-25 02:30"  # at 00:30 UTC, and again at 01:30 UTC
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert moment(both, between - timedelta(hours=9), BERLIN, past=False) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(both, between, BERLIN, past=False) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert moment(both, between, BERLIN, past=True) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(both, between + timedelta(hours=9), BERLIN, past=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_day_is_that_of_the_writer() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # the 24th in Tokyo
    assert local("today 8:00", past=True, now=late, zone=ZoneInfo("Asia/Tokyo")) == "2026-11-24 08:00:00"


def test_what_is_shown_back_is_short() -> None:
    with pytest.raises(UserError) as caught:
        moment("x" * 5000, NOW, BERLIN, past=True)
    assert len(caught.value.say) < 250
