"""How much one person and one workspace may ask for."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from bot.services.limits import Limits
from tests.plugins.rows import NOW

ALICE, BOB = Person("T1", "U1"), Person("T1", "U2")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hand:
    return Hand()


def test_a_person_may_ask_for_so_much_and_is_told_when_to_come_again(clock: Hand):
    limits = Limits(clock, per_person=5)

    assert [limits.take(ALICE) for _ in range(5)] == [""] * 5
    assert limits.take(ALICE) == "You have asked me for a lot in the last minute. Please try again in 12 s."


def test_one_person_does_not_use_up_what_another_may_ask_for(clock: Hand):
    limits = Limits(clock, per_person=1)
    limits.take(ALICE)

    assert limits.take(ALICE) != ""
    assert limits.take(BOB) == ""


def test_everybody_together_may_ask_for_so_much(clock: Hand):
    limits = Limits(clock, per_person=10, per_workspace=3)
    people = [Person("T1", f"U{number}") for number in range(4)]

    *fine, last = [limits.take(person) for person in people]

    assert fine == ["", "", ""]
    assert last == ("Everybody here together has asked me for a lot in the last minute. Please try again in 20 s.")
    assert limits.take(Person("T2", "U9")) == ""


def test_what_is_refused_because_of_others_does_not_count_against_the_person(clock: Hand):
    limits = Limits(clock, per_person=1, per_workspace=1)
    limits.take(BOB)

    assert limits.take(ALICE).startswith("Everybody")
    clock.time += timedelta(minutes=1)
    assert limits.take(ALICE) == ""


def test_who_asks_too_much_does_not_use_up_what_the_others_may_ask_for(clock: Hand):
    limits = Limits(clock, per_person=1, per_workspace=2)
    for _ in range(10):
        limits.take(ALICE)

    assert limits.take(BOB) == ""


@given(per_person=st.integers(1, 60), asked=st.integers(1, 200))
def test_waiting_as_long_as_the_sentence_says_is_enough(per_person: int, asked: int):
    clock = Hand()
    limits = Limits(clock, per_person=per_person)
    said = [limits.take(ALICE) for _ in range(asked)][-1]

    if said:
        clock.time += timedelta(seconds=int(said.rpartition(" in ")[2].removesuffix(" s.")))
        assert limits.take(ALICE) == ""


def test_people_who_are_quiet_are_forgotten(clock: Hand):
    limits = Limits(clock, per_person=2, per_workspace=10**9)
    for number in range(20_000):
        clock.time += timedelta(seconds=1)
        limits.take(Person("T1", f"U{number}"))

    assert len(limits._persons) <= 1_100


def test_nobody_is_forgotten_who_has_asked_for_too_much(clock: Hand):
    limits = Limits(clock, per_person=1, per_workspace=10**9)
    limits.take(ALICE)
    for number in range(5_000):
        limits.take(Person("T1", f"X{number}"))

    assert limits.take(ALICE) != ""
