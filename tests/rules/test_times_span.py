"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from bot.domain.errors import UserError
from bot.rules.times import span, spell

RIGHT = {
    "4h": timedelta(hours=4),
    "90m": timedelta(minutes=90),
    "1h30m": timedelta(minutes=90),
    "1h 30 min": timedelta(minutes=90),
    "1.5 hours": timedelta(minutes=90),
    "2 days": timedelta(days=2),
    "2 days and 3 hours": timedelta(days=2, hours=3),
    "2 days, 3 hours": timedelta(days=2, hours=3),
    "an hour": timedelta(hours=1),
    "Half an hour": timedelta(minutes=30),
    "a week": timedelta(weeks=1),
    "45 s": timedelta(seconds=45),
}


@pytest.mark.parametrize("text", RIGHT)
def test_a_length_is_understood(text: str) -> None:
    assert span(text) == RIGHT[text]


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4 parsecs", "1h1h", "30m 1h", "1.5 days", "-4h", "4h ago", "1h30", "and", "1h and"]
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"I do not understand how long.*1h30m"):
        span(text)


@pytest.mark.parametrize("text", ["2 months", "1y"])
def test_months_and_years_have_no_length(text: str) -> None:
    with pytest.raises(UserError, match="in days or weeks"):
        span(text)


@pytest.mark.parametrize("text", ["0s", "0h", "9999d", "999999w"])
def test_nothing_and_ages_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="more than nothing"):
        span(text)


def test_a_length_is_spelled_in_its_units() -> None:
    assert spell(timedelta(days=1, hours=2, minutes=3, seconds=4)) == "1d2h3m4s"
    assert spell(timedelta(seconds=90)) == "1m30s"
    assert spell(timedelta()) == "0s"
