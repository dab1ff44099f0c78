"""Summaries: told once for each channel and period, whatever dies in between."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.blocks.validator import neutral_problems, problems
from bot.domain.digests import Happened, Rhythm
from bot.domain.errors import TryLater
from bot.domain.messages import Outgoing
from bot.ports import Channel
from bot.services.upkeep.digesting import Digesting

MORNING = datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
PUSHES = Happened("acme/web", "repo_push", 3, 2, 2, ("v1",))
DAILY = Rhythm(digest="daily 09:00", told_at=MORNING - timedelta(days=1, seconds=5))


@dataclass
class Clock:
    time: datetime = MORNING

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Rooms:
    kept: dict[str, Channel] = field(default_factory=dict)

    async def all(self) -> tuple[Channel, ...]:
        return tuple(self.kept.values())


@dataclass
class Diary:
    """What happened in channels; what waits there was kept out at midnight."""

    sums: dict[str, tuple[Happened, ...]] = field(default_factory=dict)
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    away: set[str] = field(default_factory=set)

    async def waiting(self, channels: Collection[str]) -> Mapping[str, datetime]:
        return {name: MIDNIGHT for name in channels if any(one.quiet for one in self.sums.get(name, ()))}


@dataclass
class Book:
    """The ledger: what is said in it is said at its end, and times and what waits change then."""

    desk: "Desk"
    rooms: dict[str, Channel] = field(default_factory=dict)
    said: list[Outgoing] = field(default_factory=list)
    summed: list[str] = field(default_factory=list)

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        now = self.desk.rooms.kept[channel]
        self.rooms[channel] = replace(now, rhythm=after)
        return now.rhythm == before

    async def sum_up(self, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
        self.desk.diary.asked.append((channel, since, until))
        if channel in self.desk.diary.away:
            raise TryLater("The database is away.")
        self.summed.append(channel)
        return self.desk.diary.sums.get(channel, ())

    async def say(self, message: Outgoing, now: datetime) -> None:
        assert problems(dict(message.payload)) == []
        assert neutral_problems(dict(message.payload)) == []
        self.said.append(message)
        if self.desk.dies:
            raise TryLater("The database went away just now.")


@dataclass
class Desk:
    rooms: Rooms = field(default_factory=Rooms)
    diary: Diary = field(default_factory=Diary)
    clock: Clock = field(default_factory=Clock)
    said: dict[str, Outgoing] = field(default_factory=dict)
    woken: int = 0
    dies: bool = False  # before the end of the transaction

    def replica(self) -> Digesting:
        return Digesting(self.rooms, self.diary, self, self.clock, "https://quay.example", self._wake)  # type: ignore[arg-type]

    def _wake(self) -> None:
        self.woken += 1

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Book]:
        book = Book(self)
        yield book
        if book.summed:
            self.rooms.kept.update(book.rooms)
            self.said |= {one.key: one for one in book.said}
        for name in book.summed:
            self.diary.sums[name] = tuple(replace(one, filtered=0, quiet=0) for one in self.diary.sums.get(name, ()))

    def channel(self, id_: str, rhythm: Rhythm, *happened: Happened) -> None:
        self.rooms.kept[id_] = Channel(id_, rhythm=rhythm)
        self.diary.sums[id_] = happened


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_summary_is_told_when_its_time_has_come_and_once(desk: Desk) -> None:
    desk.channel("C1", DAILY, PUSHES)
    desk.clock.time = MORNING - timedelta(seconds=10)
    await desk.replica().run()
    assert desk.said == {}
    desk.clock.time = MORNING
    await desk.replica().run()
    await desk.replica().run()
    assert len(desk.said) == 1
    [message] = desk.said.values()
    assert (message.channel, message.payload["text"]) == ("C1", "🗞️ The last day: 5 pushes.")
    assert desk.rooms.kept["C1"].rhythm.told_at == MORNING.replace(second=0)


async def test_who_dies_before_the_end_has_told_nothing(desk: Desk) -> None:
    desk.channel("C1", DAILY, PUSHES)
    desk.dies = True
    await desk.replica().run()
    assert (desk.said, desk.woken, desk.rooms.kept["C1"].rhythm) == ({}, 0, DAILY)
    desk.dies = False
    await desk.replica().run()
    assert (len(desk.said), desk.woken) == (1, 1)


async def test_of_two_replicas_the_second_tells_nothing(desk: Desk) -> None:
    desk.channel("C1", DAILY, PUSHES)
    seen = await desk.rooms.all()

    async def stale() -> tuple[Channel, ...]:
        return seen

    late = desk.replica()
    object.__setattr__(late, "channels", SimpleNamespace(all=stale))
    await desk.replica().run()
    await late.run()
    assert len(desk.said) == 1


async def test_what_was_missed_is_made_up_once(desk: Desk) -> None:
    desk.channel("C1", replace(DAILY, told_at=MORNING - timedelta(days=4)), PUSHES)
    await desk.replica().run()
    await desk.replica().run()
    [(channel, since, until)] = desk.diary.asked
    assert (channel, until - since) == ("C1", timedelta(days=4))
    assert len(desk.said) == 1


async def test_a_day_without_anything_has_no_message_and_is_over_all_the_same(desk: Desk) -> None:
    desk.channel("C1", DAILY)
    await desk.replica().run()
    assert desk.said == {}
    assert desk.rooms.kept["C1"].rhythm.told_at == MORNING.replace(second=0)


async def test_a_week_without_anything_is_one_line(desk: Desk) -> None:
    desk.channel("C1", Rhythm(digest="weekly tue 09:00", told_at=MORNING - timedelta(days=7)))
    await desk.replica().run()
    [message] = desk.said.values()
    assert message.payload["text"] == "🗞️ The last week: nothing happened that is told here."
    assert len(message.payload["blocks"]) == 1


async def test_quiet_hours_that_kept_nothing_out_have_no_message(desk: Desk) -> None:
    night = Rhythm(quiet="22:00-07:00", told_at=MORNING - timedelta(days=1))
    desk.channel("C1", night, replace(PUSHES, filtered=0, quiet=0))
    desk.channel("C2", night, PUSHES)
    await desk.replica().run()
    [message] = desk.said.values()
    assert (message.channel, message.payload["text"]) == ("C2", "☀️ While it was quiet: 2 pushes.")


async def test_trouble_with_one_channel_does_not_touch_the_others(desk: Desk) -> None:
    desk.channel("C1", DAILY, PUSHES)
    desk.channel("C2", DAILY, PUSHES)
    desk.diary.away.add("C1")
    await desk.replica().run()
    assert [one.channel for one in desk.said.values()] == ["C2"]
    desk.diary.away.clear()
    await desk.replica().run()
    assert [one.channel for one in desk.said.values()] == ["C2", "C1"]


async def test_what_somebody_decides_meanwhile_is_kept(desk: Desk) -> None:
    desk.channel("C1", DAILY, PUSHES)
    decided = Channel("C1", "compact", rhythm=Rhythm(told_at=MORNING))

    class Slow(Diary):
        async def waiting(self, channels: Collection[str]) -> Mapping[str, datetime]:
            desk.rooms.kept["C1"] = decided
            return await super().waiting(channels)

    desk.diary = Slow(desk.diary.sums)
    await desk.replica().run()
    assert (desk.rooms.kept["C1"], desk.said) == (decided, {})
    await desk.replica().run()  # it is not quiet, and there is no summary: what waits is told at once
    assert [one.payload["text"] for one in desk.said.values()] == ["☀️ While it was quiet: 2 pushes."]
    assert desk.rooms.kept["C1"] == decided


async def test_what_was_kept_out_is_told_when_quiet_hours_are_switched_off_in_the_night(desk: Desk) -> None:
    desk.clock.time = MIDNIGHT + timedelta(hours=2)
    desk.channel("C1", Rhythm(quiet="22:00-07:00"), PUSHES)
    await desk.replica().run()
    assert desk.said == {}
    desk.rooms.kept["C1"] = Channel("C1", rhythm=Rhythm())
    await desk.replica().run()
    assert [one.payload["text"] for one in desk.said.values()] == ["☀️ While it was quiet: 2 pushes."]
