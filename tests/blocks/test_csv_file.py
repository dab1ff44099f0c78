"""Lists as files for spreadsheets."""

import csv
import io
import tracemalloc
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.clean import visible
from bot.blocks.csv_file import Sheet, cell

CELLS = st.text() | st.text(alphabet="=+-@\t\r\n\x1e\",;' a1")
ROWS = st.lists(st.dictionaries(st.sampled_from(["tag", "at", "link", "=x"]), CELLS, min_size=1), max_size=6)


def written(*parts: Iterable[Mapping[str, str]]) -> bytes:
    sheet = Sheet()
    for part in parts:
        sheet.add(part)
    return sheet.data()


def read(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_file_has_a_mark_of_its_encoding_a_header_and_a_line_for_each_row() -> None:
    data = written([{"severity": "High", "repository": "acme/web"}, {"severity": "Low", "repository": "acme/ä"}])
    assert data == '\ufeff"severity","repository"\r\n"High","acme/web"\r\n"Low","acme/ä"\r\n'.encode()


def test_an_empty_list_is_an_empty_file() -> None:
    assert written([]) == written() == "\ufeff".encode()


def test_a_column_that_turns_up_late_is_there_for_all() -> None:
    assert read(written([{"a": "1"}], [{"a": "2", "b": "x"}], [{"b": "y"}])) == [
        ["a", "b"],
        ["1", ""],
        ["2", "x"],
        ["", "y"],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' '=1"),
        ("\r=1", "' =1"),
        ("\thello", "' hello"),
        ("  =1", "'  =1"),
        ("\u200b=1", "'=1"),
        ("＝1", "'＝1"),
        ("﹦1+1", "'﹦1+1"),
        ("﹢1", "'﹢1"),
        ("﹣1", "'﹣1"),
        ("\u00a0=1", "'\u00a0=1"),
        ('x;=HYPERLINK("http://x");y', 'x;\'=HYPERLINK("http://x");y'),
        ('x; "=1', "x;' \"=1"),
        ("x;\u200b=1", "x;'=1"),
        ("x\t+1", "x '+1"),
        (";;-1", ";;'-1"),
        ("a; b-c", "a; b-c"),
        ("v1.2-rc", "v1.2-rc"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_no_cell_becomes_a_formula(text: str, shown: str) -> None:
    assert cell(text) == shown
    assert read(written([{"tag": text}])) == [["tag"], [shown]]


@given(CELLS)
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    shown = cell(text)
    assert not any(piece.lstrip(' "')[:1] in tuple("=+-@") for piece in shown.split(";"))
    assert shown[:1] not in tuple("\t\r\n")
    assert shown.replace("'", "") == visible(text).replace("'", "")


@given(st.lists(ROWS, max_size=4))
def test_every_row_is_read_back_as_it_was_but_for_what_nobody_sees(parts: list[list[dict[str, str]]]) -> None:
    every = [row for part in parts for row in part]
    columns = list(dict.fromkeys(name for row in every for name in row))
    found = read(written(*parts))
    if not columns:
        assert found == []
        return
    assert found == [
        [cell(name) for name in columns],
        *([cell(row.get(name, "")) for name in columns] for row in every),
    ]


def test_a_long_list_takes_little_more_memory_than_its_file() -> None:
    row = {"severity": "High", "vulnerability": "CVE-2026-20000", "repository": "acme/web", "description": "x" * 100}
    sheet = Sheet()
    tracemalloc.start()
    try:
        for start in range(0, 20_000, 1_000):
            sheet.add({**row, "at": str(number)} for number in range(start, start + 1_000))
        held, _ = tracemalloc.get_traced_memory()
        size = len(sheet.data())
    finally:
        tracemalloc.stop()
    assert sheet.rows == 20_000
    assert held < 1.5 * size
