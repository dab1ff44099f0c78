"""Laws about times as people write them: direction, lengths that come back, zones."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.text import humane
from bot.domain.errors import UserError
from bot.rules.times import moment, span, spell

ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia")]
zones = st.sampled_from([*ZONES, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Chatham")])
FIRST = datetime.fromisoformat("2005-01-01")
LAST = datetime.fromisoformat("2037-01-01")
nows = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
numbers = st.integers(0, 130).map(str)
pieces = st.one_of(
    numbers,
    st.sampled_from(
        ["ago", "in", "last", "next", "on", "at", "and", ",", "T", "Z", "utc", "+", "-", ":", ".", "a", "half"]
    ),
    st.sampled_from(["yesterday", "today", "tonight", "tomorrow", "noon", "midnight", "monday", "fri", "sat", "nov"]),
    st.sampled_from(
        ["2026-11-30", "18:00", "6pm", "29.2.2028", "11/12", "2026-11-30T18:00Z", "h", "m", "d", "mo", "y"]
    ),
    st.text(max_size=3),
)
texts = st.lists(pieces, min_size=1, max_size=5).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)
sensible = st.one_of(
    st.builds("{}{} ago".format, numbers, st.sampled_from("smhdwy")),
    st.builds("in {} {}".format, numbers, st.sampled_from(["minutes", "h", "days", "months"])),
    st.builds(
        "{} {}:{:02}".format, st.sampled_from(["monday", "sun", "30 nov", "feb 29"]), numbers, st.integers(0, 59)
    ),
    st.builds("{}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
    st.sampled_from(["yesterday", "tomorrow", "tonight", "noon", "midnight", "last friday", "next friday"]),
)
seconds = st.integers(1, 3650 * 86400)


@given(st.one_of(texts, sensible), nows, zones, st.booleans())
def test_whatever_is_accepted_lies_in_the_right_direction_within_ten_years(
    text: str, now: datetime, zone: ZoneInfo, past: bool
) -> None:
    try:
        found = moment(text, now, zone, past=past)
    except UserError:
        return
    assert found.utcoffset() == timedelta()
    assert (found <= now) if past else (found > now)
    assert abs(found - now) <= timedelta(days=3653)


@given(st.times(), nows, zones, st.booleans())
def test_a_time_of_day_is_at_most_two_days_away_and_is_what_clocks_show(
    clock: object, now: datetime, zone: ZoneInfo, past: bool
) -> None:
    text = f"{clock:%H:%M:%S}"
    found = moment(text, now, zone, past=past)
    assert abs(found - now) < timedelta(days=2)
    shown = found.astimezone(zone)
    skipped = shown.utcoffset() != (found - timedelta(hours=2)).astimezone(zone).utcoffset()
    assert skipped or shown.strftime("%H:%M:%S") == text


@given(nows, zones, st.booleans(), st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_an_exact_time_is_that_time_in_every_zone(now: datetime, zone: ZoneInfo, past: bool, at: datetime) -> None:
    at = at.replace(microsecond=0)
    if (at <= now) is not past or abs(at - now) > timedelta(days=3653):
        return
    assert moment(at.isoformat(), now, zone, past=past) == at
    assert moment(at.astimezone(zone).isoformat()[:25], now, zone, past=past) == at


@given(seconds)
def test_a_length_that_is_spelled_is_read_back(length: int) -> None:
    assert span(spell(timedelta(seconds=length))) == timedelta(seconds=length)


@given(seconds)
def test_a_length_as_cards_show_it_is_understood(length: int) -> None:
    shown = humane(timedelta(seconds=length))
    assert humane(span(shown)) == shown


@given(st.one_of(texts, st.text()))
def test_a_length_is_more_than_nothing_or_refused(text: str) -> None:
    with suppress(UserError):
        assert timedelta() < span(text) <= timedelta(days=3653)
