"""Options behind a command."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from handlers.grammar import Option, Parsed, Spec, UsageError

SPEC = Spec(
    (
        Option("tag", "TAG", "a tag", repeatable=True),
        Option("branch", "BRANCH", "a branch"),
    )
)
MISTAKES = {
    ("--tga", "v1"): "I do not know the option --tga. Did you mean --tag?",
    ("-tag", "v1"): "I do not know the option -tag. Did you mean --tag?",
    ("--BRANCH", "x"): "I do not know the option --BRANCH. Did you mean --branch?",
    ("--zzz=secret",): "I do not know the option --zzz.",
    ("--",): "I do not know the option --.",
    ("--tag",): "--tag needs a value: --tag TAG",
    ("--tag", "--branch", "x"): "--tag needs a value: --tag TAG",
    ("--tag=",): "--tag needs a value: --tag TAG",
    ("--tag", ""): "--tag needs a value: --tag TAG",
    ("--branch", "a", "--branch", "b"): "--branch is given twice. Give it once.",
}


def test_options_and_words_are_told_apart():
    parsed = SPEC.parse(("acme/web", "--tag", "v1", "-", "--branch=a=b", "--tag=--x"))
    assert parsed == Parsed(("acme/web", "-"), {"tag": ("v1", "--x"), "branch": ("a=b",)})
    assert parsed.one("branch") == "a=b"
    assert parsed.many("tag") == ("v1", "--x")
    assert parsed.given(("branch", "commit", "tag")) == ("branch", "tag")


def test_what_was_not_given_is_empty():
    assert (SPEC.parse(()).one("branch"), SPEC.parse(()).many("tag")) == ("", ())


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_named_with_its_cure(words):
    with pytest.raises(UsageError) as caught:
        SPEC.parse(words)
    assert caught.value.say == MISTAKES[words]


def test_a_required_option_is_missed():
    with pytest.raises(UsageError, match="--url URL is missing"):
        Spec((Option("url", "URL", "an address", required=True),)).parse(())


@settings(deadline=None)
@given(st.lists(st.text() | st.sampled_from(["--tag", "--branch", "--tag=", "-", "--"])))
def test_any_words_give_a_result_or_a_user_error(words):
    try:
        parsed = SPEC.parse(words)
    except UserError:
        return
    assert set(parsed.values) <= {"tag", "branch"}
    assert all(all(values) for values in parsed.values.values())


TIMED = Spec((Option("since", "WHEN", "a time", greedy=True), Option("by", "NAME", "a name")), words=1)
WORD = st.from_regex(r"[a-z0-9:/]{1,8}", fullmatch=True)


@settings(deadline=None)
@given(WORD, st.lists(WORD, min_size=1, max_size=4), WORD, st.permutations(["target", "since", "by"]))
def test_what_has_blanks_is_understood_in_any_order(target, since, by, order):
    parts = {"target": [target], "since": ["--since", *since], "by": ["--by", by]}
    parsed = TIMED.parse([word for part in order for word in parts[part]])
    assert parsed == Parsed((target,), {"since": (" ".join(since),), "by": (by,)})


@settings(deadline=None)
@given(st.lists(st.sampled_from(["--since", "--since=", "--since=x", "--by", "a", "b c", "-", ""]), max_size=8))
def test_no_word_is_lost_or_made_up(words):
    try:
        parsed = TIMED.parse(words)
    except UsageError:
        return
    kept = " ".join([*parsed.words, *parsed.many("since"), *parsed.many("by")]).split()
    said = " ".join(word.removeprefix("--since=") for word in words if word not in ("--since", "--by")).split()
    assert sorted(kept) == sorted(said)


def test_a_value_that_nothing_else_misses_has_all_its_words():
    assert TIMED.parse(("acme", "--since", "2h", "ago")) == Parsed(("acme",), {"since": ("2h ago",)})
    assert TIMED.parse(("--since", "2h", "ago", "acme")) == Parsed(("acme",), {"since": ("2h ago",)})
    assert TIMED.parse(("--since", "2h")) == Parsed((), {"since": ("2h",)})
