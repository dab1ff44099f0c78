"""One look at one gap: what happened in it, of which nothing came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.events import BuildMoved, Event, VulnerabilityFound
from bot.domain.subscriptions import Gap, Subscription
from bot.ports import Quay, Subscriptions, Trail
from bot.rules.filters import parse
from bot.rules.recovering import POLLED, asked, missed
from bot.services.upkeep.findings import Known, known_now, known_since, news, scans, unlearned
from bot.services.upkeep.past import past

SETTLED = timedelta(seconds=30)  # what is younger may still be on its way (facts §1.3)
BUILDING = timedelta(hours=12)  # so long before a gap a build may have begun that ended in it
SYNCS = timedelta(days=7)  # so far back the last word of a mirror is looked for
REMEMBERED = timedelta(days=30)  # after that nobody knows which findings were told: the trail forgets
MARGIN = timedelta(minutes=1)
FINDINGS, _EXPIRY = "vulnerability_found", "repo_image_expiry"
_BUILDS = ("build_queued", "build_start", "build_success", "build_failure", "build_cancelled", POLLED)
_SYNCS = ("repo_mirror_sync_started", "repo_mirror_sync_success", "repo_mirror_sync_failed")
_RUNNING = frozenset({"build_queued", "build_start"})


@dataclass(frozen=True, slots=True)
class Missed:
    """`events` of which nothing came, oldest first. `running`: a build goes on whose end may not be told.

    `known` is what is to be kept about scans, None if nothing was looked at.
    """

    events: tuple[Event, ...]
    running: bool = False
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class GapLook:
    """Compares what Quay tells of a time with what the channel's trail has of it."""

    subscriptions: Subscriptions
    trail: Trail
    quay: Quay
    now: datetime

    async def missed(self, subscription: Subscription, gap: Gap) -> Missed:
        """Raises what Quay's calls raise."""
        wanted = subscription.wanted
        events = asked(wanted.events, gap.events)
        until = min(gap.until, self.now - SETTLED)
        oldest = min(gap.since, until - timedelta(days=wanted.days)) if _EXPIRY in events else gap.since
        happened: list[Event] = []
        running = False
        if gap.since < until:
            happened = await self._happened(subscription, gap, events, until, oldest)
            running = any(one.kind in _RUNNING for one in happened) and bool(set(events) & (set(_BUILDS) - _RUNNING))
            happened = [one for one in happened if one.kind in events]
        before, known, found = await self._findings(subscription, gap, events)
        kinds, back = {*events}, [oldest - MARGIN, *filter(None, (known_since(before),))]
        if kinds.intersection(_BUILDS):
            kinds.update(_BUILDS)
            back.append(gap.since - BUILDING)
        if kinds.intersection(_SYNCS):
            kinds.update(_SYNCS)
            back.append(gap.since - SYNCS)
        received = await self.trail.received(
            subscription.channel, gap.target, kinds, min(back), subscription=subscription.name
        )
        left = missed((*happened, *found), received)
        if known is not None and gap.since == gap.until:  # what has not come may still come, or be missed then
            late = {one.vulnerability for one in left if isinstance(one, VulnerabilityFound)}
            return Missed((), known=unlearned(known, before, late))
        return Missed(tuple(_not_before(one, gap.since) for one in left), running, known)

    async def _happened(
        self, subscription: Subscription, gap: Gap, events: Iterable[str], until: datetime, oldest: datetime
    ) -> list[Event]:
        """What Quay tells of it. Builds and tags that expire may have begun before the gap.

        But no build is told that ended before anybody subscribed.
        """
        days = subscription.wanted.days
        builds = {event for event in events if event in _BUILDS}
        plain = {event for event in events if event not in builds and event not in (_EXPIRY, FINDINGS)}
        found: list[Event] = []
        if plain:
            found += (await past(self.quay, gap.target, plain, gap.since, until)).events
        if builds:
            since = min(gap.since, max(subscription.created_at, gap.since - BUILDING))
            found += (await past(self.quay, gap.target, builds | _RUNNING, since, until)).events
        if _EXPIRY in events:
            found += (await past(self.quay, gap.target, {_EXPIRY}, oldest, until, days=days)).events
        return found

    async def _findings(
        self, subscription: Subscription, gap: Gap, events: Iterable[str]
    ) -> tuple[Known | None, Known | None, list[Event]]:
        """What was kept, what to keep, and what is new.

        What the filter keeps out Quay would most often not have sent: it is left out without a word. A gap without
        length is there to have a whole look stored.
        """
        if FINDINGS not in events or "/" not in gap.target:
            return None, None, []
        before = await self.subscriptions.baseline(subscription.name, gap.target)
        seen = await scans(self.quay, gap.target)
        filter_, since = parse(subscription.wanted.filter), known_since(before)
        if since is None or self.now - since > REMEMBERED:
            return None, known_now(seen, self.now), []
        found = news(gap.target, before, seen, gap.since, strangers=gap.since < gap.until)
        passing: list[Event] = [one for one in found if filter_.refusal(one) is None]
        return before, known_now(seen, self.now), passing


def _not_before(event: Event, since: datetime) -> Event:
    """Of a build it is not told when it ended, and of a warning not when it was due: at the gap's beginning, then."""
    timed = isinstance(event, BuildMoved) or event.kind == _EXPIRY
    return event.model_copy(update={"at": since}) if timed and event.at < since else event
