"""The answer to "why?": events of which the same became are told together."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

from inline_snapshot import snapshot

from bot.blocks.validator import problems
from bot.blocks.why import lines, message
from bot.blocks.why_fates import fates
from bot.domain.trail import Step, Unread, Verdict
from tests.blocks.why_steps import FILTERED, TOLD, about, after

FINDING = replace(
    TOLD, kind="vulnerability_found", tags=("v1",), verdict=Verdict.FOLDED, item={"vulnerability": "CVE-2024-3094"}
)


def findings(count: int) -> list[Step]:
    """A scan: each finding came a second after the other."""
    return [
        replace(FINDING, id=n, delivery=20 + n, received_at=after(n), item={"vulnerability": f"CVE-2026-{1000 + n}"})
        for n in range(count)
    ]


def test_a_finding_is_called_by_its_name():
    assert lines(about(FINDING))[2] == snapshot("vulnerability_found of CVE-2024-3094 in v1, for channel C1")


def test_events_of_which_the_same_became_are_told_once_and_hide_nothing_else():
    filtered = [replace(FILTERED, id=100 + n, delivery=200 + n, received_at=after(3 + n)) for n in range(3)]
    copies = [replace(one, id=one.id + 50, verdict=Verdict.REPEATED, received_at=after(-3600)) for one in findings(2)]
    opened = replace(findings(1)[0], verdict=Verdict.OPENED)
    aside = [Unread(300 + n, "3", "repo_push", ("C1",), after(-9 + n), "The body is not JSON.") for n in range(2)]
    told = about(*findings(12)[1:], opened, *filtered, *copies, unread=aside, last=5)

    assert lines(told) == snapshot(
        [
            "The last 19 events about acme/web:",
            "",
            "11 × vulnerability_found of CVE-2026-1011, CVE-2026-1010, CVE-2026-1009, CVE-2026-1008, CVE-2026-1007, +6 more in v1, for channel C1",
            "  Received from 2026-03-04 05:06:08 UTC to 2026-03-04 05:06:18 UTC as 11 deliveries (21 to 31), through webhook URL 3.",
            "  Matched: they were folded into card 7 (opened 2026-03-04 05:06:07 UTC).",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
            "",
            "3 × repo_push of v1.2, latest, for channel C1",
            "  Received from 2026-03-04 05:06:10 UTC to 2026-03-04 05:06:12 UTC as 3 deliveries (200 to 202), through webhook URL 3.",
            "  Filtered: -tag:*-dev: the tag 1.2-dev is excluded, and the others likewise.",
            "  What to do: nothing, if such events should stay out. For a URL with another filter, run `quaybot hooks add acme/web repo_push --channel C1 --filter …`.",
            "",
            "vulnerability_found of CVE-2026-1000 in v1, for channel C1",
            "  Received 2026-03-04 05:06:07 UTC as delivery 20, through webhook URL 3.",
            "  Matched: it opened card 7.",
            "  Queued 2026-03-04 05:06:07 UTC.",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
            "",
            "2 × repo_push, for channel C1",
            "  Received from 2026-03-04 05:05:58 UTC to 2026-03-04 05:05:59 UTC as 2 deliveries (300 to 301), through webhook URL 3.",
            "  Set aside: The body is not JSON.",
            "  What to do: to see the newest body, run `quaybot dead show d301`. Once I can read such bodies, run `quaybot dead retry d301`. For the others, run `quaybot dead list`.",
            "",
            "2 × vulnerability_found of CVE-2026-1001, CVE-2026-1000 in v1, for channel C1",
            "  Received 2026-03-04 04:06:07 UTC as 2 deliveries (20 to 21), through webhook URL 3.",
            "  Matched, but card 7 (opened 2026-03-04 05:06:07 UTC) tells them already: nothing changed.",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
        ]
    )
    assert problems(message(told).payload()) == []


def test_what_one_push_put_on_a_list_is_one_event():
    entries = [replace(TOLD, id=n, tags=(tag,), verdict=Verdict.FOLDED) for n, tag in enumerate(("v1", "v2", "v3"))]

    assert lines(about(*entries))[:4] == snapshot(
        [
            "The last event about acme/web:",
            "",
            "repo_push of v3, v2, v1, for channel C1",
            "  Received 2026-03-04 05:06:07 UTC as delivery 12, through webhook URL 3.",
        ]
    )


def test_what_opened_a_card_stands_alone():
    opened = [replace(TOLD, id=n, delivery=n, card=None, opened_at=None, message="") for n in (1, 2)]

    assert len(fates(opened, ())) == 2
