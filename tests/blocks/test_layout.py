"""Menus that name what they are about, and fields that tell when they change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.layout import actions, input_block, menu_of, option, text_input
from bot.blocks.validator import problems

CHOICES = (("Logs", "logs"), ("Cancel…", "cancel"))


def test_a_menu_sends_its_choice_and_what_it_is_about() -> None:
    menu = menu_of("build_menu", CHOICES, "acme/web", "1a2b")
    assert menu is not None
    assert [one["value"] for one in menu["options"]] == ["logs acme/web 1a2b", "cancel acme/web 1a2b"]


@given(st.text(max_size=90), st.text(max_size=90))
def test_what_a_menu_sends_can_always_be_taken_apart(first: str, second: str) -> None:
    menu = menu_of("build_menu", CHOICES, first, second)
    if menu is None:
        return
    assert problems({"text": "x", "blocks": [actions(menu)]}) == []
    assert [one["value"].split(" ") for one in menu["options"]] == [[choice, first, second] for _, choice in CHOICES]


@pytest.mark.parametrize("word", ["", " ", "a b", "a\nb", "a\u200bb", "x" * 150])
def test_what_a_menu_could_not_name_has_none(word: str) -> None:
    assert menu_of("build_menu", CHOICES, "acme/web", word) is None


def test_a_field_tells_of_changes_only_if_it_is_to() -> None:
    field = text_input("text")
    assert input_block("b", "Label", field, dispatch=True)["dispatch_action"] is True
    assert "dispatch_action" not in input_block("b", "Label", field)


def test_names_of_emoji_stay_words_where_they_are_to() -> None:
    assert option(":tada:", "v", emoji=False)["text"]["emoji"] is False
    assert option(":tada:", "v")["text"]["emoji"] is True
