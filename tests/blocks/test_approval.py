"""How a request for approval looks."""

# ruff: noqa: E501 - golden lines stand on one line

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.approval import Tally, card
from bot.blocks.approval_list import listed
from bot.blocks.validator import neutral_problems, problems
from bot.domain.acts import Act, Request, Stage, Vote
from bot.domain.people import Person
from handlers.acts import ACTS
from tests.handlers.council import drawn

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALICE, BOB, CAROL = (Person("T1", f"U{name}") for name in ("ALICE", "BOB", "CAROL"))
ACT = Act(
    "build",
    "acme/web",
    {"tags": "v1 latest", "from": "https://files.example", "dockerfile": "app/Dockerfile"},
    {"archive address": "https://files.example/a?key=s3cret"},
)
REQUEST = Request(
    "K7PX4",
    ALICE,
    "alice",
    "C1",
    "C9",
    ACT,
    f"v1=sha256:{'a' * 64} latest=none",
    "prod",
    ("group:S1", "user:T1/UBOB", "channel:C5", "quay:root*", "team:acme/owners", "*"),
    2,
    "KDWF-4071",
    NOON,
    NOON + timedelta(hours=1),
    votes=(Vote(BOB, "bob", NOON),),
    rule_reason="Customers pull it.",
)


def look(request: Request, tally: Tally | None = None) -> list[str]:
    payload = card(request, ACTS["build"].says(request.act), tally).payload()
    assert problems(payload) == []
    assert neutral_problems(payload) == []
    [attachment] = payload["attachments"]
    blocks = [drawn(block) for block in (*payload["blocks"], *attachment["blocks"])]
    return [payload["text"], attachment["color"], *blocks]


def test_one_look_says_who_wants_what_and_how_many_are_missing():
    assert look(REQUEST) == snapshot(
        [
            "Approval needed: build acme/web, asked for by alice, request K7PX4. 1 approval missing.",
            "#ecb22e",
            "⏳ *Approval needed* `build` · `acme/web` · request `K7PX4`",
            "@UALICE (in Quay: alice) wants:",
            """\
Build `acme/web` from an archive at `https://files.example`. Writes the tags `v1`, `latest`.
• dockerfile: `app/Dockerfile`\
""",
            "Bound to: `v1` is `sha256:aaaaaaaaaaaa`, `latest` does not exist yet. If one of these tags moves before it runs, the approvals are void.",
            "2 approvals needed from @S1 or @UBOB or the members of #C5 or the Quay account root* or the Quay team acme/owners or anybody else.",
            "~ Why: Customers pull it.",
            "1 more is missing. Agreed so far: @UBOB",
            "~ Rule prod · asked <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC> · expires <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC> · KDWF-4071 · secrets in the archive address are not shown · or type `/quay approve K7PX4`",
            "[Approve](K7PX4) [Deny](K7PX4)",
        ]
    )


@pytest.mark.parametrize("stage", Stage)
def test_the_outcome_is_said_in_words_and_colour(stage):
    said = look(replace(REQUEST, stage=stage, reason="Build dbf23442 is queued."))
    assert (stage.value, said[1], said[2]) == OUTCOMES[stage]
    assert ("[Approve](K7PX4) [Deny](K7PX4)" in said) is (stage is Stage.OPEN)


OUTCOMES = {
    Stage.OPEN: ("open", "#ecb22e", "⏳ *Approval needed* `build` · `acme/web` · request `K7PX4`"),
    Stage.RUNNING: ("running", "#36c5f0", "🔵 *Approved, running* `build` · `acme/web` · request `K7PX4`"),
    Stage.DONE: ("done", "#2eb67d", "🟢 *Approved and done* `build` · `acme/web` · request `K7PX4`"),
    Stage.FAILED: ("failed", "#e01e5a", "🔴 *Not done* `build` · `acme/web` · request `K7PX4`"),
    Stage.REJECTED: ("rejected", "#e01e5a", "🔴 *Denied* `build` · `acme/web` · request `K7PX4`"),
    Stage.WITHDRAWN: ("withdrawn", "#616061", "⚪ *Withdrawn* `build` · `acme/web` · request `K7PX4`"),
    Stage.EXPIRED: ("expired", "#616061", "⚪ *Expired* `build` · `acme/web` · request `K7PX4`"),
    Stage.VOID: ("void", "#ecb22e", "🟠 *Void* `build` · `acme/web` · request `K7PX4`"),
}


def test_the_end_shows_what_came_of_it_and_who_agreed():
    votes = (Vote(BOB, "bob", NOON), Vote(CAROL, "carol", NOON))
    assert look(replace(REQUEST, stage=Stage.DONE, reason="Build dbf23442 is queued.", votes=votes)) == snapshot(
        [
            "Approved and done: build acme/web, asked for by alice, request K7PX4. Build dbf23442 is queued.",
            "#2eb67d",
            "🟢 *Approved and done* `build` · `acme/web` · request `K7PX4`",
            "@UALICE (in Quay: alice) wants:",
            """\
Build `acme/web` from an archive at `https://files.example`. Writes the tags `v1`, `latest`.
• dockerfile: `app/Dockerfile`\
""",
            "*Result:* Build dbf23442 is queued.",
            "Agreed: @UBOB, @UCAROL",
            "~ Rule prod · asked <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC> · KDWF-4071",
        ]
    )


def test_a_vote_that_does_not_count_says_why():
    said = look(REQUEST, Tally(3, ("group:S2",), "newer", {BOB: "only its approvers count"}))
    assert said[-5:] == snapshot(
        [
            "~ Why: Customers pull it.",
            "3 more are missing.",
            "@UBOB agreed, but this does not count now: only its approvers count.",
            "~ Rule newer · asked <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC> · expires <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC> · KDWF-4071 · secrets in the archive address are not shown · or type `/quay approve K7PX4`",
            "[Approve](K7PX4) [Deny](K7PX4)",
        ]
    )


def test_what_is_hidden_is_named_and_not_shown():
    said = "\n".join(look(REQUEST))
    assert "s3cret" not in said
    assert "secrets in the archive address are not shown" in said


def test_the_list_says_what_one_can_do():
    head, rows = listed([(REQUEST, "Build it."), (replace(REQUEST, person=CAROL), "Build it.")], ALICE)
    assert [head, *(drawn(row) for row in rows)] == snapshot(
        [
            "2 requests wait for approval.",
            """\
*K7PX4* · you asked · 1 approval missing · until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>
Build it.
`/quay deny K7PX4` takes it back.\
""",
            """\
*K7PX4* · asked by alice · 1 approval missing · until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>
Build it.
`/quay approve K7PX4` approves it.\
""",
        ]
    )


words = st.text(max_size=400)


@given(words, words, words, st.lists(words, max_size=15), st.sampled_from(Stage), words)
def test_any_words_make_a_card_that_slack_takes(name, target, value, approvers, stage, reason):
    act = Act("build", f"acme/{target}", {"tags": value, "dockerfile": name, "from": value})
    request = replace(
        REQUEST, act=act, approvers=tuple(approvers), stage=stage, reason=reason, pin=value, username=name, rule=name
    )
    look(request)
