"""How a finding of the security scanner looks."""

import re
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
    remark,
    small_print,
    tags_line,
    url_button,
)
from bot.blocks.text import bare, code, link, plain
from bot.blocks.trial import trial
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
_NAMES = re.compile(
    r"\b(?:CVE-\d{4}-\d{4,}|RHSA-\d{4}(?::|%3A)\d+|GHSA(?:-[0-9a-z]{4}){3})\b", re.ASCII | re.IGNORECASE
)
FIX: Mapping[bool | None, str] = {
    True: "A fix is available",
    False: "No fix is known yet",
    None: "Quay does not say whether there is a fix",
}


def show(card: VulnerabilityCard, quay_url: str) -> Message:
    """How bad, what, where, and whether it can be mended."""
    event = card.finding
    if event.test:
        return trial(event, quay_url, facts(code(event.vulnerability), event.severity.value, tags_line(event.tags, 8)))
    mark = MARKS[event.severity]
    advisory = next(filter(None, map(safe_url, event.links)), "")
    name = known_as(event)
    where = linked(quay_url, event.repository, event.tags)
    said = f"{mark.words}: {bare(name, 100)} in {named(event.repository, event.tags)}. {FIX[event.fixable]}."
    return Message(
        text=said + remark(event),
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


def known_as(event: VulnerabilityFound) -> str:
    """What people call the finding. First indexes send the scanner's own number (facts §1.2), which nobody knows."""
    name = event.vulnerability.strip()
    if not name.isdecimal():
        return name or "a vulnerability"
    names = filter(None, map(_NAMES.search, (*event.links, event.description)))
    return next((found[0].replace("%3A", ":").replace("%3a", ":") for found in names), f"finding {name}")


def _line(event: VulnerabilityFound) -> str:
    word = plain(event.severity_word, 60)
    named_above = len(event.tags) == 1 and not event.tags[0].startswith("sha256:")
    tags = "" if named_above else tags_line(event.tags, 8)
    return facts(f'The vendor says "{word}"' if word else "", FIX[event.fixable], tags)
