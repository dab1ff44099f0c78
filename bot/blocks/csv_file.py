"""A list as a file for spreadsheets. What other people wrote must not come alive as a formula there. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from bot.blocks.clean import visible

BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
_END = "\x1e"  # ends a line until the number of columns is known; no cell holds one
_FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫−")  # how a formula begins; some take wide and small forms as well
_CUTS = re.compile("([;\t])")  # where a spreadsheet that is set to another separator goes on with the next cell
_BREAKS = frozenset("\t\r\n")


class Sheet:
    """Rows that come in parts. The columns are the rows' keys, in the order in which they turn up."""

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[str, None] = {}
        self._parts: list[tuple[int, str]] = []  # how many columns were known then, and the lines

    def add(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Put rows below the others. They are kept as text, so that a long list takes little memory."""
        part, known = list(rows), self._columns
        known |= dict.fromkeys(name for row in part for name in row)
        self.rows += len(part)
        self._parts.append((len(known), _lines([row.get(name, "") for name in known] for row in part)))

    def data(self) -> bytes:
        """The file: UTF-8, a line with the names of the columns, then a line for each row."""
        head = (len(self._columns), _lines([self._columns]))
        every = [
            text.replace(_END, "," * (len(self._columns) - width) + "\r\n")
            for width, text in ((head, *self._parts) if self._columns else ())
        ]
        return (BOM + "".join(every)).encode()


def cell(text: str) -> str:
    """Foreign text on one line that a spreadsheet shows and never computes: an apostrophe goes before a formula.

    So it is behind every semicolon and tab, since many spreadsheets begin a cell there.
    """
    begins, *more = _CUTS.split(text)
    pairs = zip(more[::2], more[1::2], strict=True)
    shown = _harmless(begins) + "".join(visible(cut) + _harmless(piece) for cut, piece in pairs)
    return f"'{shown}" if text[:1] in _BREAKS and shown[:1] != "'" else shown


def _harmless(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(' "\u00a0\u3000')[:1] in _FORMULA else shown


def _lines(rows: Iterable[Iterable[str]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=_END, quoting=csv.QUOTE_ALL)
    writer.writerows([cell(text) for text in row] for row in rows)
    return buffer.getvalue()
