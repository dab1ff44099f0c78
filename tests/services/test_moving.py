"""How it is told that what an approval was bound to has changed, and why Quay did not do something."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BotError, Denied, Lacking, NeedsScope, NotLinked, TryLater, UserError
from bot.services.moving import tag_mark, voided
from bot.services.verdicts import told_to_others

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
LACKING = Lacking("You can read it.", repository="acme/web", needs="write", does="start builds")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("prod=none", f"prod={A}", "`prod` has moved (did not exist → sha256:aaaaaaaaaaaa)"),
        (f"prod={A}", "prod=none", "`prod` has moved (sha256:aaaaaaaaaaaa → is gone)"),
        (f"v1={A} v2={A}", f"v1={A} v2={B}", "`v2` has moved (sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb)"),
        (
            f"v1={A}@1795475932",
            f"v1={B}@1795475990",
            "`v1` has moved (sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb) since",
        ),
        (f"v1={A}@1795475932", "v1=none@1795475990", "`v1` has moved (sha256:aaaaaaaaaaaa → is gone) since"),
        (f"v1={A}@1795475932", f"v1={A}@1795475990", "`v1` was set anew since:"),
        ("v1=none@1795475932", "v1=none@1795475990", "`v1` was there and went again meanwhile:"),
        ("v1=none", "v1=none@1795475990", "`v1` was there and went again meanwhile:"),
        ("v1=none@1795475932", f"v1={A}@1795475990", "`v1` has moved (did not exist → sha256:aaaaaaaaaaaa) since"),
        (f"v1={A}@1 v1:end=never", f"v1={A}@1 v1:end=2026-11-30T18:00:00+00:00", "Its expiry has changed since:"),
        (
            f"v1={A}@1 v1:end=never",
            "v1=none@2 v1:end=2026-11-30T18:00:00+00:00",
            "sha256:aaaaaaaaaaaa → is gone) since:",
        ),
        ("visibility=public", "visibility=private", "The visibility has changed since:"),
        ("description=none", "description=1a2b", "The description has changed since:"),
        ("trigger=on", "trigger=off", "The build trigger has changed since:"),
        ("message=1a2b", "message=none", "The message is gone already:"),
        (f"message={A}@1", "message=none@2", "`message` has moved (sha256:aaaaaaaaaaaa → is gone) since"),
        ("1=none 2=none 3=none 4=none 5=none", "", "2 more have moved"),
    ],
)
def test_what_moved_is_named_with_what_it_was_and_is(before: str, after: str, said: str):
    told = voided("F8CB5", before, after)
    assert said in told
    assert told.endswith(": the approvals of F8CB5 no longer count. Ask again.")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_states_make_one_sentence(before: str, after: str):
    assert voided("F8CB5", before, after).endswith("Ask again.")


def test_a_pin_holds_the_image_and_since_when_it_is_there():
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert tag_mark("v1", A, at) == f"v1={A}@1795424400"
    assert (tag_mark("v1", "", at), tag_mark("v1", "", None)) == ("v1=none@1795424400", "v1=none")


def needs_scope() -> BotError:
    error = NeedsScope("You have to link anew.", scopes=frozenset({"repo:write"}))
    error.__cause__ = LACKING
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LACKING, "Quay did not let alice start builds in acme/web."),
        (needs_scope(), "Quay did not let alice start builds in acme/web."),
        (NotLinked("You have no account."), "The link to the Quay account alice does not serve for this any more."),
        (UserError("You may not use the robot."), "Quay refused it for the account alice."),
        (UserError("It is read-only."), "Quay refused it for the account alice: It is read-only."),
        (Denied("The rule says no to you."), "The rule says no to you."),
        (TryLater("Quay does not answer."), "Quay does not answer."),
    ],
)
def test_others_read_what_happened_and_not_what_somebody_may_do(error: BotError, said: str):
    assert told_to_others(error, "alice") == said
