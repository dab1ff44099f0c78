"""Findings: those of one repository, of one vulnerability or of one wave share a card, and each counts once.

With N notifications every finding comes N times (facts §1.1), and Quay sends one call for each vulnerability of each
manifest. A finding is the same if its repository, its vulnerability and its tags are. Those that came late, because the
bot found them out by itself, are apart from the others.
"""

from datetime import timedelta
from hashlib import sha256

from bot.domain.cards import Counts, VulnerabilityCard
from bot.domain.events import Severity, VulnerabilityFound
from bot.domain.trail import Item
from bot.rules.events import card_key, clipped_list, near, never_final
from bot.rules.worst import with_finding

QUIET = timedelta(minutes=10)
WAVE_QUIET = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
UNNOTICED = timedelta(minutes=5)  # after its post, nobody looks at a card again by themselves
MOST_REPOSITORIES = 200
MOST_FINDINGS = 20_000
TAGS, DESCRIPTION = 1_000, 300  # characters of them that the list has
WAVE = card_key("vulnerability", "wave")
FIX = {True: "yes", False: "no", None: ""}
WEIGHTS: Counts = (9, 8, 6, 3, 1, 2)  # in the order of `Severity`

_PLACES = {severity: place for place, severity in enumerate(Severity)}
_NONE: Counts = (0, 0, 0, 0, 0, 0)

final = never_final


def names(event: VulnerabilityFound) -> tuple[str, ...]:
    """Its repository; the vulnerability, in whatever repository; and whatever comes in at the same time."""
    if event.recovered:
        return (card_key("vulnerability", "recovered", event.repository),)
    repository = card_key("vulnerability", "repo", event.repository)
    return (repository, card_key("vulnerability", "cve", event.known_as), WAVE)


def belongs(card: VulnerabilityCard, event: VulnerabilityFound, name: str) -> bool:
    """Is it near enough to the others?"""
    return near(event.at, card.first, card.last, WAVE_QUIET if name == WAVE else QUIET)


def room(card: VulnerabilityCard, event: VulnerabilityFound) -> bool:
    """Is there room on the card, in time and in number? (What is on it already needs none.)

    An edit rings no bell: what is worse than everything on a card that people have seen some time ago begins a new one.
    """
    if event.at - card.first >= UNNOTICED and _PLACES[event.severity] < _worst_place(card):
        return False
    if max(card.last, event.at) - min(card.first, event.at) > LONGEST or card.total >= MOST_FINDINGS:
        return False
    return event.repository in card.repositories or len(card.repositories) < MOST_REPOSITORIES


def items(event: VulnerabilityFound) -> tuple[Item, ...]:
    """The finding, as a line of the list."""
    exact = "\0".join((event.repository, event.vulnerability.strip(), *sorted(set(event.tags))))
    data = {
        "severity": event.severity.value,
        "vulnerability": event.known_as,
        "repository": event.repository,
        "tags": _worded(event.tags),
        "fixable": FIX[event.fixable],
        "link": event.links[0] if event.links else "",
        "at": event.at.isoformat(),
        "description": event.description[:DESCRIPTION],
    }
    return (Item(sha256(exact.encode(errors="surrogatepass")).hexdigest(), data),)


def fold(card: VulnerabilityCard | None, event: VulnerabilityFound, fresh: tuple[Item, ...]) -> VulnerabilityCard:
    """Count it, unless the card has it already."""
    if card is not None and not fresh:
        return card
    before = card or _empty(event)
    there = before.repositories.get(event.repository, _NONE)
    return before.model_copy(
        update={
            "first": min(before.first, event.at),
            "last": max(before.last, event.at),
            "repositories": {**before.repositories, event.repository: _more(there, event.severity)},
            "counts": _more(before.counts, event.severity),
            "fixable": before.fixable + (event.fixable is True),
            "unfixable": before.unfixable + (event.fixable is False),
            "worst": with_finding(before.worst, event),
            "finding": event if card is None else None,
            "note": max(before.note, event.note),
            "recovered": event.recovered,
        }
    )


def listed(card: VulnerabilityCard) -> int:
    """How many findings."""
    return card.total


def weight(card: VulnerabilityCard) -> int:
    """That of the most severe one."""
    return max((weight for weight, number in zip(WEIGHTS, card.counts, strict=True) if number), default=0)


def _empty(event: VulnerabilityFound) -> VulnerabilityCard:
    """The card as it was before its first finding."""
    at = event.at
    return VulnerabilityCard(first=at, last=at, repositories={}, counts=_NONE, fixable=0, unfixable=0, worst=())


def _worded(tags: tuple[str, ...]) -> str:
    """The tags as a column of the list, which is never long."""
    listed = clipped_list(tags, TAGS)
    more = len(tags) - len(listed)
    return " ".join(listed) + (f" and {more:,} more" if more else "")


def _worst_place(card: VulnerabilityCard) -> int:
    return next((place for place, number in enumerate(card.counts) if number), len(card.counts))


def _more(counts: Counts, severity: Severity) -> Counts:
    place = _PLACES[severity]
    one, two, three, four, five, six = (number + (at == place) for at, number in enumerate(counts))
    return one, two, three, four, five, six
