"""How a repository mirror's sync looks."""

from collections.abc import Mapping

from bot.blocks import layout
from bot.blocks.parts import Mark, buttons, headline, linked, named, open_button, small_print, trial
from bot.blocks.text import bare, fence, humane, plain
from bot.blocks.urls import repository_url
from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome
from bot.domain.messages import Block, Message

MARKS: Mapping[MirrorOutcome, Mark] = {
    MirrorOutcome.STARTED: Mark("🔵", "Mirror sync running", layout.COLORS["running"]),
    MirrorOutcome.SUCCESS: Mark("🟢", "Mirror sync finished", layout.COLORS["good"]),
    MirrorOutcome.FAILED: Mark("🔴", "Mirror sync failed", layout.COLORS["danger"]),
}


def show(card: MirrorCard, quay_url: str) -> Message:
    """How it went, with what the mirror worker said."""
    event = card.known
    if event.test:
        return trial(event, quay_url)
    mark = MARKS[card.outcome]
    said = bare((event.message.strip().splitlines() or [""])[0], 200)
    return Message(
        text=f"{mark.words}: {named(event.repository, ())}." + (f" {said}" if said else ""),
        blocks=(headline(mark, linked(quay_url, event.repository)),),
        details=(
            *_message(event.message),
            small_print(event, _took(card)),
            *buttons(*open_button(repository_url(quay_url, event.repository))),
        ),
        color=mark.color,
    )


def _message(message: str) -> tuple[Block, ...]:
    """One line as words, many as they came: the first lines say what failed, the rest is the tool's output."""
    lines = message.strip().splitlines()
    words = fence(lines, keep="first") if len(lines) > 1 else plain(message, 700)
    return (layout.section(words),) if words else ()


def _took(card: MirrorCard) -> str:
    return f"took about {humane(card.finished - card.started)}" if card.started and card.finished else ""
