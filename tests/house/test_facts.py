"""What comments lean on ("facts §…") stands in docs/facts.md, and nothing stands there that nobody leans on."""

import re
from pathlib import Path

from tests.house.tree import files, text_of

CITED = re.compile(r"§(\d+(?:\.\d+)*)")
HEADING = re.compile(r"^### (Quay|Slack) §(\d+(?:\.\d+)*) \S", re.MULTILINE)


def neighbour(path: Path, number: str) -> str:
    """Whose fact it is: numbers with a dot are Quay's, whole ones Slack's, except in the code for Quay."""
    return "Quay" if "." in number or "quay" in path.parts else "Slack"


def cited() -> dict[tuple[str, str], str]:
    """Each fact that is cited, with a file that does so."""
    places = [path for path in files() if path.suffix != ".md"]
    numbers = [(path, number) for path in places for number in CITED.findall(text_of(path) or "")]
    return {(neighbour(path, number), number): str(path) for path, number in numbers}


def written() -> list[tuple[str, str]]:
    return HEADING.findall(text_of(Path("docs/facts.md")) or "")


def test_every_fact_that_is_cited_is_written_down():
    known = set(written())

    assert {fact: path for fact, path in cited().items() if fact not in known} == {}


def test_every_fact_that_is_written_down_is_cited_and_has_one_place():
    assert sorted(written()) == sorted(cited())
