"""Late messages: many as one, and the line below a single one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks import away, layout, notes
from bot.blocks.text import bare
from bot.blocks.validator import neutral_problems, problems
from bot.domain.late import Cause, Late
from bot.domain.messages import Message

NOW = datetime(2026, 11, 23, 13, 40, 14, tzinfo=UTC)
Look = Callable[[Message], str]


def late(number: int, text: str = "", *, minutes: float = 31, weight: int = 0, family: str = "push") -> Late:
    return Late(number, 1, NOW - timedelta(minutes=minutes), weight, family, True, text)


FEW = (
    late(1, "Pushed acme/web:v1.4.0."),
    late(2, "Build of acme/api failed.", minutes=20, weight=5, family="build"),
    late(3, "Critical: CVE-2026-1 in acme/api.", minutes=2, weight=9, family="vulnerability"),
)


def test_after_an_outage_a_channel_reads_one_message(look: Look) -> None:
    assert look(away.show(FEW, "away:C1:1:1", Cause.AWAY, NOW)) == snapshot("""\
While Slack was away: 3 alerts, 31 min late.
🌙 *While Slack was away:* 3 alerts
#616061
⟨2026-11-23 13:09 UTC⟩ to ⟨2026-11-23 13:38 UTC⟩, 31 min late
1 build · 1 pushed repository · 1 card about vulnerabilities
• Critical: CVE-2026-1 in acme/api.
• Build of acme/api failed.
• Pushed acme/web:v1.4.0.\
""")


def test_many_more_than_are_listed(look: Look) -> None:
    many = [late(n, f"Pushed acme/web:v{n}." if n < 15 else "", minutes=40 - n, family="push") for n in range(20)]
    many += [late(20 + n, minutes=3, family="vulnerability") for n in range(3)] + [late(30, family="")]
    shown = look(away.show(many, "away:C1:1:1", Cause.AWAY, NOW))
    assert shown == snapshot("""\
While Slack was away: 24 alerts, 40 min late.
🌙 *While Slack was away:* 24 alerts
#616061
⟨2026-11-23 13:00 UTC⟩ to ⟨2026-11-23 13:37 UTC⟩, 40 min late
20 pushed repositories · 3 cards about vulnerabilities · 1 other
• Pushed acme/web:v0.
• Pushed acme/web:v1.
• Pushed acme/web:v2.
• Pushed acme/web:v3.
• Pushed acme/web:v4.
• Pushed acme/web:v5.
• Pushed acme/web:v6.
• Pushed acme/web:v7.
• Pushed acme/web:v8.
• Pushed acme/web:v9.
• Pushed acme/web:v10.
• Pushed acme/web:v11.
• Pushed acme/web:v12.
• Pushed acme/web:v13.
• Pushed acme/web:v14.
~ … and 9 more
[Show all](away:C1:1:1)\
""")


def test_a_line_that_was_cut_can_be_read_in_the_list(look: Look) -> None:
    words = "Pushed " + "x" * away.LINE
    assert "[Show all](key)" in look(away.show((late(1, words),), "key", Cause.AWAY, NOW))
    assert "[Show all]" not in look(away.show((late(1, words[: away.LINE]),), "key", Cause.AWAY, NOW))


def test_what_came_at_once_has_one_time(look: Look) -> None:
    at_once = look(away.show((late(1, "a"), late(2, "b", minutes=30.5)), "key", Cause.AWAY, NOW))
    assert "⟨2026-11-23 13:09 UTC⟩, 31 min late" in at_once


def test_the_headline_says_why() -> None:
    assert [away.show(FEW[:1], "key", cause, NOW).text for cause in Cause] == snapshot(
        [
            "While Slack was away: 1 alert, 31 min late.",
            "While quaybot could not post here: 1 alert, 31 min late.",
            "Many alerts at once: 1 alert, 31 min late.",
        ]
    )


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        (Cause.AWAY, "🕒 31 min late: Slack was away"),
        (Cause.BARRED, "🕒 31 min late: quaybot could not post here"),
        (Cause.CROWD, "🕒 31 min late"),
    ],
)
def test_a_single_late_message_says_so_below(cause: Cause, line: str) -> None:
    payload = Message("a", (layout.section("*a*"),), (layout.section("more"),)).payload()
    noted = away.noted(payload, cause, NOW - timedelta(minutes=31), NOW)
    assert problems(noted) == neutral_problems(noted) == []
    assert noted == {**payload, "blocks": [layout.section("*a*"), layout.context(line)]}


def test_a_message_of_text_alone_keeps_its_text() -> None:
    noted = away.noted({"text": "a &amp; b"}, Cause.CROWD, NOW - timedelta(minutes=1), NOW)
    assert noted["blocks"][0] == layout.section("a &amp; b")


def test_a_message_without_room_stays_as_it_is() -> None:
    payload = {"text": "a", "blocks": [layout.divider()] * 50}
    assert away.noted(payload, Cause.AWAY, NOW, NOW) == payload


@given(
    st.lists(
        st.builds(
            Late,
            id=st.integers(1),
            revision=st.just(1),
            since=st.timedeltas(timedelta(0), timedelta(days=30)).map(lambda span: NOW - span),
            weight=st.integers(0, 9),
            family=st.sampled_from(["push", "build", "vulnerability", "", "of next year"]),
            tried=st.booleans(),
            text=st.text(max_size=300).map(bare),
        ),
        min_size=1,
        max_size=60,
    ),
    st.sampled_from(Cause),
)
def test_slack_takes_every_such_message(rows: list[Late], cause: Cause) -> None:
    payload = away.show(rows, "away:C1:1:1", cause, NOW).payload()
    assert problems(payload) == neutral_problems(payload) == []


@given(st.text(max_size=6000).map(lambda text: bare(text, 3000)))
def test_the_notes_to_people_are_fine_whatever_the_message_was(text: str) -> None:
    for note in (
        notes.undelivered("C1", {"text": text}, "No."),
        notes.barred("C1", "The channel is archived.", "Unarchive it."),
        notes.undelivered("U1", {}, "No."),
    ):
        assert problems(note) == neutral_problems(note) == []


def test_the_owner_of_a_channel_reads_what_to_do() -> None:
    note = notes.barred("C1", "The channel is archived.", "Unarchive it.")
    assert note["text"].split(". ") == snapshot(
        [
            "I could not post in a channel of yours",
            "The channel is archived",
            "Unarchive it",
            "Everything for the channel is kept",
            "I try again every five minutes, and what waits comes as soon as it works",
            "The operator can make me try at once: quaybot channels resume C1",
        ]
    )
