"""Bodies that do not fit are refused with the first thing that is wrong, whatever they are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fakes.quay.schema import mismatch

SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["a"],
    "properties": {
        "a": {"type": "string", "enum": ["x", "y"]},
        "b": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        "c": {"type": ["object", "null"]},
    },
    "additionalProperties": False,
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "first_line"),
    [
        ([1], "[1] is not of type 'object'"),
        ({}, "'a' is a required property"),
        ({"a": 1}, "1 is not of type 'string'"),
        ({"a": "z"}, "'z' is not one of ['x', 'y']"),
        ({"a": "x", "b": []}, "[] is too short"),
        ({"a": "x", "b": ["p", "p"]}, "['p', 'p'] has non-unique elements"),
        ({"a": "x", "b": [1]}, "1 is not of type 'string'"),
        ({"a": "x", "c": 1}, "1 is not of type 'object', 'null'"),
        ({"a": "x", "d": 1, "e": 2}, "Additional properties are not allowed ('d', 'e' were unexpected)"),
    ],
)
def test_the_first_line_says_what_is_wrong(value: Any, first_line: str) -> None:
    found = mismatch(SHAPE, value)
    assert found is not None
    assert found.splitlines()[0] == first_line


@given(ANY)
def test_any_body_is_taken_or_refused_but_never_breaks_the_check(value: Any) -> None:
    found = mismatch(SHAPE, value)
    if found is None:
        assert value["a"] in {"x", "y"}
        assert set(value) <= {"a", "b", "c"}
    else:
        assert "Failed validating" in found
