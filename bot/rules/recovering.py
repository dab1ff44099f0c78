"""What was missed: what happened in Quay and of which nothing came, as the trail of a channel has it. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from bot.domain.events import BuildMoved, Event, MirrorSynced, Pushed, TagsExpiring, VulnerabilityFound
from bot.rules.events import card_key, named
from bot.rules.pairing import unpaired

TEST = "test"
POLLED = "build_polled"
_SAMPLE = frozenset({"latest", "foo"})  # the tags of the test button's push, in one body (facts §1.2)
_ORDER = {"build_queued": 0, "build_start": 1}  # the others are ends, and nothing comes after them
_END = 2


class Arrived(Protocol):
    """An entry of the trail, as ports.Received is."""

    @property
    def kind(self) -> str:
        """Quay's event name, or what the bot calls what it found out by itself."""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags it is about."""

    @property
    def at(self) -> datetime:
        """When it came."""

    @property
    def item(self) -> str:
        """What `thing` said of it."""

    @property
    def about(self) -> str:
        """The name of the finding, "" for other things."""

    @property
    def via(self) -> str:
        """Which way it came: each event comes once by each, and copies of it by others."""


def missed(happened: Sequence[Event], received: Sequence[Arrived]) -> tuple[Event, ...]:
    """Those of which nothing arrived, oldest first; of several tags in one event those that are missing.

    A push and a mirror sync need an arrival of their own, soon after them; what came by different ways are copies, so
    each way is compared by itself. A build needs one of its present state or of
    a later one; a build that the bot follows needs none. A tag that expires and a finding need to have been named.
    """
    real = [one for one in received if one.item != TEST]
    left = [
        *_pushes([one for one in happened if isinstance(one, Pushed)], _arrivals(real)),
        *_mirrors([one for one in happened if isinstance(one, MirrorSynced)], real),
        *(one for one in happened if isinstance(one, BuildMoved) and not _build_told(one, real)),
        *_expiring([one for one in happened if isinstance(one, TagsExpiring)], real),
        *_findings([one for one in happened if isinstance(one, VulnerabilityFound)], real),
    ]
    return tuple(sorted(left, key=lambda one: (one.at, one.kind, key(one))))


def asked(wanted: Sequence[str], lost: Collection[str]) -> tuple[str, ...]:
    """Which of the events that are wanted may have been missed, if the notifications of `lost` were not in order.

    One about builds stands for all of them: Quay sends nothing for a build that fails at its first attempt (facts
    §1.1), so no notification ever shows that this was missed, and a build that did not begin cannot be heard to end.
    """
    builds = any(map(is_build, lost))
    return tuple(event for event in wanted if event in lost or (builds and is_build(event)))


def is_build(event: str) -> bool:
    """Whether it is one of a build's, or what the bot calls what it has seen of one by itself."""
    return event.startswith("build_")


def thing(event: Event) -> str:
    """What the trail calls the thing that an event is about, where that is no item of a list: a build; "" for others.

    Of a test it says that it was one: it stands for nothing that happened.
    """
    if event.test:
        return TEST
    return card_key("build", event.build_id) if isinstance(event, BuildMoved) else ""


def key(event: Event) -> str:
    """The same for the same happening, however often it is looked up: it is recovered once in a channel."""
    at = str(int(event.at.timestamp()))
    match event:
        case Pushed():
            digests = ",".join(sorted({facts.digest for facts in event.facts}))
            return card_key(event.kind, event.repository, named(event.tags), digests, at)
        case BuildMoved():
            return card_key(event.kind, event.build_id)
        case TagsExpiring():
            return card_key(event.kind, event.repository, named(event.tags))
        case VulnerabilityFound():
            return card_key(event.kind, event.repository, event.known_as, named(event.tags))
        case _:
            return card_key(event.kind, event.repository or event.namespace, at)


