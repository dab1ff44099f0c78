"""How findings of the security scanner look: one with everything that is known of it, many by their numbers."""

from collections.abc import Mapping

from bot.blocks import layout
from bot.blocks.finding_words import MARKS, numbers, repositories, spoken, times, worst
from bot.blocks.parts import (
    DOT,
    Mark,
    buttons,
    facts,
    headline,
    late_mark,
    linked,
    named,
    open_button,
    page,
    remark,
    small_print,
    tags_line,
    url_button,
)
from bot.blocks.text import bare, code, count, link, plain
from bot.blocks.trial import trial
from bot.blocks.urls import safe_url
from bot.domain.cards import VulnerabilityCard
from bot.domain.events import VulnerabilityFound
from bot.domain.messages import Block, Message

FIX: Mapping[bool | None, str] = {
    True: "A fix is available",
    False: "No fix is known yet",
    None: "Quay does not say whether there is a fix",
}


def show(card: VulnerabilityCard, quay_url: str) -> Message:
    """How bad, what, where, and whether it can be mended."""
    if card.finding is None:
        return _many(card, quay_url)
    return _one(card.finding, quay_url)


def _one(event: VulnerabilityFound, quay_url: str) -> Message:
    if event.test:
        return trial(event, quay_url, facts(code(event.vulnerability), event.severity.value, tags_line(event.tags, 8)))
    mark = MARKS[event.severity]
    advisory = next(filter(None, map(safe_url, event.links)), "")
    name = event.known_as
    where = linked(quay_url, event.repository, event.tags)
    said = f"{mark.words}: {bare(name, 100)} in {named(event.repository, event.tags)}. {FIX[event.fixable]}."
    return Message(
        text=said + remark(event),
        blocks=(headline(mark, f"{link(advisory, name, 100)} in {where}", event),),
        details=(
            layout.section("\n".join(filter(None, (_line(event), plain(event.description, 600))))),
            small_print(event, "found when the image was first scanned" if event.first_index else ""),
            *buttons(
                *open_button(page(quay_url, event.repository, event.tags)),
                *url_button("advisory", "Advisory", advisory),
            ),
        ),
        color=mark.color,
    )


def _many(card: VulnerabilityCard, quay_url: str) -> Message:
    """How many and how bad; the repositories, the worst of it, and whether it can be mended."""
    mark, only = MARKS[card.worst[0].severity], tuple(card.repositories)[: len(card.repositories) == 1]
    return Message(
        text=spoken(card),
        blocks=(_many_in_a_line(card, mark, quay_url),),
        details=(
            layout.section(repositories(card, quay_url)),
            layout.section(worst(card, quay_url)),
            times(card),
            *buttons(*(button for name in only for button in open_button(page(quay_url, name)))),
        ),
        color=mark.color,
    )


def _many_in_a_line(card: VulnerabilityCard, mark: Mark, quay_url: str) -> Block:
    """The numbers; the name if it is one vulnerability in many places."""
    some, worst_one = tuple(card.repositories), card.worst[0]
    late = late_mark(card.note) if card.recovered else ""
    where = linked(quay_url, some[0]) if len(some) == 1 else count(len(some), "repository")
    if worst_one.times == card.total:
        name = link(worst_one.link, worst_one.name, 100)
        return headline(mark, facts(f"{name} in {where}", f"found {card.total:,} times", late))
    much = Mark(mark.emoji, count(card.total, "vulnerability"), mark.color)
    return headline(much, facts(f"in {where}", numbers(card.counts, DOT), late))


def _line(event: VulnerabilityFound) -> str:
    word = plain(event.severity_word, 60)
    named_above = len(event.tags) == 1 and not event.tags[0].startswith("sha256:")
    tags = "" if named_above else tags_line(event.tags, 8)
    return facts(f'The vendor says "{word}"' if word else "", FIX[event.fixable], tags)
