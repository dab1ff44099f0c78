"""Turning pages: what a button carries is read back as it was, and whatever else stands there is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.limits import BUTTON_VALUE
from bot.blocks.paging import next_page, pack, previous_page, turns
from bot.domain.acts import Act
from bot.domain.errors import UserError
from handlers.actions.log_paging import beginning
from handlers.acts import logs, repos, search
from handlers.command import Reply
from handlers.forms.button import prefilled
from handlers.grammar.audit_question import Question
from handlers.modals.item_list import place
from handlers.paging import in_place, unpack
from handlers.words import whisper

ANY = (
    st.text(max_size=60)
    | st.builds(pack, st.text(max_size=9), st.text(max_size=9), at=st.integers())
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists, max_leaves=8
    ).map(str)
    | st.sampled_from(["[" * 99_999, "1" * 99_999, "[" + "1" * 99_999 + "]", '{"a": 1}', "[NaN]", "[1e999]"])
)
TEXTS = st.lists(st.text(max_size=20), min_size=1, max_size=6)
DAY = datetime(2026, 11, 23, tzinfo=UTC)


@given(TEXTS, st.integers(0, 2**31 - 1))
def test_what_is_packed_comes_back(texts: list[str], at: int) -> None:
    assert unpack(pack(*texts, at=at), len(texts), "logs") == (texts, at)


READERS: dict[str, Callable[[str], object]] = {
    "logs": logs.unpacked,
    "repos": repos.unpacked,
    "search": search.unpacked,
    "audit": Question.unpack,
    "one text": partial(unpack, texts=1, command="tag list"),
    "two texts": partial(unpack, texts=2, command="tag list"),
    "three texts": partial(unpack, texts=3, command="vulns"),
}


@pytest.mark.parametrize("reader", READERS)
@given(value=ANY)
def test_any_value_is_a_page_or_refused_with_a_sentence(reader: str, value: str) -> None:
    said = ""
    try:
        READERS[reader](value)
    except UserError as error:
        said = error.say
    assert said == "" or "older version of me. Please ask again with `/quay " in said


@given(ANY)
def test_any_value_is_a_place_in_a_window(value: str) -> None:
    start, _ = place(value)
    assert 0 <= start < 10**9
    line = beginning(f"acme/web c0ffee {value}")
    assert line is None or 0 <= line < 10**9


@given(ANY)
def test_any_value_fills_a_form_or_none(value: str) -> None:
    assert all(isinstance(word, str) for word in prefilled(value))


@given(st.text(max_size=200), st.sampled_from(["", "push_repo"]), st.text(max_size=3000))
def test_a_button_is_there_only_if_all_of_it_fits(by: str, kind: str, page: str) -> None:
    act = logs.wanted("acme/web", DAY, DAY, kind=kind, by=by)
    value = logs.packed(act, page)
    assert len(value) <= BUTTON_VALUE
    if value:
        assert logs.unpacked(value) == Act(act.name, act.target, act.parameters, {"page": page} if page else {})
    else:
        assert turns(previous_page("a", value), next_page("b", value)) == ()


def test_the_same_two_buttons_turn_every_page() -> None:
    [row] = turns(previous_page("a", "1"), next_page("b", "2"), None)
    assert [(one["text"]["text"], one["action_id"], one["value"]) for one in row["elements"]] == [
        ("Previous", "a", "1"),
        ("Next", "b", "2"),
    ]


def test_a_page_takes_the_place_of_the_one_before() -> None:
    reply = in_place(whisper("x"))
    assert isinstance(reply, Reply)
    assert reply.replace
    assert in_place(None) is None
