"""Lines together in as few paragraphs as Slack takes."""

from collections.abc import Iterable, Iterator, Sequence

_PARAGRAPH = 2900  # characters of one section: Slack takes 3,000


def paragraphs(rows: Iterable[str]) -> Iterator[str]:
    """Lines together, as many as a section holds; an emoji counts twice, should Slack count like JavaScript does."""
    gathered: list[str] = []
    for row in rows:
        if gathered and _units([*gathered, row]) > _PARAGRAPH:
            yield "\n".join(gathered)
            gathered = []
        gathered.append(row or "(nothing)")
    if gathered:
        yield "\n".join(gathered)


def _units(rows: Sequence[str]) -> int:
    return sum(len(row) + 1 + sum(char > "\uffff" for char in row) for row in rows)
