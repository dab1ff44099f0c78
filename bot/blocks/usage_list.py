"""A part of a usage log as a message, and its rows for a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import through
from bot.blocks.layout import button, context, section
from bot.blocks.paging import next_page, turns
from bot.blocks.paragraphs import paragraphs
from bot.blocks.text import bare, clip, code, count, plain, when
from bot.blocks.usage_words import application, line, repository, who
from bot.domain.messages import Block, Message
from bot.domain.repositories import LogEntry

_LINE = 700
NEXT, CSV = "logs_next", "logs_csv"


@dataclass(frozen=True, slots=True)
class Part:
    """What was asked, what was found, and the values of the buttons ("" for none).

    `kind` and `by` are what was looked for. `again`: an earlier part was shown before this one.
    """

    target: str
    since: datetime
    entries: Sequence[LogEntry]
    kind: str = ""
    by: str = ""
    older: str = ""
    csv: str = ""
    again: bool = False


def message(part: Part) -> Message:
    """The entries, newest first, with the way to older ones and to a file."""
    about = f"The usage log of {code(part.target, 255)} since {when(part.since)}"
    if not part.entries:
        text = f"{about}: {_nothing(part)}"
        return Message(text=text, blocks=(section(text), *_buttons(part)))
    filters = ", ".join(filter(None, (f"only {code(part.kind)}" if part.kind else "", _by(part.by))))
    head = section(f"*{about}*{f', {filters}' if filters else ''}, the newest first")
    used = [application(entry) for entry in part.entries]
    lines = (clip(line(entry, part.target, through.usual(used)), _LINE) for entry in part.entries)
    foot = through.foot(used)
    body = [*(section(text) for text in paragraphs(lines)), *([context(foot)] if foot else [])]
    text = f"The usage log of {bare(part.target, 255)}: {count(len(part.entries), 'entry')} on this page"
    return Message(text=text, blocks=(head, *body, *_buttons(part)))


def rows(entries: Sequence[LogEntry], target: str) -> Iterator[Mapping[str, str]]:
    """The same for a spreadsheet: times in UTC, and everything that the entry tells."""
    for entry in entries:
        first = {"time": entry.at.isoformat(timespec="seconds"), "kind": entry.kind, "by": who(entry)}
        yield {**first, "repository": repository(entry, target), **entry.about}


def _nothing(part: Part) -> str:
    what = f"no {code(part.kind)}" if part.kind else "nothing"
    whose = f" {_by(part.by)}" if part.by else ""
    if part.older:
        return f"{what}{whose} among the newest entries. Older ones may have it."
    return f"{what}{whose}{' older than that' if part.again else ''}."


def _by(name: str) -> str:
    return f"by {plain(name, 100)}" if name else ""


def _buttons(part: Part) -> tuple[Block, ...]:
    csv = button(CSV, "Download CSV", value=part.csv) if part.csv else None
    end = () if part.older else (context("That is all of that time."),)
    return (*end, *turns(next_page(NEXT, part.older), csv))
