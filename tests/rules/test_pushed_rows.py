"""Which image a webhook was about, which one before, who pushed it, what its scan says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import PushFacts
from bot.domain.images import Manifest, Platform, Scan, TagRow, Vulnerability
from bot.domain.repositories import LogEntry
from bot.rules.pushed_rows import (
    EARLY,
    LATE,
    Rows,
    counted,
    grown,
    pushed_row,
    pusher,
    row_before,
    scanned_as,
    total,
    twin,
    with_scans,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A, B, C = ("sha256:" + letter * 64 for letter in "abc")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def row(digest: str, start: float, end: float | None = None, name: str = "v1", **facts: object) -> TagRow:
    return TagRow(name, digest, at(start), None if end is None else at(end), **facts)  # type: ignore[arg-type]


def entry(who: str, seconds: float, tag: str = "v1", kind: str = "push_repo", **about: str) -> LogEntry:
    return LogEntry(kind, at(seconds), who, {"tag": tag, **about})


@st.composite
def histories(draw: st.DrawFn) -> list[TagRow]:
    """Rows of a few tags, each ending where the next one of its tag begins."""
    rows = []
    for name in ("v1", "v2", "latest"):
        starts = sorted(draw(st.lists(st.integers(0, 600), max_size=6, unique=True)))
        ends = [*starts[1:], draw(st.sampled_from([None, 700]))]
        for start, end in zip(starts, ends, strict=False):
            rows.append(row(draw(st.sampled_from([A, B, C])), start, end, name, reversion=draw(st.booleans())))
    return draw(st.permutations(rows))


@given(histories(), st.integers(-50, 900))
def test_the_row_of_a_push_is_the_nearest_one_of_its_tag_that_no_restore_made(rows: list[TagRow], moment: int) -> None:
    found = pushed_row(rows, "v1", at(moment))
    fitting = [
        one for one in rows if one.name == "v1" and not one.reversion and -EARLY <= at(moment) - one.start <= LATE
    ]
    if found is None:
        assert fitting == []
    else:
        assert found in fitting
        assert all(abs(at(moment) - found.start) <= abs(at(moment) - one.start) for one in fitting)


@given(histories())
def test_the_image_before_is_an_older_other_one_with_nothing_other_in_between(rows: list[TagRow]) -> None:
    for one in rows:
        before = row_before(rows, one)
        between = [other for other in rows if other.name == one.name and other.start < one.start]
        if before is None:
            assert {other.digest for other in between} <= {one.digest}
        else:
            assert (before.name, before.digest != one.digest, before.start < one.start) == (one.name, True, True)
            assert {other.digest for other in between if other.start > before.start} <= {one.digest}


@given(histories(), st.integers(0, 900))
def test_a_twin_lives_and_has_the_image_under_another_name(rows: list[TagRow], moment: int) -> None:
    for one in rows:
        other = twin(rows, one, at(moment))
        assert other != one.name
        if other:
            assert any(
                there.name == other and there.digest == one.digest and (there.end is None or there.end > at(moment))
                for there in rows
            )


@given(histories(), st.integers(0, 900))
def test_the_order_of_the_rows_does_not_matter(rows: list[TagRow], moment: int) -> None:
    one, other = pushed_row(rows, "v1", at(moment)), pushed_row(rows[::-1], "v1", at(moment))
    assert one == other
    if one:
        assert row_before(rows, one) == row_before(rows[::-1], one)
        assert twin(rows, one, at(moment)) == twin(rows[::-1], one, at(moment))


@given(histories(), st.integers(0, 900))
def test_rows_that_are_put_in_order_answer_the_same(rows: list[TagRow], moment: int) -> None:
    ordered = Rows()
    ordered.add(rows)
    ordered.add(rows[:3])
    for tag in ("v1", "latest", "none"):
        assert ordered.pushed(tag, at(moment)) == pushed_row(rows, tag, at(moment))
    for one in rows:
        assert ordered.before(one) == row_before(rows, one)
        assert ordered.twin(one, at(moment)) == twin(rows, one, at(moment))


def test_a_clock_that_is_a_little_ahead_does_not_hide_the_row() -> None:
    assert pushed_row([row(A, 4)], "v1", at(0)) == row(A, 4)
    assert pushed_row([row(A, 6)], "v1", at(0)) is None


def test_a_repeated_delivery_still_finds_its_row_and_an_old_row_is_none() -> None:
    assert pushed_row([row(A, 0)], "v1", at(200)) == row(A, 0)
    assert pushed_row([row(A, 0)], "v1", at(201)) is None


def test_two_rows_of_one_second_are_told_apart_by_which_one_lives() -> None:
    rows = [row(B, 0, 0), row(A, 0)]
    assert pushed_row(rows, "v1", at(1)) == row(A, 0)
    assert row_before(rows, row(A, 0)) == row(B, 0, 0)
    assert row_before(rows, row(B, 0, 0)) is None


def test_the_twin_that_was_set_last_is_named() -> None:
    rows = [row(A, 9), row(A, 1, name="old"), row(A, 5, name="stable"), row(A, 7, 8, name="gone")]
    assert twin(rows, rows[0], at(10)) == "stable"


def test_the_nearest_entry_about_the_tag_names_the_pusher() -> None:
    facts = PushFacts(tag="v1", digest=A)
    entries = [
        entry("far", -10),
        entry("near", 1),
        entry("other tag", 0, "v2"),
        entry("restored", 0, kind="revert_tag"),
        entry("other image", 0, manifest_digest=B),
        entry("", 0),
    ]
    assert pusher(entries, facts, at(30), at(0)) == "near"
    assert pusher(entries, facts, at(30), at(100)) == ""


def test_without_a_row_the_time_of_the_webhook_has_to_do() -> None:
    facts = PushFacts(tag="v1")
    assert pusher([entry("alice", -150), entry("bob", -10), entry("later", 9)], facts, at(0), None) == "bob"
    assert pusher([entry("alice", -201)], facts, at(0), None) == ""


def test_the_scan_of_an_index_is_that_of_its_first_choice() -> None:
    index = row(A, 0, is_list=True)
    arm, amd = Platform(B, "linux/arm64"), Platform(C, "linux/amd64")
    assert scanned_as(row(A, 0), None) == A
    assert scanned_as(index, Manifest(A, is_list=True, platforms=(arm, amd))) == C
    assert scanned_as(index, Manifest(A, is_list=True, platforms=(arm,))) == B
    assert scanned_as(index, Manifest(A, is_list=True)) == ""
    assert scanned_as(index, None) == ""


def test_sizes_are_added_and_compared_only_where_they_are_known() -> None:
    assert (total([1, 2]), total([1, None]), total([]), total([0])) == (3, None, None, 0)
    assert (grown(5, 7), grown(None, 7), grown(5, None)) == (-2, None, None)


SEVERITIES = st.sampled_from(["Critical", "High", "Medium", "Low", "Negligible", "Unknown", "Important"])
FLAWS = st.builds(Vulnerability, st.sampled_from(["CVE-1", "CVE-2", "CVE-3"]), SEVERITIES, st.sampled_from(["a", "b"]))
SCANS = st.builds(Scan, st.sampled_from(["scanned", "queued", "failed", ""]), st.lists(FLAWS, max_size=5).map(tuple))


@given(SCANS, st.none() | SCANS)
def test_what_the_scanner_says_is_counted_and_compared(scan: Scan, earlier: Scan | None) -> None:
    found = with_scans(PushFacts(tag="v1"), scan, earlier)
    assert found.scan == scan.status
    scanned = scan.status == "scanned"
    assert (found.findings == counted(scan)) is scanned
    assert (found.gained is not None) is (scanned and earlier is not None and earlier.status == "scanned")
    assert sum(counted(scan)) == len(scan.findings)
    if found.gained is not None and found.lost is not None and earlier is not None:
        assert set(found.gained) <= {one.name for one in scan.findings}
        assert set(found.lost) <= {one.name for one in earlier.findings}
        assert len(set(found.gained)) == len(found.gained)
