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
    small_print,
    tag_list,
    trial,
)
from bot.blocks.text import code, count
from bot.blocks.urls import image
from bot.domain.cards import PushCard
from bot.domain.messages import Message

PUSHED = Mark("🟢", "Pushed", layout.COLORS["good"])


def show(card: PushCard, quay_url: str) -> Message:
    """Which tags, how often. Quay tells neither who pushed nor what (facts §1.2), so neither do we."""
    event = card.event
    if event.test:
        return trial(event, quay_url)
    times = f"reported {card.times:,} times" if card.times > 1 else ""
    tags = f"{count(len(event.tags), 'tag')}: {tag_list(event.tags)}" if event.tags else "Quay named no tag."
    if len(event.tags) == 1:
        tags = code(image(quay_url, event.repository, event.tags[0]), 400)
    again = "\nQuay repeats itself when an answer gets lost, so this may be one push." if times else ""
    return Message(
        text=f"Pushed {named(event.repository, event.tags)}{', ' + times if times else ''}.",
        blocks=(headline(PUSHED, linked(quay_url, event.repository, event.tags)),),
        details=(
            layout.section(facts(tags, times) + again),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository, event.tags))),
        ),
        color=PUSHED.color,
    )
