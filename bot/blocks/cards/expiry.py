"""How a warning about expiring tags looks."""

from bot.blocks import layout
from bot.blocks.parts import Mark, buttons, headline, linked, named, open_button, page, small_print, tag_list, trial
from bot.blocks.text import bare, clip_list, count, plain
from bot.domain.cards import ExpiryCard
from bot.domain.events import TagsExpiring
from bot.domain.messages import Message

EXPIRING = Mark("🟡", "Tags expire soon", layout.COLORS["warning"])


def show(card: ExpiryCard, quay_url: str) -> Message:
    """Which tags, and how soon at the latest (Quay sends the configured distance, not the real one: facts §1.2)."""
    event = card.event
    if event.test:
        return trial(event, quay_url)
    soon = plain(event.expiring_in, 60)
    advice = "Push them again, or change their expiration in Quay, to keep them."
    tags = f"{count(len(event.tags), 'tag')}: {tag_list(event.tags, 15)}" if event.tags else "Quay named no tag."
    return Message(
        text=_text(event),
        blocks=(headline(EXPIRING, f"in {linked(quay_url, event.repository)}"),),
        details=(
            layout.section(f"Within {soon or 'the next days'} · {tags}\n{advice}"),
            small_print(event),
            *buttons(*open_button(page(quay_url, event.repository, event.tags))),
        ),
        color=EXPIRING.color,
    )


def _text(event: TagsExpiring) -> str:
    shown, more = clip_list(event.tags, 5)
    names = ", ".join([*(bare(tag, 60) for tag in shown), *filter(None, [more])])
    soon = bare(event.expiring_in, 60) or "the next days"
    where = named(event.repository, ())
    return f"Tags expire soon in {where}, within {soon}: {names or 'Quay named no tag'}."
