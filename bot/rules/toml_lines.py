"""On which line of a TOML document a key stands, which tomllib does not tell; pure.

For documents that tomllib can read, and of others for what comes before the place that it cannot read.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLANK = " \t\r"
_TRIPLE = ('"""', "'''")


@dataclass(slots=True)
class Lines:
    """Lines, counted from 1: of keys above all tables, and of the tables of one array with their keys."""

    top: dict[str, int] = field(default_factory=dict)
    tables: list[tuple[int, dict[str, int]]] = field(default_factory=list)

    def of(self, table: int | None, key: str = "") -> int:
        """The line of a key in the n-th table (None: above all); of its table, or 1, if the key is not there."""
        if table is None:
            return self.top.get(key, 1)
        if table >= len(self.tables):  # it was written in another way, all in one line
            return 1
        header, keys = self.tables[table]
        return keys.get(key, header)


def lines_of(text: str, array: str) -> Lines:
    """Where everything stands in `text`, a TOML document, whose array of tables is called `array`."""
    text, lines = text.replace("\r\n", "\n"), Lines()
    where: dict[str, int] | None = lines.top
    for _, line, statement in statements(text):
        if not statement.startswith("["):
            if where is not None:
                where.setdefault(_names(statement)[0], line)
            continue
        names = _names(statement.lstrip("["))
        if names == [array] and statement.startswith("[["):
            lines.tables.append((line, {}))
            where = lines.tables[-1][1]
        elif names[0] == array and lines.tables:  # a table within the last one
            lines.tables[-1][1].setdefault(names[1] if len(names) > 1 else "", line)
            where = None
        else:
            lines.top.setdefault(names[0], line)
            where = None
    return lines


def statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Each statement (a header, or a key with its value), with the place and the line at which it begins."""
    place, line = 0, 1
    while place < len(text):
        if text[place] in _BLANK + "\n":
            line += text[place] == "\n"
            place += 1
            continue
        end = _end(text, place)
        if text[place] != "#":
            yield place, line, text[place:end]
        line += text.count("\n", place, end)
        place = end


def name_of(statement: str) -> str:
    """The key with which a statement begins, its first part if it is dotted; "" if that cannot be read."""
    try:
        return _names(statement)[0]
    except ValueError:  # a quoted key that nobody closed
        return ""


def opened(statement: str) -> list[tuple[str, int]]:
    """The quotes and brackets that are still open at the end of this beginning of a statement, with their places."""
    found, place = list[tuple[str, int]](), 0
    while place < len(statement):
        char, begun = statement[place], place
        if char in "\"'":
            place = _past_string(statement, place)
            if place > len(statement):
                triple = statement[begun : begun + 3] in _TRIPLE
                found.append((char * 3 if triple else char, begun))
        elif char == "#":
            place = _line_end(statement, place)
        else:
            place += 1
            if char in "[{":
                found.append((char, begun))
            elif char in "]}" and found:
                found.pop()
    return found


def _end(text: str, place: int) -> int:
    """The end of the statement or comment that begins there: the first line's end outside of brackets and strings."""
    depth = 0
    while place < len(text):
        char = text[place]
        if char == "\n" and depth <= 0:
            return place
        if char in "\"'":
            place = _past_string(text, place)
        elif char == "#":
            place = _line_end(text, place)
        else:
            depth += (char in "[{") - (char in "]}")
            place += 1
    return place


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _past_string(text: str, place: int) -> int:
    """Behind the string that begins there."""
    mark = text[place]
    if text[place : place + 3] in _TRIPLE:
        mark, place = mark * 3, place + 3
    else:
        place += 1
    while place < len(text) and not text.startswith(mark, place):
        place += 2 if text[place] == "\\" and mark[0] == '"' else 1
    place += len(mark)
    while len(mark) == 3 and place < len(text) and text[place] == mark[0]:  # up to two quotes may end its text
        place += 1
    return place


def _names(statement: str) -> list[str]:
    """The parts of the (dotted, perhaps quoted) key with which a statement begins."""
    names, place = [], 0
    while place < len(statement) and statement[place] not in "=]":
        if statement[place] in _BLANK + ".":
            place += 1
            continue
        end = _past_string(statement, place) if statement[place] in "\"'" else _bare_end(statement, place)
        names.append(_unquoted(statement[place:end]))
        place = end
    return names or [""]


def _bare_end(statement: str, place: int) -> int:
    while place < len(statement) and statement[place] not in _BLANK + ".=]":
        place += 1
    return place


def _unquoted(name: str) -> str:
    return str(tomllib.loads(f"k = {name}")["k"]) if name[:1] in {'"', "'"} else name
