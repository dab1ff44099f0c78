"""Which global message is meant, which say the same, and what state one is in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.banners import GlobalMessage
from bot.domain.errors import UserError
from bot.rules.global_messages import named, pinned, same, state

FIRST = GlobalMessage("1a2b3c4d-1", "Maintenance", "warning", "text/plain")
SECOND = GlobalMessage("1a2b3c4d-2", "Maintenance", "warning", "text/plain")
THIRD = GlobalMessage("99999999-3", "Maintenance", "error", "text/plain")
SHOWN = (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(("word", "found"), [("9999", THIRD), (" `1A2B3C4D-2` ", SECOND)])
def test_the_beginning_of_its_name_is_enough(word: str, found: GlobalMessage) -> None:
    assert named(word, SHOWN) == found


@pytest.mark.parametrize(
    ("word", "why"), [("1a2b", "Several"), ("999", "no such"), ("", "no such"), ("abcd", "no such")]
)
def test_what_names_none_or_several_is_refused(word: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        named(word, SHOWN)


def test_the_same_is_the_same_in_words_severity_and_kind() -> None:
    assert same("Maintenance", "warning", "text/plain", SHOWN) == [FIRST.uuid, SECOND.uuid]
    assert same("Maintenance", "warning", "text/markdown", SHOWN) == []


@given(st.sampled_from(("uuid", "content", "severity", "media_type")), st.text(max_size=20))
def test_a_pin_changes_with_anything_of_the_message(name: str, value: str) -> None:
    other = replace(FIRST, **{name: value})
    assert (pinned(other) == pinned(FIRST)) is (other == FIRST)


def test_a_message_that_is_gone_has_a_pin_of_its_own() -> None:
    assert state(FIRST.uuid, SHOWN) == pinned(FIRST)
    assert state(FIRST.uuid, (THIRD,)) == pinned(None) == "message=none"
