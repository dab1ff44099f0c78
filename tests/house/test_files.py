"""What holds for every file of the project."""

import ast
import re
from pathlib import Path

from tests.house.tree import SOURCES, files, python_files, text_of

MOST_LINES = 400
LONGER: frozenset[str] = frozenset()  # files that are allowed to be longer: none, and none should come
# Put together here, so that this file is not among those that it finds.
LEFT_OVER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
# The tracker of a distribution is no registry: scanners name it in what they find.
REGISTRY = re.compile(
    r"https?://(?!security-tracker\.)[\w.-]*\b(pypi|pythonhosted|npmjs|debian|ubuntu)\.", re.IGNORECASE
)
HOME = re.compile(r"(?<![\w.~/}-])/(?:home|root|Users|work)/\w")


def said_anywhere(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(str(path), found[0]) for path in files() for found in pattern.finditer(text_of(path) or "")]


def introduction(path: Path) -> str:
    """The first line of the file's docstring, if the docstring is the first thing in the file."""
    text = text_of(path) or ""
    return (ast.get_docstring(ast.parse(text)) or "").split("\n")[0].strip() if re.match(r'r?"""\S', text) else ""


def test_every_file_says_in_its_first_line_what_it_is():
    assert [str(path) for path in python_files(*SOURCES, "tests") if not introduction(path)] == []


def test_every_source_file_is_short_enough_to_be_read():
    lengths = {str(path): len((text_of(path) or "").splitlines()) for path in python_files(*SOURCES)}

    assert {path: length for path, length in lengths.items() if length > MOST_LINES and path not in LONGER} == {}


def test_no_file_needs_to_be_longer():
    assert not LONGER


def test_nothing_is_left_for_later():
    assert said_anywhere(LEFT_OVER) == []


def test_no_file_names_a_package_registry():
    assert said_anywhere(REGISTRY) == []


def test_no_file_names_a_place_on_some_machine():
    assert said_anywhere(HOME) == []
