"""The answer to "why?", in Slack and on the command line: its form, its order, its length."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

from inline_snapshot import snapshot

from bot.blocks.validator import neutral_problems, problems
from bot.blocks.why import MOST, lines, message
from bot.domain.trail import Verdict
from tests.blocks.why_steps import FILTERED, TOLD, WAITING, about, after


def test_on_the_command_line_each_event_is_a_chain_with_times_in_utc():
    folded = replace(TOLD, id=2, delivery=13, received_at=after(9), verdict=Verdict.FOLDED, sent_at=after(10))

    assert lines(about(folded, TOLD)) == snapshot(
        [
            "The last 2 events about acme/web:",
            "",
            "repo_push of v1.2, latest, for channel C1",
            "  Received 2026-03-04 05:06:16 UTC as delivery 13, through webhook URL 3.",
            "  Matched: it was folded into card 7 (opened 2026-03-04 05:06:07 UTC).",
            "  Sent 2026-03-04 05:06:17 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
            "",
            "repo_push of v1.2, latest, for channel C1",
            "  Received 2026-03-04 05:06:07 UTC as delivery 12, through webhook URL 3.",
            "  Matched: it opened card 7.",
            "  Queued 2026-03-04 05:06:07 UTC.",
            "  Sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "  What to do: nothing, the channel has it.",
        ]
    )


def test_in_slack_each_event_is_a_section_with_times_in_the_readers_zone():
    told = message(about(TOLD, FILTERED, here="C1", channel="C1"))

    assert problems(told.payload()) == []
    assert neutral_problems(told.payload()) == []
    assert [block.get("text", {}).get("text") or block["elements"][0]["text"] for block in told.blocks] == snapshot(
        [
            "The last 2 events about `acme/web`:",
            """\
*`repo_push` of `v1.2`, `latest`*
Received <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> as delivery 12, through webhook URL 3.
Matched: it opened card 7.
Queued <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC>.
Sent <!date^1772600768^{date_short_pretty} {time_secs}|2026-03-04 05:06:08 UTC>.
What to do: nothing, the channel has it.\
""",
            """\
*`repo_push` of `v1.2`, `latest`*
Received <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> as delivery 12, through webhook URL 3.
Filtered: `-tag:*-dev`: the tag 1.2-dev is excluded.
What to do: nothing, if such events should stay out. For a URL with another filter, my operator can run `quaybot hooks add acme/web repo_push --channel C1 --filter …`.\
""",
            "Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.",
        ]
    )
    assert told.text == snapshot("""\
The last 2 events about `acme/web`:

`repo_push` of `v1.2`, `latest`
  Received <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> as delivery 12, through webhook URL 3.
  Matched: it opened card 7.
  Queued <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC>.
  Sent <!date^1772600768^{date_short_pretty} {time_secs}|2026-03-04 05:06:08 UTC>.
  What to do: nothing, the channel has it.

`repo_push` of `v1.2`, `latest`
  Received <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> as delivery 12, through webhook URL 3.
  Filtered: `-tag:*-dev`: the tag 1.2-dev is excluded.
  What to do: nothing, if such events should stay out. For a URL with another filter, my operator can run `quaybot hooks add acme/web repo_push --channel C1 --filter …`.
Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.\
""")


def test_everything_is_in_the_order_of_time():
    story = about(replace(TOLD, received_at=after(2)), unread=[replace(WAITING, received_at=after(1))])

    assert [line for line in lines(story) if line.startswith("repo_push")] == snapshot(
        ["repo_push of v1.2, latest, for channel C1", "repo_push, for channel C1, C2"]
    )


def test_only_other_channels_are_named_where_it_was_asked():
    told = lines(about(TOLD, replace(TOLD, id=2, channel="C2"), here="C1"))

    assert [line for line in told if line.startswith("repo_push")] == snapshot(
        ["repo_push of v1.2, latest, for channel C2", "repo_push of v1.2, latest"]
    )


def test_no_more_than_was_asked_for():
    many = [replace(TOLD, id=number, delivery=number) for number in range(60)]

    assert len(message(about(*many)).blocks) == MOST + 1
    assert len(message(about(*many, last=3)).blocks) == 4
