"""The answer to "why?" where subscriptions come in: what Quay holds back, and what to do about a rule."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

import pytest

from bot.blocks.validator import neutral_problems, problems
from bot.blocks.why import Story, lines, message
from bot.blocks.why_quay import Sieve
from tests.blocks.why_steps import FILTERED, TOLD, about

MAIN = {"ref-regex": "^refs/heads/main"}
HIGH = {"level": 1, "vulnerability": {"priority": "High"}}
BUILDS = [Sieve("SAAAA", ("C1",), event, MAIN) for event in ("build_start", "build_failure")]


def todo(rule: str, **more: object) -> str:
    return lines(about(replace(FILTERED, rule=rule), **more))[-1].strip()


def test_what_quay_holds_back_is_said_once_for_each_subscription() -> None:
    found = lines(about(TOLD, sieves=[*BUILDS, Sieve("SBBBB", ("C2",), "vulnerability_found", HIGH)], here="C1"))
    assert found[-2:] == [
        "Subscription SAAAA: Quay itself sends only builds of branches and tags in git that fit ^refs/heads/main. I never hear of the others.",
        "Subscription SBBBB, for channel C2: Quay itself sends only findings that are high or worse. I never hear of the others.",
    ]


def test_it_is_said_as_well_where_no_event_is_known() -> None:
    told = message(Story("acme/web", here="C1", channel="C1", hooks=[("3", "build_start", ("C1",))], sieves=BUILDS))
    assert "that fit `^refs/heads/main`" in told.text
    assert "that fit `^refs/heads/main`" in str(told.blocks)
    assert problems(told.payload()) == neutral_problems(told.payload()) == []


@pytest.mark.parametrize(
    "config",
    [{}, {"days": 7}, {"level": 5, "vulnerability": {"priority": "Unknown"}}, {"level": "x"}, {"ref-regex": ""}],
)
def test_what_quay_sends_whole_is_not_mentioned(config: dict[str, object]) -> None:
    assert lines(about(TOLD, sieves=[Sieve("SAAAA", ("C1",), "vulnerability_found", config)])) == lines(about(TOLD))


def test_only_critical_findings_have_no_worse_ones() -> None:
    sieves = [Sieve("SAAAA", ("C1",), "vulnerability_found", {"level": 0})]
    assert "findings that are critical. I" in lines(about(TOLD, sieves=sieves))[-1]


def test_many_subscriptions_and_long_expressions_leave_a_message_that_slack_takes() -> None:
    sieves = [Sieve(f"S{n:04}", ("C1",), "build_start", {"ref-regex": "`<!channel>*" * 80}) for n in range(200)]
    payload = message(about(TOLD, sieves=sieves)).payload()
    assert problems(payload) == neutral_problems(payload) == []


def test_a_filter_of_a_subscription_is_changed_by_subscribing() -> None:
    assert todo("`tag:x`: no", subscribed=frozenset({FILTERED.hook})) == (
        "What to do: nothing, if such events should stay out. For another filter, write /quay subscribe acme/web …."
    )
    assert "quaybot hooks add" in todo("`tag:x`: no", subscribed=frozenset({"99"}))


def test_what_the_bot_found_out_by_itself_belongs_to_a_subscription() -> None:
    found = lines(about(replace(FILTERED, hook="", delivery=None, received_at=None)))
    assert "/quay subscribe acme/web" in found[-1]


def test_a_pause_and_quiet_hours_say_how_they_end() -> None:
    assert todo("paused until 2026-11-30 18:00 UTC") == (
        "What to do: nothing, it goes on by itself. To go on now, write /quay resume all."
    )
    assert todo("quiet hours until 07:00 (Europe/Berlin)") == (
        "What to do: nothing, the summary counts it. For other quiet hours, write /quay quiet."
    )
