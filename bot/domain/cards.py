"""What a card remembers: the fold of all events that it tells about. Stored as JSON beside the Slack message.

A card of many things stays small: it counts all of them, shows the first few, and the list is elsewhere (domain/trail).
"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.events import (
    BuildMoved,
    Frozen,
    MirrorOutcome,
    MirrorSynced,
    Pushed,
    PushFacts,
    QuotaCrossed,
    Severity,
    TagsExpiring,
    VulnerabilityFound,
)

Counts = tuple[int, int, int, int, int, int]
"""How many findings of each severity, in the order of `Severity`."""


class PushCard(Frozen):
    """Tags of one repository were pushed, `pushes` times (Quay's retries and repeated pushes are byte-identical)."""

    event: Pushed  # the first push; its tags are below
    last: datetime
    pushes: int = 1
    distinct: int  # tags, each once
    tags: Mapping[str, int]  # how often each was pushed: the first few of them, in their order
    facts: Mapping[str, PushFacts] = {}  # what was looked up about these, as far as it is known


class BuildCard(Frozen):
    """The build as far as we know it: `known` merges every event's facts, its `phase` never runs backwards."""

    known: BuildMoved
    first: datetime
    last: datetime
    finished: datetime | None = None


class Worst(Frozen):
    """One vulnerability with everything that was found of it. The link and the tag are those of one such place."""

    name: str
    severity: Severity
    fixable: bool | None
    times: int = 1  # findings
    repositories: tuple[str, ...]  # each once, in alphabetical order
    tag: str  # of the first repository; empty if Quay named none
    tags: int  # how many there are beside it
    link: str = ""


class VulnerabilityCard(Frozen):
    """Findings, each counted once: copies (facts §1.1: N hooks get N copies) change nothing."""

    first: datetime
    last: datetime
    repositories: Mapping[str, Counts]
    counts: Counts  # over all of them
    fixable: int  # findings with a fix
    unfixable: int  # findings without one; of the others Quay does not say
    worst: tuple[Worst, ...]  # the most severe vulnerabilities, most severe first
    finding: VulnerabilityFound | None = None  # while it is the only one
    note: str = ""
    recovered: bool = False  # all of them came late, found out by the bot itself

    @property
    def total(self) -> int:
        """How many findings."""
        return sum(self.counts)


class MirrorCard(Frozen):
    """One sync: `outcome` is STARTED until it ends; a late "started" never re-opens it."""

    known: MirrorSynced
    outcome: MirrorOutcome
    started: datetime | None = None
    finished: datetime | None = None


class ExpiryCard(Frozen):
    """Tags that expire soon."""

    event: TagsExpiring


class QuotaCard(Frozen):
    """A namespace's storage."""

    event: QuotaCrossed


Card = PushCard | BuildCard | VulnerabilityCard | MirrorCard | ExpiryCard | QuotaCard
