"""Reads a file of [[tables]] into a shape, or into everything that is wrong with it, line by line; pure."""

import difflib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.rules.toml_lines import Lines, lines_of
from bot.rules.toml_trouble import Sort, trouble

MOST = 200_000  # characters

_SAID = {
    "missing": "is missing",
    "string_type": 'write a text in quotes, such as "…"',
    "list_type": 'write a list of texts, such as ["…", "…"]',
    "int_type": "write a whole number",
}
_TABLES = "write each {table} below a line [[{table}]] of its own"

Problem = tuple[int | None, str, str]  # number of the table (None: above all), key ("": all of it), words
Shape = TypeVar("Shape", bound=BaseModel)

_Spot = tuple[int, int, str, int]  # line, number of the table (-1: none), key, item of its list (-1: all of it)


class BadFile(ValueError):
    """The text cannot be used. `problems` has a sentence for each thing that is wrong, with its line and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Form(Generic[Shape]):
    """A sort of file: the keys of the whole and of each table, what tables are called, and what nothing means.

    `across` finds what is wrong between keys; it has to look past whatever has a wrong shape.
    """

    sort: Sort
    whole: type[Shape]
    each: type[BaseModel]
    empty: str
    across: Callable[[Mapping[str, Any]], Iterable[Problem]]
    called: Callable[[Mapping[str, Any]], object] = lambda table: table.get("name")


def document(text: str, file: str, form: Form[Shape]) -> Shape:
    """What is in a text. Raises BadFile, which names every problem with its line in `file` and its key."""
    if len(text) > MOST:
        raise BadFile([f"{file}: it is longer than {MOST} characters"])
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise BadFile([f"{file}: its brackets are nested too deeply"]) from None
    except ValueError as error:  # (a number or a date that cannot be is one without a place)
        raise BadFile([_no_toml(str(error), text, file, form.sort)]) from None
    if not raw:
        raise BadFile([f"{file}: {form.empty}"])
    problems, shape = dict[_Spot, str](), None
    report = _Report(file, raw, form, lines_of(text, form.sort.table), problems)
    try:
        shape = form.whole.model_validate(raw)
    except ValidationError as error:
        for one in error.errors():
            report.shaped(one["loc"], one["type"], str(one["msg"]))
    for table, key, words in form.across(raw):
        report.add(table, key, words)
    if shape is None or problems:
        raise BadFile([problems[place] for place in sorted(problems)])
    return shape


@dataclass(frozen=True, slots=True)
class _Report(Generic[Shape]):
    """Words problems, one for each place."""

    file: str
    raw: Mapping[str, Any]
    form: Form[Shape]
    lines: Lines
    problems: dict[_Spot, str]

    def shaped(self, loc: tuple[int | str, ...], kind: str, words: str) -> None:
        """A value that pydantic does not take: `loc` is its place in the document."""
        name = self.form.sort.table
        table = loc[1] if len(loc) > 1 and loc[0] == name and isinstance(loc[1], int) else None
        inner = loc if table is None else loc[2:]
        key, deeper = (str(inner[0]) if inner else "", inner[1:])
        said = _SAID.get(kind) or _worded(kind, words, key, self.form.whole if table is None else self.form.each)
        item = -1
        if deeper and isinstance(deeper[0], int):
            item = deeper[0]
            said = f"item {item + 1}: {said}"
        if loc == (name,) or kind == "model_type":
            said = _TABLES.format(table=name)
        self.add(table, key, said, item)

    def add(self, table: int | None, key: str, words: str, item: int = -1) -> None:
        """A problem of a key ("": of the whole table), or of an item of its list; the first one of each counts."""
        line = self.lines.of(table, key)
        place = f"{self.file} line {line}"
        if table is not None:
            place += f", {self.form.sort.table} {self._called(table)}"
        if key:
            place += f", key {_shown(key)}"
        self.problems.setdefault((line, -1 if table is None else table, key, item), f"{place}: {words}")

    def _called(self, table: int) -> str:
        found = self.raw[self.form.sort.table][table]
        name = self.form.called(found) if isinstance(found, dict) else None
        return json.dumps(name[:80]) if isinstance(name, str) and name else str(table + 1)


def _worded(kind: str, words: str, key: str, shape: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, shape.model_fields, n=1)
        return f"there is no such key; did you mean {close[0]}?" if close else "there is no such key"
    if kind == "literal_error":
        return words.replace("Input should be", "write")
    return words.removeprefix("Value error, ")


def _shown(key: str) -> str:
    return key[:80] if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key[:80])


def _no_toml(words: str, text: str, file: str, sort: Sort) -> str:
    """Why it cannot be read, with the line, and the key if one begins there."""
    found = trouble(text, words, sort)
    line = f" line {found.line}" if found.line else ""
    return f"{file}{line}{f', key {_shown(found.key)}' if found.key else ''}: {found.words}"
