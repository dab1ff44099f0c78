"""Codes and derived secrets: what people type is understood, and nothing collides or leaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from bot.rules.link_codes import (
    ALPHABET,
    LENGTH,
    code_for,
    csrf,
    hashed,
    hashed_code,
    is_secret,
    normalised,
    same,
    shown,
    unspoken_state,
)

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
cookies = st.text("abcXYZ019-_", min_size=43, max_size=43)


def test_the_alphabet_has_no_two_signs_that_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 27
    for pair in ("0O", "1I", "1L", "B8", "S5", "Z2", "UV"):
        assert sum(sign in ALPHABET for sign in pair) <= 1


@given(codes)
def test_a_code_is_understood_as_it_is_shown(code: str) -> None:
    assert normalised(shown(code)) == code


@given(
    codes,
    st.sampled_from(["{}", " {} ", "`{}`", '"{}"', "{}.", "\n{}\t"]),
)
def test_a_code_is_understood_with_what_is_around_it_and_in_small_letters(code: str, around: str) -> None:
    assert normalised(around.format(shown(code).lower())) == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("b234-5678", "82345678"), ("szu2 3456", "52V23456"), ("AC3K—7WXY", "AC3K7WXY"), ("ＡＣ３Ｋ７ＷＸＹ", "AC3K7WXY")],
)
def test_look_alikes_are_read_as_what_they_stand_for(typed: str, meant: str) -> None:
    assert normalised(typed) == meant


@given(st.text())
def test_whatever_is_typed_becomes_a_code_or_nothing(typed: str) -> None:
    found = normalised(typed)
    assert found == "" or (len(found) == LENGTH and set(found) <= set(ALPHABET))


@pytest.mark.parametrize("typed", ["", "AC3K7WX", "AC3K7WXYA", "AC3K-7WX0", "AC3K-7WX1", "a" * 40])
def test_what_is_no_code_is_nothing(typed: str) -> None:
    assert normalised(typed) == ""


@given(cookies, st.integers(1, 10**9))
def test_a_browser_shows_the_same_code_each_time(cookie: str, attempt: int) -> None:
    code = code_for(cookie, attempt)
    assert code == code_for(cookie, attempt) == normalised(code)
    assert code not in cookie


def test_codes_differ_by_browser_and_by_attempt() -> None:
    found = {code_for(f"{letter}" * 43, attempt) for letter in "abcdefgh" for attempt in range(500)}
    assert len(found) == 4000


@given(cookies)
def test_nothing_that_is_derived_from_a_cookie_shows_it(cookie: str) -> None:
    derived = [csrf(cookie, "one"), csrf(cookie, "two"), unspoken_state(cookie), hashed("cookie", cookie)]
    assert len(set(derived)) == 4
    assert all(cookie not in one for one in derived)


def test_the_same_secret_is_stored_differently_for_different_uses() -> None:
    assert hashed("ticket", "x") != hashed("state", "x")
    people = [Person("T1", "U1"), Person("T1", "U2"), Person("T2", "U1")]
    assert len({hashed_code(person, "AC3K7WXY") for person in people}) == 3


@pytest.mark.parametrize(
    ("one", "other", "equal"), [("a", "a", True), ("a", "b", False), ("a", "", False), ("ä", "ä", True)]
)
def test_secrets_are_compared(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal


@pytest.mark.parametrize(
    ("text", "is_one"), [("A" * 43, True), ("A" * 42, False), ("A" * 43 + "\n", False), ("", False)]
)
def test_a_secret_of_ours_has_its_form(text: str, is_one: bool) -> None:
    assert is_secret(text) is is_one
