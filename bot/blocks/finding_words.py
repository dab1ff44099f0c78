"""What a card of many findings says in words: the numbers, the repositories and the worst of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.blocks import layout
from bot.blocks.parts import Mark, facts, linked, named
from bot.blocks.text import bare, count, fitting, link, plain, when
from bot.domain.cards import Counts, VulnerabilityCard, Worst
from bot.domain.events import Severity
from bot.domain.messages import Block

MARKS: Mapping[Severity, Mark] = {
    Severity.CRITICAL: Mark("🔴", "Critical vulnerability", layout.COLORS["danger"]),
    Severity.HIGH: Mark("🟠", "High vulnerability", layout.COLORS["danger"]),
    Severity.MEDIUM: Mark("🟡", "Medium vulnerability", layout.COLORS["warning"]),
    Severity.LOW: Mark("🔵", "Low vulnerability", layout.COLORS["running"]),
    Severity.NEGLIGIBLE: Mark("⚪", "Negligible vulnerability", layout.COLORS["neutral"]),
    Severity.UNKNOWN: Mark("⚪", "Vulnerability of unknown severity", layout.COLORS["neutral"]),
}
LINES = 15  # repositories that a card names
SPOKEN = 8  # repositories that a message's `text` names
WORTH_SAYING = timedelta(minutes=1)
_FIX: Mapping[bool | None, str] = {True: "fix available", False: "no fix yet", None: ""}


def numbers(counts: Counts, between: str = ", ") -> str:
    """Say "3 Critical, 12 High", most severe first."""
    return between.join(f"{n:,} {severity}" for severity, n in zip(Severity, counts, strict=True) if n)


def spoken(card: VulnerabilityCard) -> str:
    """The whole message for those who see no blocks."""
    ranked, first = _ranked(card), card.worst[0]
    where = named(ranked[0][0], ()) if len(ranked) == 1 else count(len(ranked), "repository")
    lines = [f"{named(name, ())} {_much(counts)}" for name, counts in ranked[:SPOKEN] if len(ranked) > 1]
    lines += filter(None, [_rest(ranked[SPOKEN:])])
    note = bare(card.note).removesuffix(".")
    said = (
        f"{count(card.total, 'vulnerability')} in {where}: {numbers(card.counts)}.",
        f"{_mendable(card)}.",
        f"{'; '.join(lines)}." if lines else "",
        f"Most severe: {bare(first.name, 100)}{_in_many(first, card)}.",
        f"Note: {note}." if note else "",
    )
    return " ".join(filter(None, said))


def repositories(card: VulnerabilityCard, quay_url: str) -> str:
    """Whether it can be mended; if there are several repositories, a line for each with its numbers, worst first."""
    mendable, ranked = f"{_mendable(card)}.", _ranked(card)
    if len(ranked) == 1:
        return mendable
    lines = [f"{linked(quay_url, name)}: {_much(counts)}" for name, counts in ranked[:LINES]]
    shown = fitting(lines)
    return "\n".join([mendable, *shown, *filter(None, [_rest(ranked[len(shown) :])])])


def worst(card: VulnerabilityCard, quay_url: str) -> str:
    """The most severe vulnerabilities, a line each."""
    lines = [
        facts(
            f"{MARKS[one.severity].emoji} {link(one.link, one.name, 100)}{_place(one, card, quay_url)}",
            _FIX[one.fixable],
        )
        for one in card.worst
    ]
    shared = any(_in_all(one, card) for one in card.worst)
    why = ["What is in all repositories may come from their base image."] if shared else []
    return "\n".join(["*Most severe*", *(fitting(lines) or [plain(card.worst[0].name, 100)]), *why])


def times(card: VulnerabilityCard) -> Block:
    """From when to when, and what was odd about a delivery (how late it came, the headline says)."""
    note = "" if card.recovered else plain(card.note)
    lasted = f" to {when(card.last)}" if card.last - card.first >= WORTH_SAYING else ""
    return layout.context(facts(when(card.first) + lasted, f"Note: {note}" if note else ""))


def _ranked(card: VulnerabilityCard) -> list[tuple[str, Counts]]:
    """The repositories, those with the most of the most severe findings first."""
    return sorted(card.repositories.items(), key=lambda one: (tuple(-number for number in one[1]), one[0]))


def _much(counts: Counts) -> str:
    """Say "16 (1 Critical, 15 High)", or "3 Critical" if all are."""
    said = numbers(counts)
    return f"{sum(counts):,} ({said})" if sum(map(bool, counts)) > 1 else said


def _rest(ranked: Sequence[tuple[str, Counts]]) -> str:
    findings = sum(sum(counts) for _, counts in ranked)
    return f"and {count(len(ranked), 'more repository')} with {count(findings, 'finding')}" if ranked else ""


def _mendable(card: VulnerabilityCard) -> str:
    """How many have a fix, and of how many nobody knows."""
    unknown = card.total - card.fixable - card.unfixable
    if unknown == card.total:
        return "Quay does not say whether there are fixes"
    if card.fixable == card.total:
        return "A fix is available for all of them"
    has = f"A fix is available for {card.fixable:,} of them" if card.fixable else "No fix is known yet"
    return f"{has}, Quay does not say for {unknown:,}" if unknown else has


def _place(one: Worst, card: VulnerabilityCard, quay_url: str) -> str:
    """Where it was found: the one place, or in how many."""
    if len(one.repositories) > 1:
        return _in_many(one, card)
    if one.times > 1:
        return f", {one.times:,} times in {linked(quay_url, one.repositories[0])}"
    more = f" (+{one.tags:,} more)" if one.tags else ""
    return f" in {linked(quay_url, one.repositories[0], (one.tag,) if one.tag else ())}{more}"


def _in_many(one: Worst, card: VulnerabilityCard) -> str:
    """In how many repositories; nothing for one."""
    number = len(one.repositories)
    return f" in {'all ' if _in_all(one, card) else ''}{number:,} repositories" if number > 1 else ""


def _in_all(one: Worst, card: VulnerabilityCard) -> bool:
    return len(one.repositories) == len(card.repositories) > 1
