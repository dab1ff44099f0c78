"""How a repository mirror's sync looks."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.blocks import layout
from bot.blocks.parts import Mark, buttons, headline, linked, named, open_button, small_print, trial
from bot.blocks.text import bare, code, fence, humane
from bot.blocks.urls import repository_url
from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome
from bot.domain.messages import Block, Message

MARKS: Mapping[MirrorOutcome, Mark] = {
    MirrorOutcome.STARTED: Mark("🔵", "Mirror sync running", layout.COLORS["running"]),
    MirrorOutcome.SUCCESS: Mark("🟢", "Mirror sync finished", layout.COLORS["good"]),
    MirrorOutcome.FAILED: Mark("🔴", "Mirror sync failed", layout.COLORS["danger"]),
}

MUCH = 20_000  # characters of a message that are looked at
WORTH_SAYING = timedelta(seconds=2)
_STRING = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def show(card: MirrorCard, quay_url: str) -> Message:
    """How it went, with what the mirror worker said."""
    event = card.known
    if event.test:
        return trial(event, quay_url)
    mark = MARKS[card.outcome]
    lines = told(event.message)
    said = bare(": ".join(lines[:2]), 300)
    return Message(
        text=f"{mark.words}: {named(event.repository, ())}." + (f" {said}" if said else ""),
        blocks=(headline(mark, linked(quay_url, event.repository)),),
        details=(
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
    what, found, rest = message[:MUCH].strip().partition(": (")
    if not found or not rest.endswith(")"):
        return tuple(line for line in message[:MUCH].strip().splitlines() if line.strip())
    parts = [_ESCAPE.sub(_unescaped, one or other) for one, other in _STRING.findall(rest[:-1])]
    return tuple(line for part in (what, *parts) for line in part.splitlines() if line.strip())


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\n"}.get(found[1], found[1] if found[1] in "\\'\"" else found[0])


def _message(lines: tuple[str, ...]) -> tuple[Block, ...]:
    """As code, so that it can be copied: the first lines say what failed, the rest is the tool's output."""
    words = fence(lines, keep="first") if len(lines) > 1 else code("".join(lines), 700)
    return (layout.section(words),) if words else ()


def _took(card: MirrorCard) -> str:
    took = card.finished - card.started if card.started and card.finished else timedelta(0)
    return f"took about {humane(took)}" if took >= WORTH_SAYING else ""
