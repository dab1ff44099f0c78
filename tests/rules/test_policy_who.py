"""Who-words: which there are, and what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.who import Known, is_word, one_holds, questions, said


@pytest.mark.parametrize(
    "word",
    ["*", "user:U024BE7LH", "user:W1", "user:T1/U1", "user:E1/W1", "group:S1", "channel:C1", "channel:G1", "quay:ada",
     "quay:acme+*", "team:acme/owners"],
)  # fmt: skip
def test_these_are_words(word: str):
    assert is_word(word)


@pytest.mark.parametrize(
    "word",
    ["", "**", "ada", "@ada", "user:", "user:ada", "user:u1", "user:U1/T1", "group:U1", "group:release", "channel:#ops",
     "quay:", "quay:a b", "team:acme", "team:acme/", "team:acme/a/b", "USER:U1", "user: U1", "email:a@b.c"],
)  # fmt: skip
def test_these_are_none(word: str):
    assert not is_word(word)


@given(st.text(max_size=30))
def test_every_text_is_a_word_or_not(word: str):
    assert is_word(word) in (True, False)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ((), False),
        (("*",), True),
        (("group:S1",), True),
        (("group:S2",), None),
        (("group:S3",), False),
        (("group:S2", "group:S1"), True),
        (("group:S2", "group:S3"), None),
        (("group:S2", "*"), True),
    ],
)
def test_one_word_that_holds_is_enough_and_an_unknown_one_is_neither_yes_nor_no(words, holds):
    assert one_holds(words, Known(frozenset({"group:S1"}), frozenset({"group:S2"}))) is holds


def test_words_are_told_to_people():
    words = ("*", "user:U1", "group:S1", "channel:C1", "quay:ada", "team:acme/owners")
    assert said(words) == (
        "everybody or the Slack user U1 or members of the Slack user group S1 or members of the Slack channel C1 "
        "or the Quay user ada or members of the Quay team acme/owners"
    )
    assert questions(("group:S1", "team:acme/owners")) == (
        "who is in the Slack user group S1 and who is in the Quay team acme/owners"
    )
