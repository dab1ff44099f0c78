"""In whose time zone a time is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import TryLater
from bot.domain.people import Profile
from bot.rules.clocks import both_clocks, clock_time, zone_from
from handlers.clocks import zone_of
from tests.handlers.conftest import ALICE, Office

AT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 5000])
def test_a_zone_that_nobody_knows_is_utc(zone: str) -> None:
    assert zone_from(Profile("U1", zone=zone)) is UTC


def test_the_offset_helps_where_the_name_does_not() -> None:
    assert zone_from(Profile("U1", zone="Nowhere/Land", offset=5400)).utcoffset(None) == timedelta(minutes=90)
    assert zone_from(Profile("U1", zone="Nowhere/Land", offset=10**9)) is UTC


def test_a_named_zone_is_that_zone() -> None:
    assert zone_from(Profile("U1", zone="Europe/Berlin", offset=0)) == ZoneInfo("Europe/Berlin")


async def test_while_slack_is_away_times_are_utc(office: Office) -> None:
    office.directory.errors[ALICE.user] = TryLater("Slack is away.")
    assert await zone_of(ALICE, office.desk) is UTC


def test_a_time_is_shown_on_both_clocks() -> None:
    assert both_clocks(AT, ZoneInfo("Europe/Berlin")) == "Tue 24 Nov 2026 18:00 CET (17:00 UTC)"
    assert both_clocks(AT, ZoneInfo("Asia/Tokyo")) == "Wed 25 Nov 2026 02:00 JST (Tue 24 Nov 17:00 UTC)"
    assert clock_time(AT, AT - timedelta(hours=1), ZoneInfo("Europe/Berlin")) == "18:00 CET (17:00 UTC)"
    assert clock_time(AT, AT - timedelta(hours=1), UTC) == "17:00 UTC"
    assert clock_time(AT, AT - timedelta(days=1), UTC) == both_clocks(AT, UTC)
    assert both_clocks(AT, UTC) == "Tue 24 Nov 2026 17:00 UTC"
