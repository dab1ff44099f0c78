"""When a channel is quiet and when its summaries are due, on its own clock."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.rules.rhythm import Due, due, parse_digest, parse_quiet, quiet_until, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
quiets = st.tuples(clocks, clocks).filter(lambda two: two[0] != two[1]).map("-".join)
digests = st.one_of(
    clocks.map("daily {}".format),
    st.builds("weekly {} {}".format, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), clocks),
)
FIRST, LAST = datetime(2024, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001 - the zone is drawn beside them
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        (" 22:30 - 7 ", "22:30-07:00"),
        ("9:15–17", "09:15-17:00"),
        ("22 to 7", "22:00-07:00"),
        ("OFF", ""),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert parse_quiet(typed) == meant


@pytest.mark.parametrize("typed", ["", "22:00", "24-7", "22:60-7", "7-7", "22-7-9", "night", "２２-7", "22-7 off"])
def test_what_are_no_quiet_hours_is_refused_with_right_examples(typed: str) -> None:
    with pytest.raises(UserError, match="22-7"):
        parse_quiet(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("daily 09:00", "daily 09:00"),
        ("daily 9", "daily 09:00"),
        ("Daily at 9.30", "daily 09:30"),
        ("weekly mon 09:00", "weekly mon 09:00"),
        ("weekly Thursday 17", "weekly thu 17:00"),
        ("off", ""),
    ],
)
def test_summaries_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert parse_digest(typed) == meant


@pytest.mark.parametrize("typed", ["", "daily", "weekly 09:00", "weekly moo 9", "daily 25", "hourly", "monthly 1 9"])
def test_what_is_no_time_for_summaries_is_refused_with_right_examples(typed: str) -> None:
    with pytest.raises(UserError, match="weekly mon 09:00"):
        parse_digest(typed)


@given(quiets)
def test_what_is_stored_of_quiet_hours_reads_as_itself(quiet: str) -> None:
    assert parse_quiet(quiet) == quiet


@given(digests)
def test_what_is_stored_of_summaries_reads_as_itself(digest: str) -> None:
    assert parse_digest(digest) == digest


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for parse in (parse_quiet, parse_digest):
        with suppress(UserError):
            assert parse(parse(text) or "off") == parse(text)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T03:00", "2026-11-25T07:00"),
        ("2026-11-25T07:00", None),
        ("2026-03-29T01:00", "2026-03-29T07:00"),  # the night that is an hour shorter
        ("2026-10-25T06:59", "2026-10-25T07:00"),  # the one that is an hour longer
    ],
)
def test_it_is_quiet_over_midnight_on_the_channels_clock(at: str, until: str | None) -> None:
    assert quiet_until(Rhythm("Europe/Berlin", "22:00-07:00"), berlin(at)) == (berlin(until) if until else None)


def test_quiet_hours_within_a_day_end_on_that_day() -> None:
    lunch = Rhythm("Europe/Berlin", "12:00-13:00")
    assert quiet_until(lunch, berlin("2026-11-24T12:30")) == berlin("2026-11-24T13:00")
    assert quiet_until(lunch, berlin("2026-11-24T13:30")) is None


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert quiet_until(Rhythm("Europe/Berlin", digest="daily 09:00"), NOW) is None


def test_a_zone_that_nobody_knows_any_more_counts_as_utc() -> None:
    assert zone_named("Mars/Olympus") is UTC
    assert zone_named("../etc/passwd") is UTC
    assert quiet_until(Rhythm("Mars/Olympus", "11:00-13:00"), NOW) == NOW.replace(hour=13)


@given(quiets, st.sampled_from(ZONES), moments)
def test_quiet_hours_end_later_than_now_and_on_their_clock(quiet: str, zone: str, now: datetime) -> None:
    end = quiet_until(Rhythm(zone, quiet), now)
    if end is not None:
        assert now < end <= now + timedelta(hours=26)
        wall, meant = end.astimezone(ZoneInfo(zone)), quiet.split("-")[1]
        skipped = wall.utcoffset() != (end - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset()
        assert f"{wall:%H:%M}" == meant or skipped  # a clock that was put forward never shows the skipped hour


@given(quiets, st.sampled_from(ZONES), moments)
def test_it_is_quiet_exactly_as_long_as_it_was_said(quiet: str, zone: str, now: datetime) -> None:
    rhythm = Rhythm(zone, quiet)
    end = quiet_until(rhythm, now)
    if end is not None:
        assert quiet_until(rhythm, end - timedelta(seconds=1)) == end
        assert quiet_until(rhythm, now + (end - now) / 2) == end


def test_a_daily_summary_covers_the_day_before_it() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="daily 09:00", told_at=berlin("2026-11-23T09:00"))
    assert due(rhythm, berlin("2026-11-24T08:59:59")) is None
    expected = Due(berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True)
    assert due(rhythm, berlin("2026-11-24T09:00:05")) == expected


def test_the_first_summary_covers_a_whole_day_too() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="daily 09:00", told_at=berlin("2026-11-23T16:00"))
    assert due(rhythm, berlin("2026-11-24T09:01")) == Due(
        berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True
    )


def test_a_weekly_summary_covers_seven_days_on_the_clock() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="weekly mon 09:00", told_at=berlin("2026-10-19T09:00"))
    assert due(rhythm, berlin("2026-10-26T08:59")) is None
    found = due(rhythm, berlin("2026-10-26T09:00"))
    assert found == Due(berlin("2026-10-19T09:00"), berlin("2026-10-26T09:00"), digest=True)
    assert found.until - found.since == timedelta(days=7, hours=1)  # clocks were put back


def test_summaries_that_were_missed_are_made_up_in_one() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="daily 09:00", told_at=berlin("2026-11-20T09:00"))
    assert due(rhythm, berlin("2026-11-24T11:00")) == Due(
        berlin("2026-11-20T09:00"), berlin("2026-11-24T09:00"), digest=True
    )


def test_the_end_of_quiet_hours_is_told_without_a_summary_that_was_asked_for() -> None:
    rhythm = Rhythm("Europe/Berlin", "22:00-07:00", told_at=berlin("2026-11-23T07:00"))
    assert due(rhythm, berlin("2026-11-24T06:59")) is None
    assert due(rhythm, berlin("2026-11-24T07:00")) == Due(
        berlin("2026-11-23T22:00"), berlin("2026-11-24T07:00"), digest=False
    )


def test_a_summary_soon_after_the_quiet_hours_tells_of_them_as_well() -> None:
    rhythm = Rhythm("Europe/Berlin", "22:00-07:00", "daily 09:00", berlin("2026-11-23T09:00"))
    assert due(rhythm, berlin("2026-11-24T07:30")) is None
    assert due(rhythm, berlin("2026-11-24T09:00")) == Due(
        berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True
    )


def test_a_weekly_summary_still_covers_the_nights_that_were_told_on_their_own() -> None:
    rhythm = Rhythm("Europe/Berlin", "22:00-07:00", "weekly fri 17:00", berlin("2026-11-26T07:00"))
    assert due(rhythm, berlin("2026-11-27T17:00")) == Due(
        berlin("2026-11-20T17:00"), berlin("2026-11-27T17:00"), digest=True
    )


def test_what_was_missed_for_months_is_made_up_for_the_last_weeks_only() -> None:
    rhythm = Rhythm("UTC", digest="daily 09:00", told_at=NOW - timedelta(days=300))
    found = due(rhythm, NOW)
    assert found is not None
    assert found.until - found.since == timedelta(days=35)


def test_a_channel_without_a_rhythm_is_told_nothing() -> None:
    assert due(Rhythm(told_at=NOW - timedelta(days=3)), NOW) is None


def test_where_nothing_was_ever_told_only_the_last_summary_is_due() -> None:
    assert due(Rhythm(digest="daily 09:00"), NOW) == Due(
        NOW.replace(hour=9) - timedelta(days=1), NOW.replace(hour=9), digest=True
    )


rhythms = st.builds(
    Rhythm, st.sampled_from(ZONES), st.one_of(st.just(""), quiets), st.one_of(st.just(""), digests), moments
)


@given(rhythms, st.timedeltas(timedelta(), timedelta(days=40)))
def test_a_summary_that_was_told_is_not_due_again(rhythm: Rhythm, later: timedelta) -> None:
    assert rhythm.told_at is not None
    now = rhythm.told_at + later
    found = due(rhythm, now)
    if found is not None:
        assert found.since < found.until
        assert rhythm.told_at < found.until <= now
        assert due(Rhythm(rhythm.zone, rhythm.quiet, rhythm.digest, found.until), now) is None


@given(digests.filter(lambda one: one.startswith("daily")), st.sampled_from(ZONES), moments)
def test_days_follow_each_other_without_gap_or_overlap(digest: str, zone: str, start: datetime) -> None:
    told, seen, now = start, [], start
    for _ in range(24 * 6):
        now += timedelta(hours=1)
        if found := due(Rhythm(zone, digest=digest, told_at=told), now):
            told = found.until
            seen.append(found)
    assert len(seen) in {5, 6, 7}
    assert all(first.until == second.since for first, second in pairwise(seen))