def late_note(at: datetime, now: datetime) -> str:
    """How late it is told: "recovered, 14 min late"."""
    seconds = max(int((now - at).total_seconds()), 0)
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 1:
        return f"recovered, {seconds} s late"
    if minutes < 60:
        return f"recovered, {minutes} min late"
    return f"recovered, {hours} h late" if hours < 48 else f"recovered, {hours // 24} days late"


def _arrivals(received: Iterable[Arrived]) -> dict[str, list[Arrived]]:
    """The pushes of each tag that came, without those of the test button."""
    together, found = defaultdict[tuple[str, datetime], set[str]](set), defaultdict[str, list[Arrived]](list)
    pushes = [one for one in received if one.kind == "repo_push"]
    for one in pushes:
        together[one.via, one.at] |= set(one.tags)
    for one in pushes:
        for tag in dict.fromkeys(one.tags):
            if not (tag in _SAMPLE and together[one.via, one.at] >= _SAMPLE):
                found[tag].append(one)
    return found


def _lost(moments: Sequence[datetime], arrived: Iterable[Arrived]) -> frozenset[int]:
    """The places of those for which nothing came by any way."""
    ways = defaultdict[str, list[datetime]](list)
    for one in arrived:
        ways[one.via].append(one.at)
    every = frozenset(range(len(moments)))
    return every.intersection(*(unpaired(moments, times) for times in ways.values()))


def _pushes(happened: Sequence[Pushed], arrived: dict[str, list[Arrived]]) -> list[Pushed]:
    ordered = sorted(happened, key=lambda one: (one.at, key(one)))
    tags = defaultdict[str, list[int]](list)
    for place, event in enumerate(ordered):
        for tag in dict.fromkeys(event.tags):
            tags[tag].append(place)
    lost = defaultdict[int, set[str]](set)
    for tag, places in tags.items():
        for number in _lost([ordered[place].at for place in places], arrived.get(tag, ())):
            lost[places[number]].add(tag)
    return [_only(ordered[place], lost[place]) for place in sorted(lost)]


def _only(event: Pushed, tags: set[str]) -> Pushed:
    facts = tuple(one for one in event.facts if one.tag in tags)
    return event.model_copy(update={"tags": tuple(tag for tag in event.tags if tag in tags), "facts": facts})


def _mirrors(happened: Sequence[MirrorSynced], received: Sequence[Arrived]) -> list[MirrorSynced]:
    """A sync without a message is only how the mirror is now: no news if the last thing that came said the same."""
    syncs = sorted((one for one in received if one.kind.startswith("repo_mirror_sync_")), key=lambda one: one.at)
    last = syncs[-1].kind if syncs else ""
    found = [one for one in happened if not one.message and one.kind != last]
    for kind in sorted({one.kind for one in happened}):
        told = sorted((one for one in happened if one.kind == kind and one.message), key=lambda one: one.at)
        lost = _lost([one.at for one in told], [one for one in syncs if one.kind == kind])
        found += [told[place] for place in sorted(lost)]
    return found


def _build_told(event: BuildMoved, received: Iterable[Arrived]) -> bool:
    mine, reached = thing(event), _ORDER.get(event.kind, _END)
    kinds = {one.kind for one in received if one.item == mine}
    later = any(_ORDER.get(kind, _END) > reached for kind in kinds)
    return later or bool(kinds & {event.kind, POLLED})


def _expiring(happened: Iterable[TagsExpiring], received: Iterable[Arrived]) -> list[TagsExpiring]:
    told = {tag for one in received if one.kind == "repo_image_expiry" for tag in one.tags}
    left = [(one, tuple(tag for tag in one.tags if tag not in told)) for one in happened]
    return [one.model_copy(update={"tags": tags}) for one, tags in left if tags]


def _findings(happened: Iterable[VulnerabilityFound], received: Iterable[Arrived]) -> list[VulnerabilityFound]:
    told = {one.about for one in received if one.kind == "vulnerability_found"}
    return [one for one in happened if one.known_as not in told]


def whole_seconds(at: datetime) -> datetime:
    """The same as Quay tells it: in whole seconds, in UTC."""
    return at.astimezone(UTC).replace(microsecond=0)
