"""How a repository mirror's sync looks."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from textwrap import wrap

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.parts import Mark, buttons, headline, linked, named, open_button, remark, small_print
from bot.blocks.text import bare, code, escape, fence, humane, plain
from bot.blocks.trial import trial
from bot.blocks.urls import repository_url
from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome
from bot.domain.messages import Block, Message

MARKS: Mapping[MirrorOutcome, Mark] = {
    MirrorOutcome.STARTED: Mark("🔵", "Mirror sync running", layout.COLORS["running"]),
    MirrorOutcome.SUCCESS: Mark("🟢", "Mirror sync finished", layout.COLORS["good"]),
    MirrorOutcome.FAILED: Mark("🔴", "Mirror sync failed", layout.COLORS["danger"]),
}
FIXED = Mark("✅", "Fixed: mirror sync finished", layout.COLORS["good"])

ENDING = 15  # lines of the tool's output that a card shows
MUCH = 10_000  # characters of the tool's output from which on it may have been cut
LONGEST = 5_000  # characters of a line that are looked at
WIDTH = 180  # characters of a line of the tool that fit in one line of a card
ROWS = 4  # lines of a card that one long line of the tool may take
WORTH_SAYING = timedelta(seconds=2)
# A string of a Python tuple; one that never ends goes on to the end, so that every character is looked at once.
_STRING = re.compile(r"""'([^'\\]*(?:\\.[^'\\]*)*)(?:'|\\?\Z)|"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?\Z)""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_GRAVE = re.compile(r"\b(?:fatal|errors?)\b", re.IGNORECASE)
_TIME = re.compile(r'time="[^"]*"\s*')


def show(card: MirrorCard, quay_url: str) -> Message:
    """How it went, with what the mirror worker said."""
    event = card.known
    lines = told(event.message)
    if event.test:
        return trial(event, quay_url, code(" ".join(lines), 200))
    fixed = event.fixed and card.outcome is MirrorOutcome.SUCCESS
    mark = FIXED if fixed else MARKS[card.outcome]
    said = ": ".join(filter(None, (bare("".join(lines[:1]), 200), bare(reason(lines[1:]), 300))))
    name = f"{mark.words}{',' if fixed else ':'} {named(event.repository, ())}"
    return Message(
        text=f"{name}.{f' {said}' if said else ''}{remark(event)}",
        blocks=(headline(mark, linked(quay_url, event.repository), event),),
        details=(
            *((layout.section("The sync before this one had failed."),) if fixed else ()),
            *_message(lines),
            small_print(event, _took(card)),
            *buttons(*open_button(repository_url(quay_url, event.repository))),
        ),
        color=mark.color,
    )


def told(message: str) -> tuple[str, ...]:
    """What the mirror worker said, in lines: what it synced, then what its tool said.

    A failure ends in a Python tuple of strings (facts §1.2), which is taken apart; anything else is kept as it came.
    """
    what, found, rest = message.strip().partition(": (")
    cut = len(rest) > MUCH and rest.startswith(("'", '"'))  # somebody on the way has shortened it
    if not found or not (rest.endswith(")") or cut):
        return _lines(message)
    parts = [_ESCAPE.sub(_unescaped, one or other) for one, other in _STRING.findall(rest.removesuffix(")"))]
    return _lines(what, *parts)


def reason(output: Sequence[str]) -> str:
    """The last line of the tool that speaks of an error, else its last line, without its time; empty for no output."""
    grave = next((line for line in reversed(output) if _GRAVE.search(line)), "")
    return _TIME.sub("", grave or "".join(output[-1:]), count=1)


def _lines(*parts: str) -> tuple[str, ...]:
    return tuple(line[:LONGEST] for part in parts for line in part.splitlines() if line[:LONGEST].strip())


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\n"}.get(found[1], found[1] if found[1] in "\\'\"" else found[0])


def _message(lines: tuple[str, ...]) -> tuple[Block, ...]:
    """What was synced, then the end of the tool's output, as code, so that it can be copied.

    The reason is nearly always in there; if other lines have pushed it out, it comes first.
    """
    what, output = "".join(lines[:1]), lines[1:]
    rows = [*output[:-ENDING], *(row for line in output[-ENDING:] for row in _rows(line))]
    log, why = fence(rows, most=ENDING, limit=1800), reason(output)
    seen = escape(one_line(why)[:80]).replace("`", "ˋ") in " ".join(log.split())
    parts = (code(what, 400 if output else 700), "" if seen else f"*Error:* {plain(why, 300)}", log)
    words = "\n".join(filter(None, parts))  # nothing visible may be left of a message
    return (layout.section(words),) if words else ()


def _rows(line: str) -> list[str]:
    """A long line over several rows: its end often is the reason."""
    return wrap(line, WIDTH, max_lines=ROWS, placeholder=" …") if len(line) > WIDTH else [line]


def _took(card: MirrorCard) -> str:
    took = card.finished - card.started if card.started and card.finished else timedelta(0)
    return f"took about {humane(took)}" if took >= WORTH_SAYING else ""
