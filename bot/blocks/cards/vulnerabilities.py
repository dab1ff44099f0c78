"""How a finding of the security scanner looks."""

from collections.abc import Mapping

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
    url_button,
)
from bot.blocks.text import bare, count, link, plain
from bot.blocks.urls import safe_url
from bot.domain.cards import VulnerabilityCard
from bot.domain.events import Severity, VulnerabilityFound
from bot.domain.messages import Message

MARKS: Mapping[Severity, Mark] = {
    Severity.CRITICAL: Mark("🔴", "Critical vulnerability", layout.COLORS["danger"]),
    Severity.HIGH: Mark("🟠", "High vulnerability", layout.COLORS["danger"]),
    Severity.MEDIUM: Mark("🟡", "Medium vulnerability", layout.COLORS["warning"]),
    Severity.LOW: Mark("🔵", "Low vulnerability", layout.COLORS["running"]),
    Severity.NEGLIGIBLE: Mark("⚪", "Negligible vulnerability", layout.COLORS["neutral"]),
    Severity.UNKNOWN: Mark("⚪", "Vulnerability of unknown severity", layout.COLORS["neutral"]),
}
FIX: Mapping[bool | None, str] = {
    True: "A fix is available",
    False: "No fix is known yet",
    None: "Quay does not say whether there is a fix",
}


def show(card: VulnerabilityCard, quay_url: str) -> Message:
    """How bad, what, where, and whether it can be mended."""
    event = card.finding
    if event.test:
        return trial(event, quay_url)
    mark = MARKS[event.severity]
    advisory = next(filter(None, map(safe_url, event.links)), "")
    name = event.vulnerability.strip() or "a vulnerability"
    where = linked(quay_url, event.repository, event.tags)
    return Message(
        text=f"{mark.words}: {bare(name, 100)} in {named(event.repository, event.tags)}. {FIX[event.fixable]}.",
        blocks=(headline(mark, f"{link(advisory, name, 100)} in {where}"),),
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


def _line(event: VulnerabilityFound) -> str:
    word = plain(event.severity_word, 60)
    severity = f"Severity: *{event.severity.value}*" + (f' (the vendor says "{word}")' if word else "")
    tags = (
        f"{count(len(event.tags), 'tag')}: {tag_list(event.tags, 8)}" if len(event.tags) > 1 else ""
    )  # one is in the headline
    return facts(severity, FIX[event.fixable], tags)
