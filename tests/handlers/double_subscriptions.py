"""Hand-written neighbours around subscriptions: what channels want, its parts at Quay, and the work behind it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from bot.domain.digests import Rhythm
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.domain.subscriptions import Part, State, Subscription
from bot.ports import Channel
from bot.services.upkeep import Tended


@dataclass
class FakeChannels:
    """What was decided about channels, by id."""

    kept: dict[str, Channel] = field(default_factory=dict)

    async def of(self, channel: str) -> Channel:
        return self.kept.get(channel, Channel(channel))

    async def all(self) -> tuple[Channel, ...]:
        return tuple(self.kept.values())

    async def keep(self, channel: Channel) -> None:
        self.kept[channel.id] = replace(channel, rhythm=(await self.of(channel.id)).rhythm)

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        now = await self.of(channel)
        if now.rhythm != before:
            return False
        self.kept[channel] = replace(now, rhythm=after)
        return True


@dataclass
class FakeSubscriptions:
    """Subscriptions by name, parts by hook. `hurried` are the names that somebody was in a hurry about."""

    kept: dict[str, Subscription] = field(default_factory=dict)
    pieces: dict[str, Part] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)  # hooks by the hash of their token
    hurried: list[str] = field(default_factory=list)
    beats: list[tuple[str, datetime]] = field(default_factory=list)
    baselines: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    next_at: dict[str, datetime] = field(default_factory=dict)

    def has(self, subscription: Subscription, *parts: Part) -> Subscription:
        """One that is there already, with its parts."""
        self.kept[subscription.name] = subscription
        self.pieces.update({part.hook: part for part in parts})
        return subscription

    async def add(self, subscription: Subscription, now: datetime) -> bool:
        same = await self.all(channel=subscription.channel)
        if subscription.name in self.kept or any(one.wanted.target == subscription.wanted.target for one in same):
            return False
        self.kept[subscription.name] = subscription
        self.next_at[subscription.name] = now
        return True

    async def change(self, before: Subscription, after: Subscription, now: datetime, *, check: bool = True) -> bool:
        old = self.kept.get(before.name)
        names = [one.name for one in fields(Subscription) if getattr(before, one.name) != getattr(after, one.name)]
        same = ("wanted", "person", *(["paused_until"] if "paused_until" in names else []))
        moved = old is None or any(getattr(old, name) != getattr(before, name) for name in same)
        if old is None or moved or old.state is State.ENDED:
            return False
        self.kept[before.name] = replace(old, **{name: getattr(after, name) for name in names})
        if check:
            self.next_at[before.name] = now
        return True

    async def get(self, name: str) -> Subscription | None:
        return self.kept.get(name)

    async def all(
        self, *, channel: str = "", person: Person | None = None, ended: bool = False
    ) -> tuple[Subscription, ...]:
        found = [
            one
            for one in self.kept.values()
            if channel in ("", one.channel) and person in (None, one.person) and (one.state is State.ENDED) is ended
        ]
        return tuple(sorted(found, key=lambda one: (one.channel, one.wanted.target, one.name)))

    async def parts(self, *names: str) -> tuple[Part, ...]:
        found = [part for part in self.pieces.values() if not names or part.subscription in names]
        return tuple(sorted(found, key=lambda part: (part.target, part.event, part.hook)))

    async def add_part(self, part: Part, token_hash: str, now: datetime) -> Part:
        if part.subscription not in self.kept:
            raise UserError("There is no such subscription.")
        made = replace(part, hook=f"hook{len(self.pieces) + 1}")
        self.pieces[made.hook] = made
        self.hashes[token_hash] = made.hook
        return made

    async def keep_part(self, part: Part) -> None:
        self.pieces[part.hook] = replace(part, heard_at=self.pieces[part.hook].heard_at)

    async def beat(self, hook: str, at: datetime | None) -> None:
        self.beats.append((hook, at))
        self.pieces[hook] = replace(self.pieces[hook], beat_at=at)

    async def drop_part(self, hook: str) -> None:
        self.pieces.pop(hook, None)

    async def hooks_of(self, marks: Collection[str]) -> Mapping[str, str]:
        return {mark: self.hashes[mark] for mark in marks if mark in self.hashes}

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Subscription, ...]:
        due = sorted((at, name) for name, at in self.next_at.items() if at <= now and name in self.kept)[:limit]
        self.next_at.update({name: now + lease for _, name in due})
        return tuple(self.kept[name] for _, name in due)

    async def checked(self, name: str, now: datetime, next_at: datetime) -> None:
        self.kept[name] = replace(self.kept[name], checked_at=now)
        self.next_at[name] = next_at

    async def hurry(self, names: Collection[str], now: datetime) -> None:
        self.hurried.extend(names)
        self.next_at.update(dict.fromkeys(names or self.kept, now))

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)

    async def baseline(self, name: str, target: str) -> Mapping[str, object] | None:
        return self.baselines.get((name, target))

    async def set_baseline(self, name: str, target: str, known: Mapping[str, object], now: datetime) -> None:
        self.baselines[name, target] = known


@dataclass
class FakeGaps:
    """How many times of each subscription are still looked through."""

    open: dict[str, int] = field(default_factory=dict)

    async def waiting(self, subscription: str) -> int:
        return self.open.get(subscription, 0)


@dataclass
class FakeTending:
    """`does` comes back, `errors` are raised, by name or by ""; `tended` are those that were tended, in their order."""

    store: FakeSubscriptions
    does: Tended = field(default_factory=lambda: Tended(made=1))
    errors: dict[str, Exception] = field(default_factory=dict)
    tended: list[Subscription] = field(default_factory=list)
    gaps: FakeGaps = field(default_factory=FakeGaps)
    runs: int = 0

    async def tend(self, subscription: Subscription) -> Tended:
        self.tended.append(subscription)
        if error := self.errors.get(subscription.name, self.errors.get("")):
            raise error
        return self.does

    async def run(self) -> None:
        self.runs += 1


@dataclass
class FakeRound:
    """Anything else that goes on by itself: how often it was asked to."""

    runs: int = 0

    async def run(self) -> None:
        self.runs += 1


class FakeUpkeep:
    """Everything that goes on by itself."""

    def __init__(self, store: FakeSubscriptions) -> None:
        self.tending = FakeTending(store)
        self.beating, self.recovering, self.looking, self.digesting = (FakeRound() for _ in range(4))


def mark_of(token: str) -> str:
    """What a notification with that token in its URL is known by."""
    return hashlib.sha256(token.encode()).hexdigest()
