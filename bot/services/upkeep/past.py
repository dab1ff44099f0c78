"""What happened in a repository, read from Quay afterwards: tags, builds and mirror syncs as events."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import GiveUp, UserError
from bot.domain.events import Event
from bot.domain.images import PAGE_ROWS
from bot.ports import Quay
from bot.services.upkeep.past_log import MOST_CALLS, PastLog, past_log
from bot.services.upkeep.past_others import (
    MOST_BUILDS,
    MOST_PAGES,
    builds,
    expiring,
    living_tags,
    mirror_now,
    mirror_syncs,
)
from bot.services.upkeep.past_pushes import past_rows, pushes
from bot.services.upkeep.past_steps import build_steps, unsure

MARGIN = timedelta(seconds=30)  # an entry of the log is written a moment before or after what it is about
DAYS = 7  # before their end Quay warns of tags, if nobody says otherwise (domain/subscriptions)
_QUOTA = frozenset({"quota_warning", "quota_error"})


@dataclass(frozen=True, slots=True)
class Past:
    """Events of a time, oldest first, each with `recovered`; `at` is when it happened.

    Of a build that is when it was asked for. `untold` are sentences about what Quay does not tell afterwards ("Findings
    cannot be counted …").
    """

    events: tuple[Event, ...]
    untold: tuple[str, ...] = ()


async def past(  # noqa: PLR0913  # a look at the past has that many bounds
    quay: Quay,
    target: str,
    events: Collection[str],
    since: datetime,
    until: datetime,
    *,
    most: int = 2_000,
    days: int = DAYS,
    steps: bool = False,
) -> Past:
    """The events of these kinds (Quay's names) about a repository in that time, at most the newest `most` pushes.

    Pushes come from the history of all tags, with their facts as far as that tells them, and with the pusher where the
    usage log may be read; builds from Quay's list, each as it is now, or with all of its events (`steps`); mirror syncs
    from the usage log, or from how the mirror is now; tags that expire from those that live and end within `days`.
    Raises what Quay's calls raise, but for the usage log: whoever may not read it gets the rest.
    """
    if "/" not in target:
        return Past((), (_QUOTA_UNTOLD,) if _QUOTA.intersection(events) else ())
    looked = _Look(quay, target, frozenset(events), since, until, steps)
    await looked.pushes(most)
    await looked.builds()
    await looked.mirrors()
    await looked.expiry(days)
    if "vulnerability_found" in events:
        looked.untold.append(_FINDINGS_UNTOLD)
    found = sorted(looked.found, key=lambda event: event.at)  # the steps of a build stay in their order
    return Past(tuple(found), tuple(dict.fromkeys(looked.untold)))


@dataclass(slots=True)
class _Look:
    """One look at a repository: what is found and what is not told, while it is going on."""

    quay: Quay
    target: str
    events: frozenset[str]
    since: datetime
    until: datetime
    steps: bool = False
    found: list[Event] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    _log: PastLog | None = None

    async def pushes(self, most: int) -> None:
        """From the history of all tags, and the log beside it."""
        if "repo_push" not in self.events:
            return
        rows = await past_rows(self.quay, self.target, self.since, most)
        log = await self._logged()
        self.found += pushes(self.target, rows.rows, log.entries, self.since, self.until)
        if not rows.whole:
            self.untold.append(f"Only the newest {len(rows.rows):,} changes of tags were looked at.")
        if not log.readable:
            self.untold.append(_LOG_UNTOLD)
        elif not log.whole:
            self.untold.append(_LOG_SHORT)

    async def builds(self) -> None:
        """From Quay's list."""
        if not any(event.startswith("build_") for event in self.events):
            return
        listed = await self.quay.builds(self.target, limit=MOST_BUILDS)
        told = build_steps if self.steps else builds
        self.found += told(listed, self.events, self.since, self.until)
        if self.steps and unsure(listed, self.events, self.since, self.until):
            self.untold.append(_STARTS_UNTOLD)
        oldest = listed[-1].started if listed else None
        if len(listed) >= MOST_BUILDS and (oldest is None or oldest > self.since):
            self.untold.append(f"Only the newest {MOST_BUILDS} builds were looked at.")

    async def mirrors(self) -> None:
        """From the log, or from how the mirror is now."""
        if not any(event.startswith("repo_mirror_") for event in self.events):
            return
        log = await self._logged()
        self.found += mirror_syncs(self.target, log.entries, self.events, self.since, self.until)
        if log.readable:
            self.untold += () if log.whole else (_LOG_SHORT,)
            return
        self.untold.append(_SYNCS_UNTOLD)
        try:
            self.found += await mirror_now(self.quay, self.target, self.events, self.until)
        except (UserError, GiveUp):  # it takes the same role as the log
            return

    async def expiry(self, days: int) -> None:
        """From the tags that live."""
        if "repo_image_expiry" in self.events:
            self.untold.append(_EXPIRY_UNTOLD)
            rows = await living_tags(self.quay, self.target)
            if len(rows) >= MOST_PAGES * PAGE_ROWS:
                self.untold.append(f"Only the newest {len(rows):,} tags were looked at for their end.")
            self.found += expiring(self.target, rows, days, self.since, self.until)

    async def _logged(self) -> PastLog:
        if self._log is None:
            self._log = await past_log(
                self.quay, self.target, self.since - MARGIN, self.until + MARGIN, most_calls=MOST_CALLS
            )
        return self._log


_FINDINGS_UNTOLD = "Findings cannot be counted: Quay does not tell afterwards when the scanner reported them."
_STARTS_UNTOLD = (
    "Quay does not tell afterwards whether builds that failed or were cancelled had begun, so some of their starts are "
    "not counted."
)
_EXPIRY_UNTOLD = "Of tags that expire, only those that are still there are counted."
_QUOTA_UNTOLD = "Storage cannot be counted: Quay does not tell afterwards when it crossed a limit."
_LOG_UNTOLD = (
    "Quay's usage log cannot be read with this account, so nobody knows who pushed, and tags that were moved by hand "
    "count as pushes."
)
_LOG_SHORT = "Quay's usage log is long here, so only its newest entries were looked at."
_SYNCS_UNTOLD = "Quay's usage log cannot be read with this account, so of mirror syncs only the last one is known."
