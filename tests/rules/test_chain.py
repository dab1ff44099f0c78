"""The chain of the audit: whole as it was written, and broken by any change that leaves the rest alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from bot.rules.chain import FIRST, fault, linked

WORDS = st.text(max_size=12)
ACTS = st.builds(
    Act, WORDS, WORDS, st.dictionaries(WORDS, WORDS, max_size=3), st.dictionaries(WORDS, WORDS, max_size=2)
)
DEEDS = st.builds(
    Deed,
    at=st.datetimes(timezones=st.just(UTC)),
    reference=WORDS,
    person=st.builds(Person, WORDS, WORDS),
    username=WORDS,
    channel=WORDS,
    act=ACTS,
    outcome=st.sampled_from(Outcome),
    detail=WORDS,
    approval=WORDS,
    quay_log=WORDS,
)


@dataclass(frozen=True)
class Stored:
    number: int
    deed: Deed
    previous: str
    hash: str


def chain(deeds: list[Deed]) -> list[Stored]:
    lines, previous = [], FIRST
    for number, deed in enumerate(deeds, 1):
        lines.append(Stored(number, deed, previous, linked(number, previous, deed)))
        previous = lines[-1].hash
    return lines


def first_fault(lines: list[Stored]) -> str:
    number, previous = 0, FIRST
    for line in lines:
        if trouble := fault(line, number + 1, previous):
            return trouble
        number, previous = line.number, line.hash
    return ""


CHANGES: dict[str, Callable[[Deed], Deed]] = {
    "at": lambda deed: replace(deed, at=deed.at.replace(microsecond=(deed.at.microsecond + 1) % 1_000_000)),
    "reference": lambda deed: replace(deed, reference=deed.reference + "x"),
    "team": lambda deed: replace(deed, person=replace(deed.person, team=deed.person.team + "x")),
    "user": lambda deed: replace(deed, person=replace(deed.person, user=deed.person.user + "x")),
    "username": lambda deed: replace(deed, username=deed.username + "x"),
    "channel": lambda deed: replace(deed, channel=deed.channel + "x"),
    "act": lambda deed: replace(deed, act=replace(deed.act, name=deed.act.name + "x")),
    "target": lambda deed: replace(deed, act=replace(deed.act, target=deed.act.target + "x")),
    "parameters": lambda deed: replace(deed, act=replace(deed.act, parameters={"a new one, too long": ""})),
    "outcome": lambda deed: replace(deed, outcome=next(one for one in Outcome if one is not deed.outcome)),
    "detail": lambda deed: replace(deed, detail=deed.detail + "x"),
    "approval": lambda deed: replace(deed, approval=deed.approval + "x"),
    "quay_log": lambda deed: replace(deed, quay_log=deed.quay_log + "x"),
}  # fmt: skip


@given(deeds=st.lists(DEEDS, max_size=8))
def test_what_was_written_in_order_is_whole(deeds: list[Deed]):
    assert first_fault(chain(deeds)) == ""


@pytest.mark.parametrize("field", CHANGES)
@given(deeds=st.lists(DEEDS, min_size=1, max_size=5), data=st.data())
def test_a_change_of_any_field_is_found_at_its_line(field: str, deeds: list[Deed], data: st.DataObject):
    lines = chain(deeds)
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = replace(lines[at], deed=CHANGES[field](lines[at].deed))

    assert first_fault(lines) == f"line {at + 1} was changed: its hash does not fit what it says"


@given(deeds=st.lists(DEEDS, min_size=2, max_size=6), data=st.data())
def test_a_change_with_a_new_hash_is_found_at_the_next_line(deeds: list[Deed], data: st.DataObject):
    lines = chain(deeds)
    at = data.draw(st.integers(0, len(lines) - 2))
    deed = CHANGES["detail"](lines[at].deed)
    lines[at] = replace(lines[at], deed=deed, hash=linked(at + 1, lines[at].previous, deed))

    assert first_fault(lines).startswith(f"line {at + 2} does not follow the line before it")


@given(deeds=st.lists(DEEDS, min_size=2, max_size=6), data=st.data())
def test_a_line_that_was_taken_out_is_missing(deeds: list[Deed], data: st.DataObject):
    lines = chain(deeds)
    at = data.draw(st.integers(0, len(lines) - 2))
    del lines[at]

    assert first_fault(lines) == f"line {at + 1} is missing"


@given(deeds=st.lists(DEEDS, min_size=1, max_size=6), data=st.data())
def test_a_line_that_was_put_in_is_found(deeds: list[Deed], data: st.DataObject):
    lines = chain(deeds)
    at = data.draw(st.integers(0, len(lines) - 1))
    lines.insert(at, lines[at])

    assert first_fault(lines) == f"line {at + 1} comes after line {at + 1}"


def deed(detail: str = "", **hidden: str) -> Deed:
    at = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    act = Act("build", "acme/web", {"tags": "v1"}, hidden)
    return Deed(at, "KDWF-4071", Person("T1", "U1"), "alice", "C1", act, Outcome.DONE, detail)


def test_several_missing_lines_are_named_together():
    lines = chain([deed()] * 5)

    assert first_fault([lines[0], lines[4]]) == "lines 2 to 4 are missing"


def test_a_chain_does_not_begin_in_the_middle_of_another():
    (line,) = chain([deed()])
    forged = replace(line, previous="f" * 64, hash=linked(1, "f" * 64, line.deed))

    assert first_fault([forged]).startswith("line 1 does not follow")


def test_what_is_hidden_is_not_covered_because_it_is_not_stored():
    assert linked(1, FIRST, deed(archive="https://s3cr3t.example")) == linked(1, FIRST, deed())


def test_the_hash_of_a_line_is_what_it_always_was():
    """Lines that were written years ago must stay verifiable."""
    assert linked(1, FIRST, deed("häßlich")) == "ad591cc961c4f9276011c8588aeb16cd10817e72fbcb249dfce90d73a173fa3b"


def test_the_zone_of_a_time_is_part_of_what_is_covered_as_the_store_gives_it_back():
    moved = replace(deed(), at=deed().at + timedelta(microseconds=1))

    assert linked(1, FIRST, moved) != linked(1, FIRST, deed())
