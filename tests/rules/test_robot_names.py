"""What a robot account can be called, and that every place which asks for one agrees about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.rules.robot_names import is_namespace, is_robot, is_short
from handlers.command import Seek
from handlers.grammar.robots import namespace_of, robot_of
from handlers.suggesting.own_words import own_words

SHORT = st.from_regex(r"[a-z0-9]+([._-][a-z0-9]+)*", fullmatch=True).filter(lambda name: 2 <= len(name) <= 255)
TYPED = st.text(max_size=30) | st.text("ab1+._-A", max_size=12) | st.builds("{}+{}".format, SHORT, SHORT)


def taken(word: str) -> bool:
    try:
        return robot_of((word,)) == word
    except UserError:
        return False


def listed(word: str) -> bool:
    try:
        return namespace_of((word,)) == word
    except UserError:
        return False


@given(SHORT)
def test_names_that_quay_takes_are_taken(name: str) -> None:
    assert is_short(name)
    assert is_namespace(name)


@given(st.text(max_size=30) | st.text("ab1._-", max_size=8))
def test_names_that_are_taken_are_safe_everywhere(name: str) -> None:
    if is_short(name):
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
        assert name[0].isalnum()
        assert name[-1].isalnum()
        assert len(name) >= 2


@given(TYPED)
def test_a_form_offers_what_was_typed_exactly_where_the_command_takes_it(typed: str) -> None:
    for seek, command in ((Seek.ROBOT, taken), (Seek.NAMESPACE, listed)):
        assert own_words(seek, typed, "https://quay.example") == (typed if command(typed) else "")


@pytest.mark.parametrize("name", ["acme+ci-deploy", "acme+9ci", "acme+ci.v2", "a-b+x_1", "acme+" + "x" * 250])
def test_right_names(name: str) -> None:
    assert is_robot(name)
    assert own_words(Seek.ROBOT, name, "https://quay.example") == name


@pytest.mark.parametrize(
    "name",
    ["acme+a__b", "acme+-a", "acme+ab-", "acme+x", "acme+", "+ci", "acme", "acme+ci+x", "Acme+ci", "acme+" + "x" * 251],
)
def test_wrong_names(name: str) -> None:
    assert not is_robot(name)
    assert own_words(Seek.ROBOT, name, "https://quay.example") == ""
