"""A tag's history as steps: restores, going back, times without the tag, and who it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.images import TagRow
from bot.domain.tag_steps import Author, Gap, How
from bot.rules.tag_history import marks, steps

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A, B, C = ("sha256:" + letter * 64 for letter in "abc")


@dataclass(frozen=True)
class Entry:
    kind: str
    at: datetime
    performer: str = "alice"
    about: Mapping[str, str] = field(default_factory=dict, hash=False)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def row(digest: str, start: float, end: float | None = None, *, back: bool = False) -> TagRow:
    return TagRow("latest", digest, hour(start), None if end is None else hour(end), reversion=back)


def entry(kind: str, at: float, performer: str = "alice", **about: str) -> Entry:
    return Entry(kind, hour(at), performer, {"tag": "latest", **about})


def test_each_row_says_how_it_came_to_be() -> None:
    rows = [row(A, 5, back=True), row(A, 4, 5), row(A, 3, 4), row(B, 2, 3), row(A, 1, 2), row(B, 0, 1)]
    found = steps(rows, hour(6))
    assert [one.how for one in found] == [How.RESTORED, How.AGAIN, How.BACK, How.BACK, How.NEW, How.FIRST]
    assert [one.living for one in found] == [True, False, False, False, False, False]


def test_the_same_image_has_the_same_mark_counted_from_the_oldest() -> None:
    rows = [row(B, 3), row(C, 2, 3), row(B, 1, 2), row(A, 0, 1)]
    assert marks(rows) == {A: 0, B: 1, C: 2}
    assert [one.mark for one in steps(rows, hour(4))] == [1, 2, 1, 0]


def test_a_time_without_the_tag_belongs_to_the_row_before_it() -> None:
    found = steps([row(A, 4), row(B, 0, 1)], hour(5), [entry("delete_tag", 1, "bob")])
    assert found[0].gap is None
    assert found[1].gap == Gap(hour(1), hour(4), Author("bob", "delete_tag"))


def test_a_tag_that_is_gone_has_a_time_without_end() -> None:
    (found,) = steps([row(A, 0, 1)], hour(5))
    assert (found.living, found.gap) == (False, Gap(hour(1), None))


def test_a_row_that_ran_out_leaves_a_gap_and_one_that_will_does_not() -> None:
    expiring = TagRow("latest", A, START, expires=hour(2))
    assert steps([expiring], hour(1))[0].gap is None
    assert steps([expiring], hour(3))[0].gap == Gap(hour(2), None)


def test_a_row_that_follows_at_once_leaves_no_gap() -> None:
    assert all(one.gap is None for one in steps([row(A, 1), row(B, 0, 1)], hour(2)))


def test_who_did_it_is_found_by_tag_time_and_digest() -> None:
    entries = [
        entry("move_tag", 2, "mallory", manifest_digest=C),
        entry("move_tag", 2.001, "bob", manifest_digest=B, oauth_token_application="quaybot"),
        entry("push_repo", 0, "acme+ci"),
        Entry("push_repo", hour(0), "eve", {"tag": "other"}),
    ]
    found = steps([row(B, 2), row(A, 0, 2)], hour(3), entries)
    assert [one.author for one in found] == [Author("bob", "move_tag", "quaybot"), Author("acme+ci", "push_repo")]


def test_a_restore_is_only_explained_by_a_restore() -> None:
    found = steps([row(A, 1, back=True)], hour(3), [entry("push_repo", 1), entry("revert_tag", 1, "bob")])
    assert found[0].author == Author("bob", "revert_tag")


def test_nobody_is_named_for_what_happened_at_another_time_or_without_a_performer() -> None:
    entries = [entry("push_repo", 1.1), entry("push_repo", 1, "")]
    assert steps([row(A, 1)], hour(3), entries)[0].author is None


def test_an_entry_explains_one_row_only() -> None:
    rows = [row(B, 1), row(A, 1 - 0.001, 1)]
    assert [one.author for one in steps(rows, hour(3), [entry("push_repo", 1)])] == [Author("alice", "push_repo"), None]


_rows = st.lists(
    st.builds(
        lambda digest, start, length, back: row(digest, start, None if length is None else start + length, back=back),
        st.sampled_from((A, B, C)),
        st.integers(0, 30),
        st.none() | st.integers(0, 10),
        st.booleans(),
    ),
    max_size=12,
)
_entries = st.lists(
    st.builds(
        lambda kind, at, digest: entry(kind, at, **({"manifest_digest": digest} if digest else {})),
        st.sampled_from(("push_repo", "revert_tag", "move_tag", "delete_tag", "pull_repo")),
        st.integers(0, 40),
        st.sampled_from(("", A, B)),
    ),
    max_size=8,
)


@given(_rows, _entries)
def test_no_row_is_lost_and_every_image_has_one_mark_of_its_own(rows: list[TagRow], entries: list[Entry]) -> None:
    found = steps(rows, hour(20), entries)
    assert sorted(repr(one.row) for one in found) == sorted(map(repr, rows))
    pairs = {(one.row.digest, one.mark) for one in found}
    assert len(pairs) == len({row.digest for row in rows})
    assert sorted(mark for _, mark in pairs) == list(range(len(pairs)))


@given(_rows, _rows)
def test_new_steps_never_change_the_mark_of_an_image(rows: list[TagRow], newer: list[TagRow]) -> None:
    later = [replace(one, start=one.start + timedelta(hours=100), end=None) for one in newer]
    before, after = marks(rows), marks([*rows, *later])
    assert before == {digest: after[digest] for digest in before}


@given(_rows, _entries)
def test_restores_are_marked_one_row_lives_at_most_and_nobody_is_named_too_often(
    rows: list[TagRow], entries: list[Entry]
) -> None:
    found = steps(rows, hour(20), entries)
    assert all((one.how is How.RESTORED) == one.row.reversion for one in found)
    assert sum(one.living for one in found) <= 1
    named = [one.author for one in found] + [one.gap.author for one in found if one.gap]
    assert sum(author is not None for author in named) <= len(entries)


@given(_rows)
def test_a_gap_begins_when_its_row_ends_and_is_over_when_the_next_one_begins(rows: list[TagRow]) -> None:
    found = steps(rows, hour(60))
    for newer, one in zip((None, *found), found, strict=False):
        if one.gap is not None:
            assert one.gap.since == one.row.end
            assert one.gap.until == (newer.row.start if newer else None)
