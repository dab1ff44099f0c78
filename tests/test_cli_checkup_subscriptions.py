"""The check-up: what it says about subscriptions that nobody looks after, or that are not whole."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.people import Person
from bot.domain.subscriptions import OFF, Part, State, Subscription, Wanted
from bot.operator.checkup_subscriptions import troubles

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FINE = Subscription("S1", "C1", Wanted("acme/web", ("repo_push",)), Person("T1", "U1"), "alice", NOW)
PART = Part("1", "S1", "acme/web", "repo_push", silent=False, config="{}", created_at=NOW)


def named(name: str, **facts: object) -> Subscription:
    return replace(FINE, name=name, **facts)


def test_what_is_in_order_is_no_trouble():
    assert troubles([FINE], [PART]) == []


def test_each_kind_of_trouble_is_a_line_with_what_to_do():
    found = [
        named("S1"),
        named("S2", state=State.ORPHANED, reason="The role is gone."),
        named("S3", reason="acme/web is not there any more."),
    ]
    parts = [replace(PART, failures=OFF), replace(PART, beaten=2), replace(PART, subscription="S2", failures=OFF)]
    assert troubles(found, parts) == [
        "1 subscription that nobody looks after, S2: any admin of the repository takes it over with the button in Slack",
        "1 subscription with something missing, S3 (acme/web is not there any more): the reason says what to do",
        "1 subscription that Quay has switched off, S1: quaybot serve mends that by itself within a minute",
        "1 subscription through which nothing arrives, S1: can Quay reach PUBLIC_URL, and does its notification worker run?",
    ]


def test_many_are_counted_and_a_long_reason_is_cut():
    found = [named(f"S{number}", reason="x" * 999) for number in range(9)]
    (line,) = troubles(found, [])
    assert line.startswith("9 subscriptions with something missing, S0 (")
    assert " and 4 more: " in line
    assert len(line) < 1000
