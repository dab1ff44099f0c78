"""How pushes look."""

from collections.abc import Sequence

from bot.blocks import layout
from bot.blocks.parts import (
    Mark,
    buttons,
    facts,
    headline,
    linked,
    named,
    open_button,
    page,
    remark,
    small_print,
    tag_name,
    tags_line,
)
from bot.blocks.text import bare, code, count, fitting
from bot.blocks.trial import trial
from bot.blocks.urls import image
from bot.domain.cards import PushCard
from bot.domain.messages import Message

PUSHED = Mark("🟢", "Pushed", layout.COLORS["good"])
SHOWN = 15  # tags that a card names
AGAIN = "Quay repeats itself when an answer gets lost, so this may be one push."


def show(card: PushCard, quay_url: str) -> Message:
    """Which tags, how often. Quay tells neither who pushed nor what (facts §1.2), so neither do we."""
    if card.event.test:
        return trial(card.event, quay_url, tags_line(tuple(card.tags)))
    return _many(card, quay_url) if card.distinct > 1 else _one(card, quay_url)


def _one(card: PushCard, quay_url: str) -> Message:
    event, tags = card.event, tuple(card.tags)
    times = f"reported {card.pushes:,} times" if card.pushes > 1 else ""
    what = tags_line(tags) or "Quay named no tag."
    if tags and not tags[0].startswith("sha256:"):
        what = code(image(quay_url, event.repository, tags[0]), 400)
    return Message(
        text=f"Pushed {named(event.repository, tags)}{', ' + times if times else ''}.{remark(event)}",
        blocks=(headline(PUSHED, linked(quay_url, event.repository, tags)),),
        details=(
            layout.section("\n".join(filter(None, (facts(what, times), AGAIN if times else "")))),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository, tags))),
        ),
        color=PUSHED.color,
    )


def _many(card: PushCard, quay_url: str) -> Message:
    """How many tags, and the first of them, each with how often it was reported."""
    event, much = card.event, f"{count(card.distinct, 'tag')} pushed"
    tags = [(tag_name(tag), times) for tag, times in card.tags.items() if tag_name(tag)]
    spoken = [bare(tag, 60) + _spoken(times) for tag, times in tags[:SHOWN]]
    shown = fitting(code(tag) + _times(times) for tag, times in tags[:SHOWN])
    again = AGAIN if any(times > 1 for times in card.tags.values()) else ""
    return Message(
        text=f"{much} to {named(event.repository, ())}: {', '.join(_with_rest(card, spoken))}.{remark(event)}",
        blocks=(headline(Mark(PUSHED.emoji, much, PUSHED.color), f"to {linked(quay_url, event.repository)}"),),
        details=(
            layout.section("\n".join(filter(None, (" ".join(_with_rest(card, shown)), again)))),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository))),
        ),
        color=PUSHED.color,
    )


def _with_rest(card: PushCard, shown: Sequence[str]) -> list[str]:
    rest = card.distinct - len(shown)
    return [*shown, *([f"+{rest:,} more"] if rest else [])]


def _spoken(times: int) -> str:
    return f" (reported {times:,} times)" if times > 1 else ""


def _times(times: int) -> str:
    return f" ×{times:,}" if times > 1 else ""
