"""Which ways back are still open."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Person
from bot.rules.ways_back import newest

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def offer(number: int, name: str, target: str = "acme/web", asked: str = "C1", **given: str) -> Offer:
    at = AT + timedelta(minutes=number)
    act = Act(name, target, given)
    person = Person("T1", "U1")
    return Offer(f"n{number}", Purpose.UNDO, person, act, "", asked, f"R-{number}", at, at + timedelta(hours=1))


def left(*offers: Offer) -> list[str]:
    return sorted(newest(offers))


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (offer(1, "quiet", "", "", channel="C1"), offer(2, "digest", "", "", channel="C1")),
        (offer(1, "restore", "acme/web:v1"), offer(2, "tag delete", "acme/web:v1", "C2")),
        (offer(1, "visibility"), offer(2, "visibility", asked="C2")),
        (offer(1, "unsubscribe"), offer(2, "subscribe")),
        (offer(1, "resume"), offer(2, "pause")),
    ],
)
def test_of_two_things_done_to_the_same_only_the_last_can_be_taken_back(older: Offer, newer: Offer) -> None:
    assert left(older, newer) == left(newer, older) == ["R-2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (offer(1, "quiet", "", "", channel="C1"), offer(2, "quiet", "", "", channel="C2")),
        (offer(1, "restore", "acme/web:v1"), offer(2, "restore", "acme/web:v2")),
        (offer(1, "visibility"), offer(2, "describe")),
        (offer(1, "unsubscribe"), offer(2, "unsubscribe", asked="C2")),
        (offer(1, "unsubscribe"), offer(2, "resume")),
        (offer(1, "label add", "acme/web:v1"), offer(2, "label add", "acme/web:v1")),
    ],
)
def test_what_is_about_something_else_stays_open(one: Offer, other: Offer) -> None:
    assert left(one, other) == ["R-1", "R-2"]
