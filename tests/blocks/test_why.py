"""The answer to "why?", in Slack and on the command line."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.validator import neutral_problems, problems
from bot.blocks.why import MOST, Story, lines, message
from bot.blocks.why_fates import fates, number
from bot.domain.trail import Step, Unread, Verdict

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


TOLD = Step(
    id=1,
    delivery=12,
    hook="3",
    received_at=AT,
    subject="acme/web",
    kind="repo_push",
    tags=("v1.2", "latest"),
    channel="C1",
    at=AT,
    verdict=Verdict.OPENED,
    rule="",
    card=7,
    opened_at=after(0.2),
    message="d12:C1",
    queued_at=after(0.2),
    ts="1772600768.000100",
    sent_at=after(1),
    due_at=AT,
    attempts=0,
    waiting=False,
    parked_at=None,
    gathered=False,
    reason="",
    lane="",
)
UNSENT = replace(TOLD, ts="", sent_at=None, waiting=True)
FILTERED = replace(
    TOLD,
    verdict=Verdict.FILTERED,
    rule="`-tag:*-dev`: the tag 1.2-dev is excluded",
    **dict.fromkeys(("card", "opened_at", "queued_at", "sent_at"), None),
    **dict.fromkeys(("message", "ts"), ""),
)


def about(*steps: Step, **more: Any) -> Story:
    return Story("acme/web", steps=steps, **more)


def chain(step: Step) -> list[str]:
    return [line.strip() for line in lines(about(step))[3:]]


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
Sent <!date^1772600768^{date_short_pretty} {time_secs}|2026-03-04 05:06:08 UTC>; in Slack it is message `1772600768.000100`.
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
  Sent <!date^1772600768^{date_short_pretty} {time_secs}|2026-03-04 05:06:08 UTC>; in Slack it is message `1772600768.000100`.
  What to do: nothing, the channel has it.

`repo_push` of `v1.2`, `latest`
  Received <!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> as delivery 12, through webhook URL 3.
  Filtered: `-tag:*-dev`: the tag 1.2-dev is excluded.
  What to do: nothing, if such events should stay out. For a URL with another filter, my operator can run `quaybot hooks add acme/web repo_push --channel C1 --filter …`.
Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.\
""")


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


def test_what_was_filtered_names_the_rule():
    assert chain(FILTERED) == snapshot(
        [
            "Received 2026-03-04 05:06:07 UTC as delivery 12, through webhook URL 3.",
            "Filtered: -tag:*-dev: the tag 1.2-dev is excluded.",
            "What to do: nothing, if such events should stay out. For a URL with another filter, run `quaybot hooks add acme/web repo_push --channel C1 --filter …`.",
        ]
    )


def test_what_the_card_knew_already_says_so():
    assert chain(replace(TOLD, verdict=Verdict.REPEATED))[1] == snapshot(
        "Matched, but card 7 (opened 2026-03-04 05:06:07 UTC) tells it already: nothing changed."
    )


def test_what_the_bot_found_out_by_itself_has_no_delivery():
    assert chain(replace(TOLD, delivery=None, hook="", received_at=None))[0] == snapshot(
        "Found out by myself, without a webhook, 2026-03-04 05:06:07 UTC."
    )


def test_a_delivery_that_is_forgotten_keeps_its_number():
    assert chain(replace(TOLD, hook="", received_at=None))[0] == snapshot(
        "Received 2026-03-04 05:06:07 UTC as delivery 12."
    )


def test_what_waits_for_its_turn_needs_nothing():
    assert chain(UNSENT)[2:] == snapshot(
        [
            "Queued 2026-03-04 05:06:07 UTC.",
            "It waits to be sent.",
            "What to do: nothing, it goes out as soon as Slack allows. If it does not, run `quaybot doctor`.",
        ]
    )


def test_what_waits_for_slack_says_why_and_until_when():
    assert chain(replace(UNSENT, reason="Slack does not answer.", attempts=3, due_at=after(60)))[3:] == snapshot(
        [
            "It waits to be sent, tried 3 times: Slack does not answer.",
            "What to do: nothing, I try again by myself: 2026-03-04 05:07:07 UTC at the earliest.",
        ]
    )


