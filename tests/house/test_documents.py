"""The documents say what the program says, and what they point at is there.

`make docs` runs this file with QUAYBOT_WRITE_DOCS set: then the tables are written anew before they are compared.
"""

import os
import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import cli
from bot.settings import Settings
from tests.house.tables import TABLES, env_example, filled, table_names
from tests.house.tree import ROOT, files, markdown_files, text_of

WRITE = bool(os.environ.get("QUAYBOT_WRITE_DOCS"))
LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
FENCE = re.compile(r"```.*?```", re.DOTALL)

WORDS = {name: tuple(group.commands) for name, group in get_command(cli).commands.items() if hasattr(group, "commands")}
"""The groups of the command line with their words."""

document = pytest.mark.parametrize("path", markdown_files(), ids=str)


def said(path: Path, made: str) -> str:
    """What stands in the file; written there first, if that was asked for."""
    if WRITE:
        (ROOT / path).write_text(made, encoding="utf-8")
    return (ROOT / path).read_text(encoding="utf-8")


def words_of(path: Path) -> str:
    return text_of(path) or ""


@document
def test_the_tables_are_those_of_the_program(path: Path):
    made = filled(words_of(path))

    assert said(path, made) == made, "run `make docs`"


def test_every_table_stands_somewhere():
    assert {name for path in markdown_files() for name in table_names(words_of(path))} == set(TABLES)


def test_the_example_settings_are_those_of_the_program():
    assert said(Path(".env.example"), env_example()) == env_example(), "run `make docs`"


def test_the_example_names_every_setting_once_and_no_other():
    names = re.findall(r"^(?:# )?([A-Z_]+)=", words_of(Path(".env.example")), re.MULTILINE)

    assert names == [name.upper() for name in Settings.model_fields]


def test_the_example_filled_in_with_nothing_is_accepted():
    Settings(_env_file=ROOT / ".env.example")


@document
def test_every_link_to_a_file_leads_to_one(path: Path):
    links = [found["to"] for found in LINK.finditer(FENCE.sub("", words_of(path)))]
    places = [link.partition("#")[0] for link in links if not re.match(r"https?://|mailto:|#", link)]

    assert [place for place in places if not (ROOT / path.parent / place).exists()] == []


def anchors(path: Path) -> set[str]:
    """The names by which a document's headings can be pointed at."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", words_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@document
def test_every_link_to_a_heading_leads_to_one(path: Path):
    links = [found["to"].partition("#") for found in LINK.finditer(FENCE.sub("", words_of(path)))]
    local = [(to, anchor) for to, _, anchor in links if anchor and not re.match(r"https?://", to)]
    places = [(path.parent / to if to else path, anchor) for to, anchor in local]

    assert [anchor for place, anchor in places if anchor not in anchors(place)] == []


def test_every_document_can_be_found_from_the_readme():
    found, ahead = set(), [Path("README.md")]
    while ahead:
        path = ahead.pop()
        found.add(path)
        for link in LINK.finditer(words_of(path)):
            place = Path(os.path.normpath(path.parent / link["to"].partition("#")[0]))
            if place.suffix == ".md" and place not in found and (ROOT / place).is_file():
                ahead.append(place)

    assert found == set(markdown_files())


@document
def test_every_make_target_that_is_named_exists(path: Path):
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = " ".join(CODE.findall(words_of(path)))

    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets


@document
def test_every_word_of_the_command_line_that_is_named_exists(path: Path):
    groups = "|".join(WORDS)
    known = {*get_command(cli).commands, *(f"{group} {word}" for group, words in WORDS.items() for word in words)}
    code = " ".join(CODE.findall(words_of(path)))
    named = {" ".join(words.split()) for words in re.findall(rf"(?<!@)\bquaybot ((?:{groups}) [a-z-]+|[a-z-]+)", code)}

    assert {words for words in named if words not in known} == set()


def test_every_word_of_the_command_line_is_explained_to_operators():
    text = words_of(Path("docs/operations.md"))
    rows = {line.partition("|")[2].partition("|")[0] for line in text.splitlines() if line.startswith("| `quaybot ")}
    alone = [word for word in get_command(cli).commands if word not in WORDS]
    missing = [word for word in alone if f"`quaybot {word}" not in text]
    # The words of a group stand in one row or in several: `quaybot hooks add …`, or `quaybot dead list`, `show`.
    for group, words in WORDS.items():
        said = " ".join(row for row in rows if f"`quaybot {group} " in row)
        missing += [
            f"{group} {word}" for word in words if f"`quaybot {group} {word}" not in said and f"`{word}" not in said
        ]

    assert missing == []


def test_every_make_target_has_its_words():
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert targets is not None
    assert set(targets[1].split()) == set(explained)


def test_pictures_say_what_they_show():
    pictures = [
        found for path in files() if path.suffix == ".md" for found in re.findall(r"!\[([^\]]*)\]", words_of(path))
    ]

    assert pictures
    assert all(len(words) > 20 for words in pictures)
