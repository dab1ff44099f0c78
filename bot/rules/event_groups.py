"""The events of Quay as people name them: one by one, in groups, and in presets with a filter of their own. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.rules.guessing import closest

_SHOWN = 80  # characters of a word that an error repeats

GROUPS: Mapping[str, tuple[str, ...]] = {
    "pushes": ("repo_push",),
    "builds": ("build_queued", "build_start", "build_success", "build_failure", "build_cancelled"),
    "vulns": ("vulnerability_found",),
    "mirrors": ("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed"),
    "expiry": ("repo_image_expiry",),
    "quota": ("quota_warning", "quota_error"),
}
"""What is told together, in the order in which it is listed everywhere."""

EVENTS: tuple[str, ...] = tuple(event for events in GROUPS.values() for event in events)
OF_NAMESPACES = frozenset(GROUPS["quota"])

_SINGLE: Mapping[str, str] = {"builds:failure": "build_failure", "mirrors:failed": "repo_mirror_sync_failed"}
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("push", "pushed", "tags"), "pushes"),
    **dict.fromkeys(("build",), "builds"),
    **dict.fromkeys(("failures", "failed", "failure", "build:failure", "builds:failed"), "builds:failure"),
    **dict.fromkeys(("vuln", "vulnerability", "vulnerabilities", "cve", "cves", "scans", "findings"), "vulns"),
    **dict.fromkeys(("mirror", "sync", "syncs"), "mirrors"),
    **dict.fromkeys(("mirrors:failure", "mirror:failed", "mirror:failure"), "mirrors:failed"),
    **dict.fromkeys(("expire", "expires", "expiring", "expiration"), "expiry"),
    **dict.fromkeys(("storage", "quotas"), "quota"),
}
"""Words that people write, and what they mean: they are told, not taken, so that each thing has one name."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A list of events that many want, with the filter that goes with it (rules/filters)."""

    events: tuple[str, ...]
    filter: str
    says: str


PRESETS: Mapping[str, Preset] = {
    "quiet": Preset(
        ("build_failure", "vulnerability_found", "repo_mirror_sync_failed", "quota_error"),
        "severity:critical fixable",
        "only what needs somebody: builds and mirrors that fail, critical findings with a fix, refused storage",
    ),
    "team": Preset(
        ("repo_push", *GROUPS["builds"], "vulnerability_found", "repo_mirror_sync_failed", "repo_image_expiry")
        + GROUPS["quota"],
        "severity:high+",
        "what a team lives with: pushes, builds, findings from high on, failing mirrors, expiring tags, quota",
    ),
    "security": Preset(GROUPS["vulns"], "severity:medium+", "every finding from medium on, and nothing else"),
}
DEFAULT = "team"  # who names no events gets these


def ordered(events: Iterable[str]) -> tuple[str, ...]:
    """The same in the order of EVENTS, each once."""
    wanted = frozenset(events)
    return tuple(event for event in EVENTS if event in wanted)


def known(word: str) -> bool:
    """Whether a word names events: a group, one of a group, or Quay's own name."""
    return word in GROUPS or word in _SINGLE or word in EVENTS


def expand(word: str) -> tuple[str, ...]:
    """The events that a word means: a group, `builds:failure`, `mirrors:failed`, or Quay's own name.

    Raises UserError that names the word, and what could be meant.
    """
    name = word.lower()
    if name in _SINGLE:
        return (_SINGLE[name],)
    if name in EVENTS:
        return (name,)
    if name in GROUPS:
        return GROUPS[name]
    guess = meant(name)
    hint = f" Did you mean `{guess}`?" if guess else ""
    raise UserError(f"`{word[:_SHOWN]}` names no events.{hint} There are {listed()}, and Quay's own names.")


def meant(word: str) -> str:
    """The word for events or the preset that somebody may have meant, "" if nothing is like it."""
    return _MEANT.get(word.lower()) or closest(word, (*GROUPS, *_SINGLE, *PRESETS, *EVENTS))


def listed() -> str:
    """The words for events, for people."""
    return ", ".join((*GROUPS, *_SINGLE))


def grouped(events: Iterable[str]) -> tuple[str, ...]:
    """The shortest words that mean exactly these events, in the order of EVENTS."""
    wanted, words = frozenset(events), list[str]()
    names = {event: word for word, event in _SINGLE.items()}
    for group, members in GROUPS.items():
        if wanted.issuperset(members):
            words.append(group)
        else:
            words += [names.get(event, event) for event in members if event in wanted]
    return tuple(words)