def test_an_edit_that_waits_names_the_message_that_slack_shows():
    assert chain(replace(TOLD, waiting=True))[3:] == snapshot(
        [
            "Slack shows message 1772600768.000100, and a newer state of it waits to be sent.",
            "What to do: nothing, it goes out as soon as Slack allows. If it does not, run `quaybot doctor`.",
        ]
    )


def test_a_parked_channel_says_what_to_mend():
    assert chain(replace(UNSENT, lane="The channel is archived."))[3:] == snapshot(
        [
            "It waits to be sent.",
            "The channel is parked: The channel is archived.",
            "What to do: mend what the reason says. I try again every few minutes; to try at once, run `quaybot channels resume C1`.",
        ]
    )


def test_what_was_given_up_can_be_tried_again():
    given_up = replace(UNSENT, waiting=False, parked_at=after(5), reason="invalid_blocks", letter="m34")

    assert chain(given_up)[3:] == snapshot(
        [
            "Given up 2026-03-04 05:06:12 UTC: invalid_blocks.",
            "What to do: mend what the reason says. Then run `quaybot dead retry m34`.",
        ]
    )


def test_what_another_message_tells_says_so():
    assert chain(replace(TOLD, gathered=True))[3:] == snapshot(
        [
            "Told together with others, sent 2026-03-04 05:06:08 UTC; in Slack it is message 1772600768.000100.",
            "What to do: nothing, the channel has it.",
        ]
    )


def test_what_was_dropped_says_so():
    assert chain(replace(UNSENT, waiting=False, reason="dropped by the operator"))[3:] == snapshot(
        ["Not sent: dropped by the operator.", "What to do: nothing, it is settled."]
    )


def test_a_card_that_is_forgotten_says_so():
    forgotten = replace(UNSENT, waiting=False, card=None, opened_at=None, queued_at=None, message="")

    assert chain(forgotten)[1:] == snapshot(
        [
            "Matched: it opened a card that is forgotten by now.",
            "Its message is forgotten by now.",
            "What to do: nothing, it is settled.",
        ]
    )


WAITING = Unread(14, "3", "repo_push", ("C1", "C2"), AT, "")


def test_a_delivery_that_waits_to_be_read():
    assert lines(Story("acme/web", unread=[WAITING])) == snapshot(
        [
            "The last event about acme/web:",
            "",
            "repo_push, for channel C1, C2",
            "  Received 2026-03-04 05:06:07 UTC as delivery 14, through webhook URL 3.",
            "  It waits to be read.",
            "  What to do: nothing, its turn comes within seconds. If it does not, run `quaybot doctor`.",
        ]
    )


def test_a_delivery_that_was_set_aside():
    aside = replace(WAITING, reason="The body is not JSON.")

    assert lines(Story("acme/web", unread=[aside]))[3:] == snapshot(
        [
            "  Received 2026-03-04 05:06:07 UTC as delivery 14, through webhook URL 3.",
            "  Set aside: The body is not JSON.",
            "  What to do: to see the body, run `quaybot dead show d14`. Once I can read such bodies, run `quaybot dead retry d14`.",
        ]
    )


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


def test_nothing_known_and_no_url():
    assert lines(Story("acme/web")) == snapshot(
        [
            "I know of no event about acme/web.",
            "There is no webhook URL for it.",
            "What to do: to get one, run `quaybot hooks add acme/web repo_push --channel C…`. Then paste it into a notification in Quay.",
        ]
    )
    assert message(Story("acme/web", here="C1", channel="C1")).text == snapshot("""\
I know of no event about `acme/web`.
There is no webhook URL for it that tells this channel.
What to do: to get one, my operator can run `quaybot hooks add acme/web repo_push --channel C1`. Then paste it into a notification in Quay.
Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.\
""")
    assert lines(Story("acme")) == snapshot(
        [
            "I know of no event about acme.",
            "There is no webhook URL for it. (A repository is written namespace/acme.)",
            "What to do: to get one, run `quaybot hooks add acme quota_warning --channel C…`. Then paste it into a notification in Quay.",
        ]
    )


