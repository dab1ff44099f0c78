"""What a card remembers: the fold of all events that it tells about. Stored as JSON beside the Slack message."""

from datetime import datetime

from bot.domain.events import (
    BuildMoved,
    Frozen,
    MirrorOutcome,
    MirrorSynced,
    Pushed,
    QuotaCrossed,
    TagsExpiring,
    VulnerabilityFound,
)


class PushCard(Frozen):
    """Tags were pushed, `times` times (Quay's retries and repeated pushes are byte-identical)."""

    event: Pushed
    first: datetime
    last: datetime
    times: int = 1


class BuildCard(Frozen):
    """The build as far as we know it: `known` merges every event's facts, its `phase` never runs backwards."""

    known: BuildMoved
    first: datetime
    last: datetime
    finished: datetime | None = None


class VulnerabilityCard(Frozen):
    """One finding. Copies of it (facts §1.1: N hooks get N copies) change nothing."""

    finding: VulnerabilityFound


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
