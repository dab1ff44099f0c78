"""The window that shows a build's log: one page of lines, with buttons to older and newer ones. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.blocks.layout import actions, button, context, section
from bot.blocks.spoken import spoken
from bot.blocks.text import code, fence, plain
from bot.blocks.urls import build_url
from bot.domain.messages import Block, Modal
from bot.ports import BuildLog, LogLine
from handlers.logs import is_command, rows

CALLBACK = "build_log"
TITLE = "Build log"
PAGE = 60  # log entries on a page
_BUDGET = 200_000  # bytes: Slack takes views below 250 kB (facts §5), and JSON writes one emoji with twelve bytes
_TOGETHER = 12  # lines in one code block: each is cut at 200 characters, so they fit in one section
_ENTRY_ROWS = 3  # an entry is one line nearly always; longer ones (stack traces) are cut and say so

ARCHIVED = "Quay has archived this log and does not hand it out here any more. Open it in Quay."
EMPTY = "There are no log lines yet. They appear when Quay starts to work on the build."


@dataclass(frozen=True, slots=True)
class Window:
    """Which log is shown, and what every page of it carries."""

    repository: str
    build: str
    quay_url: str
    private: str = ""  # where the window was asked for
    name: str = ""  # what the build is called on its card, once that is known

    @property
    def value(self) -> str:
        """What its buttons say."""
        return f"{self.repository} {self.build}"


def loading(window: Window) -> Modal:
    """What is shown at once, while Quay is asked."""
    return _modal(window, section("Loading the log…"))


def trouble(window: Window, say: str, hint: str = "") -> Modal:
    """Why there is no log to see, in plain words; `hint` is small print."""
    more = (context(hint),) if hint else ()
    return _modal(window, section(spoken(say)), *more, actions(_refresh(window), _open(window)))


def page(window: Window, log: BuildLog, *, running: bool, tail: bool = False) -> Modal:
    """The first `PAGE` entries of `log`, or its last ones (`tail`): fewer where Slack could not take so many bytes.

    `running` adds the button that looks again.
    """
    if log.archived:
        return trouble(window, ARCHIVED)
    modal = _page(window, log, PAGE, running=running, tail=tail)
    for size in (PAGE // 4, 3):
        if len(json.dumps(modal.view())) < _BUDGET:
            break
        modal = _page(window, log, size, running=running, tail=tail)
    return modal


def _page(window: Window, log: BuildLog, size: int, *, running: bool, tail: bool) -> Modal:
    skipped = max(0, len(log.lines) - size) if tail else 0
    lines = log.lines[skipped : skipped + size]
    start = log.start + skipped
    end = start + len(lines)
    body = tuple(_body(lines)) or (section(EMPTY if log.total == 0 else "There is nothing to read on this page."),)
    where = f"Lines {start + 1:,} to {end:,} of {log.total:,}" if lines else f"Lines in this log: {log.total:,}"
    buttons = [
        button("build_log_older", "Older", value=f"{window.value} {max(0, start - PAGE)}") if start > 0 else None,
        button("build_log_newer", "Newer", value=f"{window.value} {end}") if end < log.total else None,
        _refresh(window) if running or not lines else None,
        _open(window),
    ]
    return _modal(window, *body, context(where), actions(*filter(None, buttons)))


def _modal(window: Window, *blocks: Block) -> Modal:
    head = section(f"{f'Build {code(window.name)}' if window.name else 'A build'} of {code(window.repository, 300)}")
    return Modal(CALLBACK, TITLE, (head, *blocks), private=window.private)


def _refresh(window: Window) -> Block:
    return button("build_log_refresh", "Refresh", value=window.value)


def _open(window: Window) -> Block:
    return button("open_quay", "Open in Quay", url=build_url(window.quay_url, window.repository, window.build))


def _body(lines: Iterable[LogLine]) -> Iterator[Block]:
    """Plain output as code, with phases, commands and errors as paragraphs of their own between it."""
    gathered: list[str] = []
    for line in lines:
        if (mark := _mark(line)) is None:
            gathered += _shown(line)
            continue
        yield from _fenced(gathered)
        gathered = []
        yield mark
    yield from _fenced(gathered)


def _mark(line: LogLine) -> Block | None:
    text = " ".join(rows(line.text)).strip()
    if line.kind == "phase" and (words := plain(text)):
        return context(f"Phase: *{words}*")
    if is_command(line) and (words := code(text, 400)):
        return section(f"*Command* {words}")
    if line.kind == "error" and (words := plain(text, 1000)):
        return section(f"*Error* {words}")
    return None


def _shown(line: LogLine) -> list[str]:
    every = rows(line.text)
    cut = len(every) - _ENTRY_ROWS
    return every if cut <= 0 else [*every[:_ENTRY_ROWS], f"… {cut:,} more lines of this entry"]


def _fenced(lines: Sequence[str]) -> Iterator[Block]:
    for at in range(0, len(lines), _TOGETHER):
        if text := fence(lines[at : at + _TOGETHER], most=_TOGETHER, limit=2900):
            yield section(text)
