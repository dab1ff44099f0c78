"""Global messages with a time: limits, when to try again, when to give up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.rules.banners import checked, cut_off, last_try, rests, short_enough, soon_enough

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BANNER = Banner("M2222", Person("T1", "U1"), "ann", "C1", "x", "info", "text/plain", NOW, None, "R", NOW, NOW)


def test_ninety_days_ahead_is_the_limit() -> None:
    assert soon_enough(NOW + timedelta(days=90), NOW) == NOW + timedelta(days=90)
    with pytest.raises(UserError, match="90 days ahead"):
        soon_enough(NOW + timedelta(days=90, seconds=1), NOW)


def test_it_is_shown_for_a_minute_to_thirty_days() -> None:
    for length in (timedelta(minutes=1), timedelta(days=30)):
        assert short_enough(length) == length
    with pytest.raises(UserError, match="too short"):
        short_enough(timedelta(seconds=59))
    with pytest.raises(UserError, match="At most 30 days"):
        short_enough(timedelta(days=30, seconds=1))


def test_a_message_says_something_and_not_too_much() -> None:
    assert checked(" hello \n") == "hello"
    with pytest.raises(UserError, match="What should the message say"):
        checked(" \n ")
    with pytest.raises(UserError, match="may have 1,500 characters; this one has 1,501"):
        checked("x" * 1501)


def test_without_an_end_it_may_be_half_an_hour_late_else_until_its_end() -> None:
    assert last_try(BANNER) == NOW + timedelta(minutes=30)
    assert last_try(replace(BANNER, ends_at=NOW + timedelta(days=2))) == NOW + timedelta(days=2)


def test_after_a_failed_try_it_rests_a_minute() -> None:
    tried = replace(BANNER, reason="Quay is away.")
    assert rests(tried, NOW + timedelta(seconds=59))
    assert not rests(tried, NOW + timedelta(seconds=60))
    assert not rests(BANNER, NOW)


def test_only_what_hangs_in_between_for_a_minute_was_cut_off() -> None:
    every = [replace(BANNER, stage=stage) for stage in BannerStage]
    assert cut_off(every, NOW + timedelta(seconds=59)) == []
    found = [one.stage for one in cut_off(every, NOW + timedelta(minutes=1))]
    assert found == [BannerStage.POSTING, BannerStage.REMOVING]
