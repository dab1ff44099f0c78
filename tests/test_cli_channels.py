"""Channels, from the command line: listed, set, and tried again."""

import pytest

from tests.command_line import Run, quaybot, refused
from tests.command_line_store import PARKED, Do, a_parked_channel, stored
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "stored", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


def test_without_channels_somebody_is_told_where_they_come_from(quaybot: Run):
    quaybot("migrate")
    assert quaybot("channels", "list").out == [
        "There are no channels yet. They come with webhook URLs: quaybot hooks add NS/REPO EVENT --channel C…"
    ]


def test_channels_are_listed_with_what_was_decided_and_what_is_wrong(quaybot: Run, stored: Do):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")
    quaybot("channels", "set", "C05", "--layout", "compact")
    stored(a_parked_channel)

    assert quaybot("channels", "list").out == [
        "C01  card  no owner",
        "C05  compact  no owner",
        "C09  card  no owner",
        f"  {PARKED}",
    ]


def test_layout_and_owner_are_chosen_one_by_one_or_together(quaybot: Run):
    assert quaybot("channels", "set", "C01", "--owner", "U01").out == ["C01  card  owner U01"]
    assert quaybot("channels", "set", "C01", "--layout", "thread").out == ["C01  thread  owner U01"]
    assert quaybot("channels", "set", "C01", "--owner", "none", "--layout", "card").out == ["C01  card  no owner"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("C01",), "Say what: quaybot channels set C01 --layout thread"),
        (("releases", "--layout", "card"), "'releases' is not a Slack channel id"),
        (("C01", "--layout", "big"), "'big' is no layout. Layouts are card, thread, compact."),
        (("C01", "--owner", "@alice"), "'@alice' is not a Slack user id. Ids look like U0123ABCD"),
        (("C01", "--owner", ""), "'' is not a Slack user id"),
    ],
)
def test_what_makes_no_sense_is_one_plain_line(quaybot: Run, words: tuple[str, ...], says: str):
    assert refused(quaybot("channels", "set", *words), says)


def test_a_parked_channel_is_tried_again(quaybot: Run, stored: Do):
    stored(a_parked_channel)

    done = quaybot("channels", "resume", "C09")

    assert done.out == ["C09 is tried again. If Slack still refuses, it is parked once more: see quaybot channels list"]
    assert refused(quaybot("channels", "resume", "C01"), "C01 is not parked. See: quaybot channels list")
    assert refused(quaybot("channels", "resume", "x"), "'x' is not a Slack channel id")
