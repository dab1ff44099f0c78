"""How it is told that what an approval was bound to has changed, and why Quay did not do something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BotError, Denied, Lacking, NeedsScope, NotLinked, TryLater, UserError
from bot.services.moving import voided
from bot.services.verdicts import told_to_others

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
LACKING = Lacking("You can read it.", repository="acme/web", needs="write", does="start builds")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("prod=none", f"prod={A}", "`prod` has moved (did not exist → sha256:aaaaaaaaaaaa)"),
        (f"prod={A}", "prod=none", "`prod` has moved (sha256:aaaaaaaaaaaa → is gone)"),
        (f"v1={A} v2={A}", f"v1={A} v2={B}", "`v2` has moved (sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb)"),
        ("", "x", "`x` has moved (did not exist → is gone)"),
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
