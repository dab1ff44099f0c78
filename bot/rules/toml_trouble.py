"""Why a text is no TOML, in plain words and with the line that is to blame, which tomllib tells for experts; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.toml_lines import name_of, opened, statements

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_CURLY = "“”„‟‘’‚«»"
_BARE = re.compile(r"[\w-]+", re.ASCII)
_TEXT = 'write a text in quotes, such as "…"'
_TABLE = "write each {table} below a line [[{table}]] of its own"
_NEXT = re.compile(r"[\w-]+[ \t]*(=|\]\]|$)", re.ASCII)  # what begins a statement, or is left of [[…]]
_TWICE = ("Cannot overwrite a value", "Cannot declare", "Cannot mutate", "Cannot redefine", "Duplicate")
_SAID = (
    ("Expected '=' after", "write it as key = value, such as {example}"),
    ("Invalid initial character", "write it as key = value, such as {example}"),
    ("Invalid statement", "write a line [[{table}]], or key = value"),
    ("Expected newline or end", f"there is more in this line than one value; {_TEXT}"),
    ("Expected ']", "a line that begins with [ has to be [[{table}]]"),
    ("Unclosed inline table", "the { that begins here is not closed with } in the same line"),
    ("Unescaped '\\'", r"write \\ for a backslash in a text"),
    ("Found invalid character", "there is a character that cannot be shown: take it out"),
    ("Illegal character", "there is a character that cannot be shown: take it out"),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The first thing that is wrong: its line (0: nobody knows), the key of its statement ("": none), and words."""

    line: int
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of file: the name of its tables ([[rule]]), and a statement above them that is right."""

    table: str = "rule"
    example: str = 'default = "allow"'


POLICY = Sort()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where reading stopped: `at` in `text`, within the statement that begins at `start`."""

    text: str
    at: int
    start: int

    @property
    def here(self) -> str:
        """What stands there, up to the end of the line."""
        return self.text[self.at :].partition("\n")[0]

    @property
    def header(self) -> bool:
        """Is the statement the head of a table?"""
        return self.text.startswith("[", self.start)

    def line(self, at: int) -> int:
        """The number of the line of a place."""
        return self.text.count("\n", 0, at) + 1

    def open(self) -> list[tuple[str, int]]:
        """The quotes and brackets that the statement has opened until there, each with its place."""
        found = opened(self.text[self.start : self.at])
        return [(mark, self.start + at) for mark, at in found]


def trouble(text: str, words: str, sort: Sort = POLICY) -> Trouble:
    """What is wrong with `text`, a file of that sort, about which tomllib says `words`."""
    found, told = _AT.search(words), _AT.sub("", words)
    if not found:
        return Trouble(0, told)
    text = text.replace("\r\n", "\n").rstrip()
    place = _place(text, _offset(text, int(found[1]), int(found[2])) if found[1] else len(text))
    key = "" if place.header else name_of(text[place.start :])
    line, said = _blamed(place, told, sort)
    said = said.replace("{table}", sort.table).replace("{example}", sort.example)
    return Trouble(line, said, key=key if _BARE.fullmatch(key) else "")


def _offset(text: str, line: int, column: int) -> int:
    ends = [match.start() for match in re.finditer("\n", text)][: line - 1]
    return min((ends[-1] + 1 if ends else 0) + column - 1, len(text))


def _place(text: str, at: int) -> _Place:
    """The place with its statement: the last one that begins before it, or on it if it is in the same line."""
    starts = [start for start, _ in _until(text, at)]
    return _Place(text, at, starts[-1] if starts else at)


def _until(text: str, at: int) -> Iterator[tuple[int, str]]:
    for start, _, statement in statements(text):
        if start > at:
            return
        yield start, statement


def _blamed(place: _Place, told: str, sort: Sort) -> tuple[int, str]:
    """The line that is to blame, and what to do."""
    if told.startswith(_TWICE):
        return _twice(place, sort)
    if place.here[:1] and place.here[0] in _CURLY:
        return place.line(place.at), f'{place.here[0]} is no quote here: write straight ones, such as "allow"'
    if unclosed := _unclosed(place, told):
        return unclosed
    said = next((words for start, words in _SAID if told.startswith(start)), f"this is no TOML ({told})")
    if told == "Invalid value":
        said = _TEXT if place.here else "there is no value after ="
    return place.line(place.at), said


def _unclosed(place: _Place, told: str) -> tuple[int, str] | None:
    """A text or a list that is not closed, told where it begins."""
    still = place.open()
    if still and not place.here and still[-1][0][0] in "\"'":
        return _open_text(place, *still[-1])
    if told == "Unclosed array" and place.here[:1] in ('"', "'"):
        return place.line(place.at), "a comma is missing between two items of a list"
    if still and not place.header and still[0][0] == "[" and (told == "Unclosed array" or _ends(place.here)):
        return place.line(still[0][1]), "the list that begins here is not closed with ]"
    return None


def _ends(here: str) -> bool:
    """Is there nothing more of the statement, or the next one already?"""
    return not here or _NEXT.match(here) is not None


def _open_text(place: _Place, mark: str, at: int) -> tuple[int, str]:
    line = place.line(at)
    written = place.text[at:].partition("\n")[0]
    curly = next((char for char in written if char in _CURLY), "")
    also = f"; {curly} does not close it" if curly else ""
    return line, f"the text that begins here is not closed with {mark}{also}"


def _twice(place: _Place, sort: Sort) -> tuple[int, str]:
    """A key or a table that is there already."""
    line, statement = place.line(place.start), place.text[place.start :]
    if place.header:
        again = name_of(statement.lstrip("["))
        return line, _TABLE if again == sort.table else f"{again} is there already: write it once"
    name, before = name_of(statement), 0
    for start, each in _until(place.text, place.start - 1):
        if each.startswith("["):
            before = 0
        elif name_of(each) == name:
            before = before or place.line(start)
    where = f", in line {before}" if before else ""
    return line, f"this key is there already{where}: write it once"
