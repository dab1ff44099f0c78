"""The answer to "why?" where subscriptions come in: what Quay holds back, and what to do about a rule."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.blocks.neutral import named
from bot.blocks.validator import neutral_problems, problems
from bot.blocks.why import Story, lines, message
from bot.blocks.why_quay import Sieve
from bot.domain.trail import Verdict
from tests.blocks.why_steps import FILTERED, TOLD, about, after

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
    assert problems(payload) == neutral_problems(payload, mentions=named(payload)) == []


def test_a_filter_of_a_subscription_is_changed_by_subscribing() -> None:
    assert todo("`tag:x`: no", subscribed={FILTERED.hook: "S7PX4"}) == (
        "What to do: nothing, if such events should stay out. For another filter, write /quay subscribe acme/web …."
    )
    assert "quaybot hooks add" in todo("`tag:x`: no", subscribed={"99": "S7PX4"})


def test_what_the_bot_found_out_by_itself_belongs_to_a_subscription() -> None:
    found = lines(about(replace(FILTERED, hook="", delivery=None, received_at=None)))
    assert "/quay subscribe acme/web" in found[-1]


def test_a_pause_and_quiet_hours_say_how_they_end() -> None:
    assert todo("paused until 2026-11-30 18:00 UTC") == (
        "What to do: nothing, it goes on by itself. To go on now, write /quay resume all."
    )
    assert todo("told already when it was recovered") == (
        "What to do: nothing, the channel has it: Quay's webhook came after I had found out by myself."
    )
    assert todo("quiet hours until 07:00 (Europe/Berlin)") == (
        "What to do: nothing, the summary counts it. For other quiet hours, write /quay quiet."
    )


def test_a_subscription_is_called_by_its_name() -> None:
    assert lines(about(TOLD, subscribed={TOLD.hook: "S7PX4"}))[3].endswith(
        "as delivery 12, through subscription S7PX4."
    )


def test_nothing_known_of_a_subscription_is_proven_by_a_test() -> None:
    hooks = [("3", "repo_push", ("C1",)), ("4", "build_failure", ("C1",))]
    assert lines(Story("acme/web", hooks=hooks, subscribed={"3": "S7PX4", "4": "S7PX4"})) == snapshot(
        [
            "I know of no event about acme/web.",
            "There is 1 subscription for it: S7PX4.",
            "What to do: /quay test S7PX4 in Slack proves the whole way from Quay to the channel.",
        ]
    )


def test_all_that_happened_to_one_build_is_told_together() -> None:
    polled = replace(TOLD, id=2, kind="build_polled", verdict=Verdict.FOLDED, delivery=None, hook="", received_at=None)
    ended = replace(
        TOLD, id=3, kind="build_success", verdict=Verdict.FOLDED, delivery=14, hook="5", received_at=after(9)
    )
    begun = replace(TOLD, kind="build_queued")
    other = replace(begun, id=4, card=8, delivery=11, received_at=after(-9))
    assert lines(about(begun, polled, ended, other, subscribed={"3": "SAAAA", "5": "SAAAA"})) == snapshot(
        [
            "The last 3 events about acme/web:",
            "",
            "build_queued, build_success of v1.2, latest, for channel C1",
            "  Received from 2026-03-04 05:06:07 UTC to 2026-03-04 05:06:16 UTC as 2 deliveries (12 to 14), through subscription SAAAA; more I found out by myself.",
            "  Matched: card 7 (opened 2026-03-04 05:06:07 UTC) tells them all, and the first of them opened it.",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
            "",
            "build_queued of v1.2, latest, for channel C1",
            "  Received 2026-03-04 05:05:58 UTC as delivery 11, through subscription SAAAA.",
            "  Matched: it opened card 8.",
            "  Queued 2026-03-04 05:06:07 UTC.",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
        ]
    )


def test_a_build_that_only_the_bot_looked_at_is_called_so() -> None:
    polled = replace(TOLD, kind="build_polled", delivery=None, hook="", received_at=None)
    assert lines(about(polled))[2] == snapshot("a build of v1.2, latest, seen by the bot's own look, for channel C1")


def test_other_channels_are_called_by_the_names_that_slack_shows() -> None:
    told = message(about(TOLD, replace(TOLD, id=2, channel="D2"), here="C9"))
    assert [block["text"]["text"].partition("\n")[0] for block in told.blocks[1:]] == snapshot(
        ["*`repo_push` of `v1.2`, `latest`, for channel `D2`*", "*`repo_push` of `v1.2`, `latest`, for channel <#C1>*"]
    )
    payload = told.payload()
    assert problems(payload) == neutral_problems(payload, mentions=named(payload)) == []
    assert "<#" not in told.text


def test_what_rules_kept_out_can_be_seen_where_newer_events_take_its_place() -> None:
    kept_out = replace(FILTERED, id=9, received_at=after(-60))
    assert lines(about(TOLD, kept_out, last=1))[-1] == snapshot(
        "Rules kept more out. quaybot why acme/web --filtered shows only that."
    )
    assert "Rules kept more out" not in "".join(lines(about(TOLD, kept_out)))
    assert lines(about(kept_out, filtered=True))[0] == "The last event about acme/web that a rule kept out:"
    assert lines(about(filtered=True)) == ["I know of no event about acme/web that a rule kept out."]
