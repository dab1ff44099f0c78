"""How a push looks."""

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
    tags_line,
)
from bot.blocks.text import code
from bot.blocks.trial import trial
from bot.blocks.urls import image
from bot.domain.cards import PushCard
from bot.domain.messages import Message

PUSHED = Mark("🟢", "Pushed", layout.COLORS["good"])


def show(card: PushCard, quay_url: str) -> Message:
    """Which tags, how often. Quay tells neither who pushed nor what (facts §1.2), so neither do we."""
    event = card.event
    if event.test:
        return trial(event, quay_url, tags_line(event.tags))
    times = f"reported {card.times:,} times" if card.times > 1 else ""
    tags = tags_line(event.tags) or "Quay named no tag."
    if len(event.tags) == 1 and not event.tags[0].startswith("sha256:"):
        tags = code(image(quay_url, event.repository, event.tags[0]), 400)
    again = "\nQuay repeats itself when an answer gets lost, so this may be one push." if times else ""
    return Message(
        text=f"Pushed {named(event.repository, event.tags)}{', ' + times if times else ''}.{remark(event)}",
        blocks=(headline(PUSHED, linked(quay_url, event.repository, event.tags)),),
        details=(
            layout.section(facts(tags, times) + again),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository, event.tags))),
        ),
        color=PUSHED.color,
    )
