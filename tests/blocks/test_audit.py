"""The audit as it reads in Slack."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.audit import MOST, Telling, in_quays_log, line, log_not_read, message, not_in_quays_log
from bot.blocks.audit_rows import row
from bot.blocks.audit_words import outcome_words
from bot.blocks.neutral import named
from bot.blocks.text import when
from bot.blocks.validator import neutral_problems, problems
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ACT = Act("build", "acme/web:v1", {"branch": "main", "trigger": "github"}, {"archive": "https://s3cr3t.example"})
DEED = Deed(AT, "KDWF-4071", Person("T1", "U01"), "alice", "C1", ACT, Outcome.DONE, "build 1a2b started", "K7PX4")
WORDS = st.text(max_size=90)
ANY = st.builds(
    Deed,
    at=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    reference=WORDS,
    person=st.builds(Person, WORDS, WORDS | st.just("U01")),
    username=WORDS,
    channel=WORDS,
    act=st.builds(Act, WORDS, WORDS, st.dictionaries(WORDS, WORDS, max_size=12)),
    outcome=st.sampled_from(Outcome),
    detail=WORDS,
    approval=WORDS,
    quay_log=WORDS,
)


def read(deed: Deed) -> str:
    """A line with its elements one after the other."""
    who, what = line(deed)
    pieces = [piece.get("text") or piece["user_id"] for piece in who["elements"][0]["elements"]]
    return "|".join(pieces) + "\n" + what["text"]["text"].replace(when(deed.at, seconds=True), "(time)")


def test_a_line_says_when_who_what_and_what_came_of_it():
    assert read(DEED) == snapshot("""\
U01| (in Quay: alice): done
(time) · build `acme/web:v1` · branch `main`, trigger `github` · build 1a2b started
`KDWF-4071` · approval `K7PX4`\
""")


def test_somebody_without_an_account_is_shown_without_one():
    tried = Deed(AT, "KDWF-4072", Person("T1", "U01"), "", "C1", Act("build", ""), Outcome.UNLINKED)

    assert read(tried) == snapshot("""\
U01|: not done, no Quay account was linked
(time) · build
`KDWF-4072`\
""")


DIGEST, OLD = "sha256:" + "1cb66f67" * 8, "sha256:" + "abcdef01" * 8


@pytest.mark.parametrize(
    ("act", "outcome", "detail", "shown"),
    [
        (
            Act("tag move", "acme/web:latest", {"digest": DIGEST, "was": OLD, "like": "v1"}),
            Outcome.DONE,
            f"Verified: {DIGEST}.",
            "(time) <@U01> `tag move` `acme/web:latest` → `1cb66f67` · done · `KDWF-4071`",
        ),
        (
            Act("tag delete", "acme/web:old", {"digest": OLD}),
            Outcome.DENIED,
            "Only admins do that. Ask one.",
            "(time) <@U01> `tag delete` `acme/web:old` (`abcdef01`) · denied by the policy: Only admins do that. · `KDWF-4071`",
        ),
        (
            Act("tag expire", "acme/web:v1", {"ends": AT.isoformat(), "was": "never", "digest": DIGEST}),
            Outcome.DONE,
            "",
            "(time) <@U01> `tag expire` `acme/web:v1` → (time) · done · `KDWF-4071`",
        ),
        (
            Act("build retry", "acme/web", {"build": "dbf23442-1111-2222-3333-444455556666", "newest": "yes"}),
            Outcome.DONE,
            "Build 1a2b3c4d is queued.",
            "(time) <@U01> `build retry` `acme/web` (`dbf23442`) · done · `KDWF-4071`",
        ),
        (
            Act("message list", ""),
            Outcome.REFUSED,
            "vote refused: not yours.",
            "(time) <@U01> `message list` · did not count: vote refused: not yours. · `KDWF-4071`",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Act) else "",
)
def test_a_list_has_one_line_for_each_thing(act: Act, outcome: Outcome, detail: str, shown: str):
    deed = replace(DEED, act=act, outcome=outcome, detail=detail)

    assert row(deed).replace(when(AT), "(time)") == shown


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_words(outcome: Outcome):
    assert outcome_words(outcome)


def test_what_is_hidden_is_not_shown():
    assert "s3cr3t" not in repr(message(Telling("x", "x", [DEED])))


def test_an_answer_has_a_title_lines_notes_and_the_way_to_older_ones():
    shown = message(Telling("what you have done", "What you have done:", [DEED], ["These are your own lines."], "[1]"))

    assert shown.text == snapshot("""\
What you have done:
done: build acme/web:v1 (alice, 2026-03-04 05:06 UTC, KDWF-4071)
These are your own lines.\
""")
    assert [block["type"] for block in shown.blocks] == ["section", "section", "context", "actions"]
    assert shown.blocks[-1]["elements"][0]["value"] == "[1]"


def test_nothing_is_said_plainly():
    assert message(Telling("what you have done", "What you have done:", [])).blocks[0]["text"]["text"] == snapshot(
        "There is nothing in the audit about what you have done."
    )


def test_what_quay_has_written_down_is_told():
    assert in_quays_log("build_dockerfile", AT, "alice") == snapshot(
        "Quay's own log has it as well: `build_dockerfile` · "
        "<!date^1772600767^{date_short_pretty} {time_secs}|2026-03-04 05:06:07 UTC> · by `alice`"
    )
    assert not_in_quays_log("build_dockerfile") == snapshot(
        "Quay's own log has no such entry (`build_dockerfile`, by this account, at about that time)."
    )
    assert log_not_read("Quay does not answer.") == snapshot("Quay's own log could not be read: Quay does not answer.")


@given(deeds=st.lists(ANY, max_size=3), copies=st.integers(1, 20), whole=st.booleans())
def test_whatever_stands_in_a_line_slack_takes_it_and_nobody_is_called(deeds: list[Deed], copies: int, whole: bool):
    shown = message(Telling("what was done", "What was done:", deeds * copies, ["a note"], "x" * 1900, whole)).payload()

    assert problems(shown) == []
    assert len(shown["blocks"]) <= 2 * MOST + 3
    assert neutral_problems(shown, mentions=named(shown)) == []
    assert named(shown) <= {"U01"}
