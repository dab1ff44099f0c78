"""What happened in the registry, in our own words: one frozen type for each thing that can happen.

`webhooks/kinds` turns Quay's bodies into these, the build watcher makes some of them from what it polls, and from here
on nobody sees a key of Quay's JSON again. All strings are foreign text: they are escaped where they are worded.
"""

import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

_PUBLIC_NAME = re.compile(
    r"\b(?:CVE-\d{4}-\d{4,}|RHSA-\d{4}(?::|%3A)\d+|GHSA(?:-[0-9a-z]{4}){3})\b", re.ASCII | re.IGNORECASE
)


class Frozen(BaseModel):
    """A value that cannot change and knows no other fields than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Frozen):
    """Common to all. `repository` is "namespace/name", or empty for events of a whole namespace (quota)."""

    kind: str  # Quay's event name, e.g. "repo_push"
    namespace: str
    repository: str = ""
    at: datetime  # when we received it (UTC); Quay sends no time
    test: bool = False  # made by the "test notification" button
    note: str = ""  # something odd about the delivery that the reader should know, in our own words
    recovered: bool = False  # its webhook never came: the bot found it out later, and `at` is when it happened


class PushFacts(Frozen):
    """What was found out about a pushed tag, beyond the webhook. Empty and None: not known.

    `architectures` are platforms of an index ("linux/arm64"). `size` is in bytes, `grew` against the image that the
    tag had before (`before`, a digest). `by` is the account that pushed. `same_as` is another tag with this image.
    `scan` is Quay's word ("queued", "scanned", "unsupported", …), `findings` how many of each severity, in the order of
    `Severity`; `gained` and `lost` are names of vulnerabilities against the image before, None if it was not compared.
    `unnamed`: how many platforms, gained and lost names are left out of these lists, where only the first are kept.
    """

    tag: str
    digest: str = ""
    before: str = ""
    architectures: tuple[str, ...] = ()
    size: int | None = None
    grew: int | None = None
    by: str = ""
    same_as: str = ""
    scan: str = ""
    findings: tuple[int, int, int, int, int, int] | None = None
    gained: tuple[str, ...] | None = None
    lost: tuple[str, ...] | None = None
    unnamed: tuple[int, int, int] = (0, 0, 0)


class Pushed(Event):
    """Tags were pushed. Quay names neither digest nor pusher (quay facts §1.2): `by` and `facts` are looked up."""

    tags: tuple[str, ...]
    by: str = ""
    facts: tuple[PushFacts, ...] = ()


class Phase(StrEnum):
    """Quay's build phases (quay facts §3.3), as the API words them."""

    WAITING = "waiting"
    SCHEDULED = "build-scheduled"
    UNPACKING = "unpacking"
    PULLING = "pulling"
    BUILDING = "building"
    PUSHING = "pushing"
    COMPLETE = "complete"
    ERROR = "error"
    INTERNAL_ERROR = "internalerror"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "cannot_load"


class Progress(Frozen):
    """How far a running build is: `step` of `steps` Dockerfile commands (0 of 0 when Quay does not say)."""

    step: int = 0
    steps: int = 0
    pushed: float | None = None  # 0..1 of the push, when it is under way


class BuildMoved(Event):
    """A build is in `phase`. `polled` facts are read from the API and true now; webhook facts may be late (§1.3)."""

    build_id: str
    phase: Phase
    polled: bool = False
    name: str = ""
    tags: tuple[str, ...] = ()
    trigger: str = ""  # service of the trigger ("github", "custom-git", …), empty for manual builds
    ref: str = ""
    commit: str = ""
    commit_url: str = ""
    commit_message: str = ""
    author: str = ""
    requested_by: str = ""  # Quay account
    error: str = ""
    progress: Progress | None = None
    log_tail: tuple[str, ...] = ()  # last lines of the failing step, oldest first
    fixed: bool = False  # it succeeded, and the one before it had failed
    failed_before: str = ""  # the id of that one, if it is known


class Severity(StrEnum):
    """Normalized severities, most severe first, with Quay's index (`level`) as position."""

    CRITICAL = "Critical"
    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"
    NEGLIGIBLE = "Negligible"
    UNKNOWN = "Unknown"


class VulnerabilityFound(Event):
    """The scanner found something in the manifest under `tags` (digests for untagged manifests)."""

    tags: tuple[str, ...]
    vulnerability: str  # CVE name, or the scanner's own number for findings of a first index
    severity: Severity
    severity_word: str = ""  # the vendor's raw word, where it is not one of ours
    description: str = ""
    links: tuple[str, ...] = ()
    fixable: bool | None = None
    first_index: bool = False

    @property
    def known_as(self) -> str:
        """What people call it. First indexes send the scanner's own number (facts §1.2), which nobody knows."""
        name = self.vulnerability.strip()
        if not name.isdecimal():
            return name or "a vulnerability"
        found = filter(None, map(_PUBLIC_NAME.search, (*self.links, self.description)))
        return next((one[0].replace("%3A", ":").replace("%3a", ":") for one in found), f"finding {name}")


class MirrorOutcome(StrEnum):
    """Where a mirror sync is."""

    STARTED = "started"
    SUCCESS = "success"
    FAILED = "failed"


class MirrorSynced(Event):
    """A repository mirror sync began or ended. `message` is free text, often long and of many lines."""

    outcome: MirrorOutcome
    message: str = ""
    fixed: bool = False  # it succeeded, and the one before it had failed


class TagsExpiring(Event):
    """Tags expire soon. `expiring_in` is the configured distance ("5 days"), not the real one (§1.2)."""

    tags: tuple[str, ...]
    expiring_in: str = ""


class QuotaCrossed(Event):
    """Storage of a namespace crossed a limit. `rejecting`: pushes are refused now. None: the body did not say."""

    rejecting: bool
    threshold_percent: float | None = None
    usage_percent: float | None = None
    usage_bytes: int | None = None
    limit_bytes: int | None = None
    usage: str = ""  # as Quay formats it
    limit: str = ""
