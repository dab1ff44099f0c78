"""How pushes look."""

from collections.abc import Iterator, Sequence

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
from bot.blocks.push_buttons import push_buttons
from bot.blocks.push_facts import brief, pushers, spoken, whole
from bot.blocks.text import bare, code, count, fitting, plain
from bot.blocks.trial import trial
from bot.blocks.urls import image
from bot.domain.cards import PushCard
from bot.domain.events import PushFacts
from bot.domain.messages import Message

PUSHED = Mark("🟢", "Pushed", layout.COLORS["good"])
SHOWN = 15  # tags that a card names
AGAIN = "Quay repeats itself when an answer gets lost, so this may be one push."


def show(card: PushCard, quay_url: str) -> Message:
    """Which tags, how often. Quay tells neither who pushed nor what (facts §1.2): that follows once it is looked up."""
    if card.event.test:
        return trial(card.event, quay_url, tags_line(tuple(card.tags)))
    return _many(card, quay_url) if card.distinct > 1 else _one(card, quay_url)


def _one(card: PushCard, quay_url: str) -> Message:
    event, tags = card.event, tuple(card.tags)
    found = card.facts.get(tags[0]) if tags else None
    times = f"reported {card.pushes:,} times" if card.pushes > 1 else ""
    what, known = tags_line(tags) or "Quay named no tag.", whole(found) if found else ""
    if tags and not tags[0].startswith("sha256:"):
        what = code(image(quay_url, event.repository, tags[0]), 400)
    by = bare(found.by, 60) if found else ""
    said = f"Pushed {named(event.repository, tags)}{f' by {by}' if by else ''}{', ' + times if times else ''}."
    return Message(
        text=f"{said}{spoken(found) if found else ''}{remark(event)}",
        blocks=(headline(PUSHED, linked(quay_url, event.repository, tags), event),),
        details=(
            layout.section("\n".join(filter(None, (facts(what, times), AGAIN if times else "", known)))),
            small_print(event, pushers([found] if found else [])),
            *push_buttons(event.repository, tags[0] if tags else "", page(quay_url, event.repository, tags)),
        ),
        color=PUSHED.color,
    )


def _many(card: PushCard, quay_url: str) -> Message:
    """How many tags, and the first of them, each with how often it was reported, and what is known about it."""
    event, much = card.event, f"{count(card.distinct, 'tag')} pushed"
    tags = [(tag_name(tag), times) for tag, times in card.tags.items() if tag_name(tag)]
    spoken_tags = [bare(tag, 60) + _spoken(times) for tag, times in tags[:SHOWN]]
    again = AGAIN if any(times > 1 for times in card.tags.values()) else ""
    by = _common_pusher(card)
    return Message(
        text=f"{much} to {named(event.repository, ())}: {', '.join(_with_rest(card, spoken_tags))}.{remark(event)}",
        blocks=(headline(Mark(PUSHED.emoji, much, PUSHED.color), f"to {linked(quay_url, event.repository)}", event),),
        details=(
            layout.section("\n".join(filter(None, (*_listed(card, by), again)))),
            small_print(event, by),
            *buttons(*open_button(page(quay_url, event.repository))),
        ),
        color=PUSHED.color,
    )


def _listed(card: PushCard, by: str) -> Iterator[str]:
    """Tags with the same image on a line together, with what is known about it; then those of which nothing is known.

    `by`: who pushed all of them, which is said elsewhere.
    """
    shown = [tag for tag in card.tags if tag_name(tag)][:SHOWN]
    lines: dict[tuple[str, str], list[str]] = {}
    for tag in shown:
        lines.setdefault(_known(card.facts.get(tag), by), []).append(tag)
    bare_tags = lines.pop(("", ""), [])
    told = [f"{' '.join(_coded(card, tags))} · {words}" for (_, words), tags in lines.items()]
    fits = fitting(told, 2_000)
    named_tags = sum(len(tags) for tags in list(lines.values())[: len(fits)])
    codes = fitting(_coded(card, bare_tags), 2_600 - sum(map(len, fits)))
    yield from fits
    yield " ".join(_with_rest(card, codes, named_tags))


def _known(found: PushFacts | None, by: str) -> tuple[str, str]:
    """Its image, and what is said about it; both empty if nothing is known."""
    if found is None:
        return "", ""
    who = "" if by or not found.by.strip() else f"by {plain(found.by, 60)}"
    words = facts(brief(found), who)
    return (found.digest or found.tag, words) if words else ("", "")


def _coded(card: PushCard, tags: Sequence[str]) -> list[str]:
    return [code(tag_name(tag)) + _times(card.tags[tag]) for tag in tags]


def _common_pusher(card: PushCard) -> str:
    """Who pushed, if it is known of all of them and one account."""
    return pushers(card.facts.values()) if card.distinct == len(card.facts) else ""


def _with_rest(card: PushCard, shown: Sequence[str], before: int = 0) -> list[str]:
    """Those that are shown, and how many more there are; `before` of them are shown elsewhere."""
    rest = card.distinct - len(shown) - before
    return [*shown, *([f"+{rest:,} more"] if rest else [])]


def _spoken(times: int) -> str:
    return f" (reported {times:,} times)" if times > 1 else ""


def _times(times: int) -> str:
    return f" ×{times:,}" if times > 1 else ""
