"""When a channel is quiet and when its summaries are due, on its own clock."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.rules.rhythm import Due, due, may_tell_rest, parse_digest, parse_quiet, quiet_until, zone_named

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


@pytest.mark.parametrize(
    "typed",
    ["", "22:00", "24-7", "22:60-7", "7-7", "22-7-9", "night", "２２-7", "22-7 off", "0:00-23:59", "7-6:59", "6-22:01"],
)
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
@example("00:00-16:00")
@example("20:01-12:00")
def test_quiet_hours_end_within_sixteen_hours(quiet: str) -> None:
    start, end = (datetime.strptime(clock, "%H:%M") for clock in quiet.split("-"))  # noqa: DTZ007 - on one clock
    if (end - start) % timedelta(days=1) > timedelta(hours=16):
        with pytest.raises(UserError, match="at most 16 hours"):
            parse_quiet(quiet)
    else:
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
    assert due(rhythm, berlin("2026-11-24T08:59:59"), None) is None
    expected = Due(berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True)
    assert due(rhythm, berlin("2026-11-24T09:00:05"), None) == expected


def test_the_first_summary_covers_a_whole_day_too() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="daily 09:00", told_at=berlin("2026-11-23T16:00"))
    assert due(rhythm, berlin("2026-11-24T09:01"), None) == Due(
        berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True
    )


def test_a_weekly_summary_covers_seven_days_on_the_clock() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="weekly mon 09:00", told_at=berlin("2026-10-19T09:00"))
    assert due(rhythm, berlin("2026-10-26T08:59"), None) is None
    found = due(rhythm, berlin("2026-10-26T09:00"), None)
    assert found == Due(berlin("2026-10-19T09:00"), berlin("2026-10-26T09:00"), digest=True)
    assert found.until - found.since == timedelta(days=7, hours=1)  # clocks were put back


def test_summaries_that_were_missed_are_made_up_in_one() -> None:
    rhythm = Rhythm("Europe/Berlin", digest="daily 09:00", told_at=berlin("2026-11-20T09:00"))
    assert due(rhythm, berlin("2026-11-24T11:00"), None) == Due(
        berlin("2026-11-20T09:00"), berlin("2026-11-24T09:00"), digest=True
    )


def test_what_quiet_hours_kept_out_is_told_when_they_end() -> None:
    rhythm, kept = Rhythm("Europe/Berlin", "22:00-07:00"), berlin("2026-11-23T22:30")
    assert due(rhythm, berlin("2026-11-24T06:59"), kept) is None
    assert due(rhythm, berlin("2026-11-24T07:00"), kept) == Due(kept, berlin("2026-11-24T07:00"), digest=False)
    assert due(rhythm, berlin("2026-11-24T07:00"), None) is None


@pytest.mark.parametrize("quiet", ["", "22:00-05:00", "09:00-17:00"])
def test_what_was_kept_out_is_told_at_once_where_it_is_not_quiet_any_more(quiet: str) -> None:
    now, kept = berlin("2026-11-24T06:00"), berlin("2026-11-23T22:30")
    assert due(Rhythm("Europe/Berlin", quiet, told_at=now), now, kept) == Due(kept, now, digest=False)


def test_quiet_hours_that_are_moved_keep_what_waits_until_they_end() -> None:
    kept = berlin("2026-11-23T22:30")
    later = Rhythm("Europe/Berlin", "23:00-09:00")
    assert due(later, berlin("2026-11-24T08:59"), kept) is None
    assert due(later, berlin("2026-11-24T09:00"), kept) == Due(kept, berlin("2026-11-24T09:00"), digest=False)
    assert due(replace(later, zone="Asia/Tokyo"), berlin("2026-11-24T07:00"), kept) is not None


def test_what_was_kept_out_by_a_late_webhook_is_told_after_the_morning() -> None:
    now = berlin("2026-11-24T07:00:40")
    assert due(Rhythm("Europe/Berlin", "22:00-07:00"), now, now) == Due(now, now, digest=False)


def test_a_summary_soon_after_the_quiet_hours_tells_of_them_as_well() -> None:
    rhythm, kept = (
        Rhythm("Europe/Berlin", "22:00-07:00", "daily 09:00", berlin("2026-11-23T09:00")),
        berlin("2026-11-24T01:00"),
    )
    assert due(rhythm, berlin("2026-11-24T07:30"), kept) is None
    assert not may_tell_rest(rhythm, berlin("2026-11-24T07:30"))
    assert due(rhythm, berlin("2026-11-24T09:00"), kept) == Due(
        berlin("2026-11-23T09:00"), berlin("2026-11-24T09:00"), digest=True
    )
    assert due(replace(rhythm, digest=""), berlin("2026-11-24T07:30"), kept) is not None


def test_a_weekly_summary_still_covers_the_nights_that_were_told_on_their_own() -> None:
    rhythm = Rhythm("Europe/Berlin", "22:00-07:00", "weekly fri 17:00", berlin("2026-11-26T07:00"))
    assert due(rhythm, berlin("2026-11-27T17:00"), None) == Due(
        berlin("2026-11-20T17:00"), berlin("2026-11-27T17:00"), digest=True
    )


def test_what_was_missed_for_months_is_made_up_for_the_last_weeks_only() -> None:
    rhythm = Rhythm("UTC", digest="daily 09:00", told_at=NOW - timedelta(days=300))
    found = due(rhythm, NOW, None)
    assert found is not None
    assert found.until - found.since == timedelta(days=35)


def test_a_channel_without_a_rhythm_is_told_nothing() -> None:
    assert due(Rhythm(told_at=NOW - timedelta(days=3)), NOW, None) is None


def test_where_nothing_was_ever_told_only_the_last_summary_is_due() -> None:
    assert due(Rhythm(digest="daily 09:00"), NOW, None) == Due(
        NOW.replace(hour=9) - timedelta(days=1), NOW.replace(hour=9), digest=True
    )


rhythms = st.builds(
    Rhythm, st.sampled_from(ZONES), st.one_of(st.just(""), quiets), st.one_of(st.just(""), digests), moments
)


@given(rhythms, st.timedeltas(timedelta(), timedelta(days=40)), st.one_of(st.none(), moments))
def test_a_summary_that_was_told_is_not_due_again(rhythm: Rhythm, later: timedelta, kept: datetime | None) -> None:
    assert rhythm.told_at is not None
    now = rhythm.told_at + later
    found = due(rhythm, now, kept)
    if found is not None and found.digest:
        assert found.since < found.until
        assert rhythm.told_at < found.until <= now
        told = due(replace(rhythm, told_at=found.until), now, kept)
        assert told is None or not told.digest
    elif found is not None:
        assert found.since <= found.until == now


@given(rhythms, st.timedeltas(timedelta(), timedelta(days=40)))
def test_what_was_kept_out_waits_three_hours_longer_than_it_is_quiet_at_most(rhythm: Rhythm, later: timedelta) -> None:
    assert rhythm.told_at is not None
    now = rhythm.told_at + later
    over = quiet_until(rhythm, now) or now
    moments = (over + step * timedelta(minutes=10) for step in range(6 * 5))
    assert any(due(rhythm, moment, now) for moment in moments)


@given(digests.filter(lambda one: one.startswith("daily")), st.sampled_from(ZONES), moments)
def test_days_follow_each_other_without_gap_or_overlap(digest: str, zone: str, start: datetime) -> None:
    told, seen, now = start, [], start
    for _ in range(24 * 6):
        now += timedelta(hours=1)
        if found := due(Rhythm(zone, digest=digest, told_at=told), now, None):
            told = found.until
            seen.append(found)
    assert len(seen) in {5, 6, 7}
    assert all(first.until == second.since for first, second in pairwise(seen))
