"""What follows from a batch of webhooks: who is told, what is looked up, which builds are followed, what was heard.

Nothing here waits. The pipeline asks the ledger once for each kind of thing, and stores everything with the cards.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.digests import Rhythm
from bot.domain.events import BuildMoved, Event, MirrorOutcome, MirrorSynced, Phase, Pushed
from bot.domain.people import Person
from bot.domain.subscriptions import Lookup, Sought
from bot.ports import Delivery, Hook
from bot.rules.cards.builds import ENDED
from bot.rules.late_hooks import RULE
from bot.rules.routing import Routed, Way, routed
from bot.services.board import Telling
from webhooks.reading import elsewhere

log = structlog.stdlib.get_logger(__name__)

BEAT = timedelta(minutes=10)  # how long an awaited test call may be on its way
SOON = timedelta(seconds=1)  # before a push is looked into: so long others may join its card
LONGEST = timedelta(minutes=30)  # that a scan is waited for
MIRROR_ENDS = ("repo_mirror_sync_success", "repo_mirror_sync_failed")

Read = tuple[Delivery, Event]
Late = tuple[int, str]
"""A delivery, and a channel that has heard what it tells."""
Mend = tuple[str, str]
"""A channel, and the repository whose mirror sync worked."""


@dataclass(slots=True)
class Following:
    """Everything that a batch brings about."""

    tellings: list[Telling] = field(default_factory=list)
    lookups: list[Lookup] = field(default_factory=list)
    builds: dict[tuple[str, str], Person] = field(default_factory=dict)  # to be followed: (repository, id), whose
    heard: dict[str, datetime] = field(default_factory=dict)  # hooks of subscriptions
    beats: set[str] = field(default_factory=set)  # those of them through which an awaited test call came
    tests: set[str] = field(default_factory=set)  # those through which any came


def channels(read: Sequence[Read]) -> frozenset[str]:
    """All channels that may be told something of it."""
    return frozenset(channel for delivery, _ in read for channel in _channels(delivery.hook))


def heard(deliveries: Sequence[Delivery]) -> dict[str, datetime]:
    """When each URL of a subscription was last heard of: whatever the body was, its way is open."""
    times: dict[str, datetime] = {}
    for delivery in deliveries:
        if delivery.hook.subscription:
            times[delivery.hook.id] = max(delivery.received_at, times.get(delivery.hook.id, delivery.received_at))
    return times


def mends(read: Sequence[Read]) -> dict[Mend, datetime]:
    """Mirror syncs that worked: did the one before fail? For each, when the first of the batch came."""
    found: dict[Mend, datetime] = {}
    for delivery, event in read:
        if _worked(event):
            for channel in _channels(delivery.hook):
                found.setdefault((channel, event.repository), event.at)
    return found


def following(
    read: Sequence[Read],
    *,
    rhythms: Mapping[str, Rhythm],
    failed: Mapping[Mend, str],
    now: datetime,
    late: Collection[Late] = (),
) -> Following:
    """`failed`: how the sync before the first one of the batch ended, by channel and repository (Quay's event)."""
    found = Following()
    ends = dict(failed)
    for delivery, event in read:
        hook = delivery.hook
        if event.test:
            found.tests.add(hook.id)
        if _beats(delivery, event) and hook.id not in found.beats:
            found.beats.add(hook.id)
            continue
        ways = {channel: _routed(event, hook, channel, rhythms, now) for channel in _channels(hook)}
        again = {channel: Routed(Way.OUT, RULE) for channel in ways if (delivery.id, channel) in late}
        ways |= {channel: way for channel, way in again.items() if ways[channel].way is not Way.OUT}
        found.tellings += _tellings(delivery, event, ways, ends)
        if elsewhere(event, hook.target):  # nobody's account goes where somebody else's body leads
            continue
        found.lookups += _lookups(delivery, event, ways, now)
        if isinstance(event, BuildMoved) and hook.person and not event.test and event.phase not in ENDED:
            found.builds.setdefault((event.repository, event.build_id), hook.person)
    return found


def _channels(hook: Hook) -> tuple[str, ...]:
    return () if hook.silent else hook.channels


def _beats(delivery: Delivery, event: Event) -> bool:
    """Is it the test call that the bot asked for itself? Nobody has to be told."""
    asked = delivery.hook.beat_at
    return event.test and asked is not None and abs(delivery.received_at - asked) <= BEAT


def _routed(event: Event, hook: Hook, channel: str, rhythms: Mapping[str, Rhythm], now: datetime) -> Routed:
    text = hook.filters.get(channel, "")
    way = routed(event, text, paused_until=hook.paused_until, rhythm=rhythms.get(channel), now=now)
    if way.trouble:  # another version took it
        log.warning("filter_not_understood", filter=text, why=way.trouble)
    if way.way is Way.HOLD and not hook.person:  # nobody can look it up
        return Routed(Way.TELL)
    return way


def _tellings(delivery: Delivery, event: Event, ways: Mapping[str, Routed], ends: dict[Mend, str]) -> list[Telling]:
    """The event for those channels that are told now, and for whoever shows its card already.

    Where a mirror works again, its card says so: that depends on what the channel has heard before.
    """
    if ways and all(way.way is Way.HOLD for way in ways.values()):
        return []
    mended = [channel for channel in ways if _mended(event, channel, ends)]
    told = [channel for channel, way in ways.items() if way.way is Way.TELL]
    filtered = {channel: way.rule for channel, way in ways.items() if way.way is Way.OUT}
    again = tuple(channel for channel in told if channel in mended)
    others = tuple(channel for channel in told if channel not in mended)
    about: list[tuple[Event, tuple[str, ...], dict[str, str]]] = []
    about += [(event.model_copy(update={"fixed": True}), again, {})] if again else []
    about += [(event, others, filtered)] if others or filtered or not again else []
    name, hook = f"delivery:{delivery.id}", delivery.hook
    follow = not elsewhere(event, hook.target)  # else it would change what others are told about another repository
    return [
        Telling(
            one,
            places,
            name,
            delivery=delivery.id,
            filtered=out,
            layout=hook.layout,
            follow=follow,
            subscription=hook.subscription,
        )
        for one, places, out in about
    ]


def _mended(event: Event, channel: str, ends: dict[Mend, str]) -> bool:
    """Did the sync before it fail, as far as the channel has heard? From now on, this is the one before."""
    if event.test or event.kind not in MIRROR_ENDS:
        return False
    before = ends.get((channel, event.repository), "")
    ends[channel, event.repository] = event.kind
    return _worked(event) and before == "repo_mirror_sync_failed"


def _worked(event: Event) -> bool:
    return isinstance(event, MirrorSynced) and event.outcome is MirrorOutcome.SUCCESS and not event.test


def _lookups(delivery: Delivery, event: Event, ways: Mapping[str, Routed], now: datetime) -> list[Lookup]:
    """What Quay has to be asked, for each channel that is told now or later."""
    sought = _sought(event)
    if sought is None or delivery.hook.person is None:
        return []
    return [
        Lookup(
            sought=sought,
            subscription=delivery.hook.subscription,
            channel=channel,
            repository=event.repository,
            delivery=delivery.id,
            event=event.model_dump_json(),
            at=event.at,
            due_at=now if way.way is Way.HOLD else now + SOON,
            last_at=event.at + LONGEST,
            held=way.way is Way.HOLD,
        )
        for channel, way in ways.items()
        if way.way is not Way.OUT
    ]


def _sought(event: Event) -> Sought | None:
    if event.test:
        return None
    if isinstance(event, Pushed):
        return Sought.PUSH
    built = isinstance(event, BuildMoved) and event.phase is Phase.COMPLETE
    return Sought.BUILD if built else None