def test_nothing_known_although_there_is_a_url():
    hooks = [("3", "repo_push", ("C1",)), ("4", "build_failure", ("C1", "C2"))]

    assert lines(Story("acme/web", hooks=hooks)) == snapshot(
        [
            "I know of no event about acme/web.",
            "There are 2 webhook URLs for it:",
            "• 3: repo_push, for channel C1",
            "• 4: build_failure, for channel C1, C2",
            "What to do: in Quay's settings of acme/web, look at the notifications with these URLs: after three failures (number_of_failures) Quay switches one off, and offers there to switch it on again.",
        ]
    )
    assert lines(Story("acme/web", tag="v1", channel="C2", hooks=hooks[:1]))[1:] == snapshot(
        [
            "There is a webhook URL for it that tells C2: 3 (repo_push).",
            "What to do: ask again without the tag. And in Quay's settings of acme/web, look at the notification with that URL: after three failures (number_of_failures) Quay switches it off, and offers there to switch it on again.",
        ]
    )


def test_many_urls_are_a_list_that_leaves_room_for_what_to_do():
    hooks = [(str(n), "repo_push", ("C1", "C2", "C3", "C4", "C5")) for n in range(99)]
    told = message(Story("acme/web", hooks=hooks))
    shown = told.blocks[1]["text"]["text"].splitlines()

    assert (shown[0], shown[1], shown[-2]) == snapshot(
        (
            "There are 99 webhook URLs for it:",
            "• 0: `repo_push`, for channel `C1`, `C2`, `C3`, `C4`, `C5`",
            "• +79 more",
        )
    )
    assert shown[-1].startswith("What to do: ")


ANY = st.text(max_size=400) | st.sampled_from(
    ["`", "``x", "<!channel>", "\x1b[31m", "a\nb", "*b*", "https://x.example"]
)
IDS = st.integers(1, 2**63).map(str)
MOMENTS = st.none() | st.just(AT)


@st.composite
def any_step(draw: st.DrawFn) -> Step:
    words = {name: draw(ANY) for name in ("subject", "kind", "channel", "rule", "message", "ts", "reason", "lane")}
    times = {
        name: draw(MOMENTS) for name in ("received_at", "opened_at", "queued_at", "sent_at", "due_at", "parked_at")
    }
    flags = {name: draw(st.booleans()) for name in ("waiting", "gathered")}
    tags = tuple(draw(st.lists(ANY, max_size=12)))
    verdict, card = draw(st.sampled_from(Verdict)), draw(st.none() | st.integers(1, 2**63))
    item = draw(st.dictionaries(st.sampled_from(["vulnerability", "tag"]), ANY))
    facts = {"tags": tags, "verdict": verdict, "card": card, "item": item}
    return replace(TOLD, **words, **times, **flags, **facts, letter=draw(ANY), hook=draw(IDS))


STORIES = st.builds(
    Story,
    subject=ANY,
    tag=ANY,
    here=ANY,
    channel=ANY,
    steps=st.lists(any_step(), max_size=30),
    unread=st.lists(
        st.builds(Unread, st.integers(1, 2**63), IDS, ANY, st.lists(ANY).map(tuple), st.just(AT), ANY), max_size=30
    ),
    hooks=st.lists(st.tuples(IDS, ANY, st.lists(ANY, max_size=9)), max_size=40),
)


@given(STORIES)
def test_slack_takes_the_answer_whatever_is_in_it(story: Story):
    payload = message(story).payload()

    assert problems(payload) == []
    assert neutral_problems(payload) == []


@given(STORIES)
def test_the_last_line_about_every_event_says_what_to_do(story: Story):
    for block in message(story).blocks[1 : 1 + len(story.steps) + len(story.unread)]:
        if block["type"] == "section":
            assert block["text"]["text"].rpartition("\n")[2].startswith("What to do: ")


@given(STORIES)
def test_every_event_has_one_fate_and_the_newest_comes_first(story: Story):
    found = fates(story.steps, story.unread)
    newest = [(one.received_at or AT) for (one, *_) in found]

    assert sum(len(fate) for fate in found) == len(story.steps) + len(story.unread)
    assert all(1 <= number(fate) <= len(fate) for fate in found)
    assert newest == sorted(newest, reverse=True)


@given(STORIES)
def test_a_terminal_gets_nothing_but_visible_lines(story: Story):
    assert {category(char) for line in lines(story) for char in line} & {"Cc", "Cf", "Cs"} == set()


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("waiting", [True, False])
def test_every_chain_begins_with_how_it_came_and_ends_with_what_to_do(verdict: Verdict, waiting: bool):
    told = chain(replace(TOLD, verdict=verdict, waiting=waiting))

    assert told[0].startswith("Received ")
    assert told[-1].startswith("What to do: ")
