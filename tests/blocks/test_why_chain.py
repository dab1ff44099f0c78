"""The answer to "why?": what became of one event, link by link, and what to do about it."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.blocks.why import Story, lines
from bot.domain.trail import Verdict
from tests.blocks.why_steps import FILTERED, TOLD, UNSENT, WAITING, after, chain


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
            "Slack shows it as message 1772600768.000100, and a newer state of it waits to be sent.",
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


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("waiting", [True, False])
def test_every_chain_begins_with_how_it_came_and_ends_with_what_to_do(verdict: Verdict, waiting: bool):
    told = chain(replace(TOLD, verdict=verdict, waiting=waiting))

    assert told[0].startswith("Received ")
    assert told[-1].startswith("What to do: ")
