"""The application that nearly everything came through is said once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.through import foot, unusual, usual

NAMES = st.lists(st.sampled_from(("", "", "Tokens by hand", "quaybot", "Zoo")), max_size=9)


@pytest.mark.parametrize(
    ("used", "said"),
    [
        ((), ""),
        (("", ""), ""),
        (("Tokens by hand", "", "Tokens by hand"), "Where an application was used, it was Tokens by hand."),
        (("quaybot", "Zoo", "Zoo"), "Where an application was used and none is named, it was Zoo."),
    ],
)
def test_what_is_alike_is_said_once(used: tuple[str, ...], said: str) -> None:
    assert foot(used) == said


@given(NAMES)
def test_lines_and_foot_together_tell_every_application(used: list[str]) -> None:
    common = usual(used)
    for one in filter(None, used):
        assert unusual(one, common) == ("" if one == common else one)
    assert not common or common in foot(used)
    assert unusual("", common) == ""
