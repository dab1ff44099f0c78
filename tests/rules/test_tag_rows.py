"""Which image a tag had when: the questions that `restore`, `tag diff` and `tag history` ask of its rows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.images import TagRow
from bot.rules.digests import beginning
from bot.rules.tag_rows import belongs, first_row, living, newest_first, previous, row_at

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A, B, C = ("sha256:" + letter * 64 for letter in "abc")


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def row(digest: str, start: float, end: float | None = None, **facts: object) -> TagRow:
    return TagRow("latest", digest, hour(start), None if end is None else hour(end), **facts)  # type: ignore[arg-type]


ROWS = (row(B, 4), row(A, 2, 3), row(B, 1, 2), row(A, 0, 1))


def test_a_moment_within_a_row_finds_it() -> None:
    assert row_at(ROWS, hour(1.5)) == ROWS[2]


def test_a_row_begins_with_its_start_and_is_over_at_its_end() -> None:
    assert row_at(ROWS, hour(2)) == ROWS[1]
    assert row_at(ROWS, hour(1)) == ROWS[2]


def test_a_moment_in_a_gap_or_before_the_history_finds_nothing() -> None:
    assert row_at(ROWS, hour(3.5)) is None
    assert row_at(ROWS, hour(-1)) is None


def test_a_row_that_expires_lives_until_then() -> None:
    rows = (row(A, 0, expires=hour(2)),)
    assert living(rows, hour(1)) == rows[0]
    assert living(rows, hour(2)) is None


def test_the_previous_image_is_the_last_other_one() -> None:
    again = (row(B, 5), row(B, 4, 5), row(A, 2, 4), row(C, 0, 2))
    found = previous(again)
    assert found is not None
    assert found.digest == A


def test_the_previous_image_of_a_deleted_tag_is_its_last_one() -> None:
    assert previous((row(B, 1, 2), row(A, 0, 1))) == row(B, 1, 2)


def test_a_tag_that_never_had_another_image_has_no_previous_one() -> None:
    assert previous((row(A, 1), row(A, 0, 1))) is None
    assert previous(()) is None


def test_a_digest_is_found_by_its_beginning_in_any_case() -> None:
    assert belongs(ROWS, "AAAAAAA") == (A,)
    assert belongs(ROWS, "sha256:bbbbbbbb") == (B,)
    assert belongs(ROWS, A) == (A,)


def test_less_than_seven_digits_other_words_and_other_digests_belong_to_nothing() -> None:
    assert belongs(ROWS, "aaaaaa") == ()
    assert belongs(ROWS, "previous") == ()
    assert belongs(ROWS, C) == ()
    assert belongs(ROWS, "") == ()


def test_a_beginning_that_is_too_short_finds_several() -> None:
    close = "sha256:" + "a" * 63 + "b"
    assert belongs((row(close, 1), row(A, 0, 1)), "a" * 20) == (close, A)


_rows = st.lists(
    st.builds(
        lambda digest, start, length: row(digest, start, None if length is None else start + length),
        st.sampled_from((A, B, C)),
        st.integers(0, 50),
        st.none() | st.integers(0, 20),
    ),
    max_size=12,
).map(tuple)


@given(_rows, st.integers(-2, 80))
def test_what_lived_then_had_begun_and_was_not_over(rows: tuple[TagRow, ...], number: int) -> None:
    found = row_at(rows, hour(number))
    alive = [one for one in rows if one.start <= hour(number) and (one.end is None or one.end > hour(number))]
    assert (found is None) == (not alive)
    if found is not None:
        assert found in alive
        assert found.start == max(one.start for one in alive)


@given(_rows)
def test_ordering_loses_nothing_and_is_by_start(rows: tuple[TagRow, ...]) -> None:
    ordered = newest_first(rows)
    assert sorted(map(repr, ordered)) == sorted(map(repr, rows))
    assert [one.start for one in ordered] == sorted((one.start for one in rows), reverse=True)


@given(_rows)
def test_the_previous_row_is_a_row_of_the_history(rows: tuple[TagRow, ...]) -> None:
    found = previous(rows)
    assert found is None or found in rows


@given(_rows, st.sampled_from((A, B, C)), st.integers(7, 64))
def test_a_digest_of_the_history_belongs_by_each_of_its_beginnings(
    rows: tuple[TagRow, ...], digest: str, length: int
) -> None:
    there = any(one.digest == digest for one in rows)
    found = belongs(rows, digest.removeprefix("sha256:")[:length])
    assert found == ((digest,) if there else ())
    assert (first_row(rows, digest) is not None) == there


@given(st.text(max_size=80))
def test_no_word_breaks_the_question(word: str) -> None:
    assert beginning(word) or belongs(ROWS, word) == ()
