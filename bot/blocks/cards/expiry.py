"""How a warning about expiring tags looks."""

import re

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
from bot.blocks.text import bare, clip_list, count, plain
from bot.blocks.trial import trial
from bot.domain.cards import ExpiryCard
from bot.domain.events import TagsExpiring
from bot.domain.messages import Message

_DAYS = re.compile(r"\s*(\d{1,6})\s*(?:days?)?\s*", re.ASCII | re.IGNORECASE)
EXPIRING = Mark("🟡", "Tags expire soon", layout.COLORS["warning"])


def show(card: ExpiryCard, quay_url: str) -> Message:
    """Which tags, and how soon at the latest (Quay sends the configured distance, not the real one: facts §1.2)."""
    event = card.event
    if event.test:
        return trial(event, quay_url, facts(tags_line(event.tags), plain(distance(event.expiring_in), 60)))
    soon = plain(distance(event.expiring_in), 60)
    advice = "Push them again, or change their expiration in Quay, to keep them."
    tags = tags_line(event.tags, 15) or "Quay named no tag."
    return Message(
        text=_text(event),
        blocks=(headline(EXPIRING, f"in {linked(quay_url, event.repository)}", event),),
        details=(
            layout.section(f"Within {soon or 'the next days'} · {tags}\n{advice}"),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository, event.tags))),
        ),
        color=EXPIRING.color,
    )


def distance(said: str) -> str:
    """How far away, in the right form: "1 days" is one day, and a bare number counts days."""
    found = _DAYS.fullmatch(said)
    return count(int(found[1]), "day") if found else said


def _text(event: TagsExpiring) -> str:
    shown, more = clip_list(event.tags, 5)
    names = ", ".join([*(bare(tag_name(tag), 60) for tag in shown), *filter(None, [more])])
    soon = bare(distance(event.expiring_in), 60) or "the next days"
    where = named(event.repository, ())
    return f"Tags expire soon in {where}, within {soon}: {names or 'Quay named no tag'}.{remark(event)}"
