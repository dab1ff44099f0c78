"""Which image of its own history a tag is restored to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.images import MOST_ROWS, Scan, TagRow
from bot.rules.restoring import row_before, row_of, row_then, surely_gone

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DIGESTS = (*(f"sha256:{letter * 64}" for letter in "abcd"), "sha256:" + "a" * 63 + "b")


@st.composite
def histories(draw: st.DrawFn) -> tuple[TagRow, ...]:
    """A tag that was moved, deleted and restored, newest first."""
    steps = draw(st.lists(st.tuples(st.sampled_from(DIGESTS), st.integers(1, 500), st.integers(0, 50)), max_size=12))
    rows: list[TagRow] = []
    end: datetime | None = None if draw(st.booleans()) else NOW
    at = NOW
    for digest, life, gap in steps:
        start = (end or at) - timedelta(minutes=life)
        rows.append(TagRow("latest", digest, start, end))
        end = start - timedelta(minutes=gap)
    return tuple(rows)


Histories = histories()


@given(Histories, st.sampled_from(DIGESTS), st.integers(7, 64))
def test_whatever_is_named_only_an_image_of_this_very_tag_comes_out(
    rows: Sequence[TagRow], digest: str, length: int
) -> None:
    beginning = digest.removeprefix("sha256:")[:length]
    own = {row.digest for row in rows if row.digest.startswith(f"sha256:{beginning}")}
    if len(own) != 1:
        with pytest.raises(UserError, match="latest"):
            row_of(rows, "latest", beginning)
        return
    found = row_of(rows, "latest", beginning)
    assert found in rows
    assert found.digest.startswith(f"sha256:{beginning}")
    assert all(row.start <= found.start for row in rows if row.digest == found.digest)


@given(Histories, st.integers(-100, 3000))
def test_what_it_pointed_at_then_is_a_row_that_lived_then(rows: Sequence[TagRow], minutes: int) -> None:
    moment = NOW - timedelta(minutes=minutes)
    lived = [row for row in rows if row.start <= moment and (row.end is None or moment < row.end)]
    if lived:
        assert row_then(rows, "latest", moment) in lived
        return
    with pytest.raises(UserError):
        row_then(rows, "latest", moment)


@given(Histories)
def test_the_image_before_is_another_one_than_now_unless_the_tag_is_gone(rows: Sequence[TagRow]) -> None:
    if not rows or (rows[0].end is None and len({row.digest for row in rows}) == 1):
        with pytest.raises(UserError):
            row_before(rows, "latest")
        return
    found = row_before(rows, "latest")
    assert found in rows
    assert (found.digest != rows[0].digest) is (rows[0].end is None)


@given(st.text(max_size=80).filter(lambda word: not word.strip().lower().startswith(("a" * 7, "sha256:a"))))
def test_no_word_makes_anything_but_a_sentence(word: str) -> None:
    rows = (TagRow("latest", DIGESTS[0], NOW),)
    with pytest.raises(UserError, match=r"`/quay tag history` shows when\.$"):
        row_of(rows, "latest", word)


def test_a_beginning_of_several_images_is_refused_with_all_of_them() -> None:
    rows = (TagRow("latest", DIGESTS[0], NOW), TagRow("latest", DIGESTS[4], NOW - timedelta(1), NOW))
    with pytest.raises(UserError, match="had 2 images whose digest begins so"):
        row_of(rows, "latest", "aaaaaaa")


def test_a_foreign_image_is_refused_with_what_the_tag_had() -> None:
    rows = tuple(TagRow("latest", f"sha256:{number:064x}", NOW, NOW) for number in range(16**12, 16**12 * 9, 16**12))
    with pytest.raises(UserError, match=r"never pointed at `sha256:dddddddd`.* and 2 more"):
        row_of(rows, "latest", "dddddddd")


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        (Scan("scanned"), Scan(""), True),
        (Scan("queued"), Scan(""), True),
        (Scan(""), Scan(""), False),
        (None, Scan(""), False),
        (Scan("scanned"), Scan("scanned"), False),
        (Scan(""), Scan("queued"), False),
    ],
)
def test_an_image_is_gone_if_the_scanner_knows_the_other_one_only(
    before: Scan | None,
    after: Scan,
    gone: bool,
) -> None:
    assert surely_gone(before, after) is gone


def test_what_was_not_read_is_not_denied() -> None:
    many = [TagRow("latest", DIGESTS[0], NOW - timedelta(hours=hours)) for hours in range(MOST_ROWS)]
    read = "among its newest 2,000 steps"
    for look in (
        lambda: row_before(many, "latest"),
        lambda: row_of(many, "latest", "dddddddd"),
        lambda: row_then(many, "latest", NOW - timedelta(days=1000)),
    ):
        with pytest.raises(UserError, match=read) as caught:
            look()
        assert "never" not in caught.value.say
        assert "did not exist" not in caught.value.say
    with pytest.raises(UserError, match="never pointed at"):
        row_of(many[1:], "latest", "dddddddd")


def test_what_it_had_leaves_out_what_it_has() -> None:
    rows = (TagRow("latest", DIGESTS[0], NOW), TagRow("latest", DIGESTS[1], NOW - timedelta(1), NOW))
    with pytest.raises(UserError, match="newest first: `sha256:bbbbbbbbbbbb`\\. "):
        row_of(rows, "latest", "dddddddd")
    with pytest.raises(UserError, match="It had no other image than now"):
        row_of(rows[:1], "latest", "dddddddd")
