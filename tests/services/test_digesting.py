"""Summaries: told once for each channel and period, whatever dies in between."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.blocks.validator import neutral_problems, problems
from bot.domain.digests import Happened, Rhythm
from bot.domain.errors import TryLater
from bot.domain.messages import Outgoing
from bot.ports import Channel
from bot.services.upkeep.digesting import Digesting

MORNING = datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)
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
    error: Exception | None = None

    async def of(self, channel: str) -> Channel:
        return self.kept.get(channel, Channel(channel))

    async def all(self) -> tuple[Channel, ...]:
        return tuple(self.kept.values())

    async def keep(self, channel: Channel) -> None:
        if self.error:
            raise self.error
        self.kept[channel.id] = channel


@dataclass
class Diary:
    sums: dict[str, Sequence[Happened]] = field(default_factory=dict)
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    away: set[str] = field(default_factory=set)

    async def happened(self, channel: str, since: datetime, until: datetime) -> tuple[Happened, ...]:
        self.asked.append((channel, since, until))
        if channel in self.away:
            raise TryLater("The database is away.")
        return tuple(self.sums.get(channel, ()))


@dataclass
class Posted:
    said: dict[str, Outgoing] = field(default_factory=dict)
    times: int = 0

    async def say(self, message: Outgoing, now: datetime) -> None:
        assert problems(dict(message.payload)) == []
        assert neutral_problems(dict(message.payload)) == []
        self.said[message.key] = message
        self.times += 1


@dataclass
class Desk:
    rooms: Rooms = field(default_factory=Rooms)
    diary: Diary = field(default_factory=Diary)
    posted: Posted = field(default_factory=Posted)
    clock: Clock = field(default_factory=Clock)

    def replica(self) -> Digesting:
        return Digesting(self.rooms, self.diary, self.posted, self.clock, "https://quay.example")  # type: ignore[arg-type]

    def channel(self, id_: str, rhythm: Rhythm, *happened: Happened) -> None:
        self.rooms.kept[id_] = Channel(id_, rhythm=rhythm)
        self.diary.sums[id_] = happened


async def test_a_summary_is_told_when_its_time_has_come_and_once() -> None:
    desk = Desk()
    desk.channel("C1", DAILY, PUSHES)
    desk.clock.time = MORNING - timedelta(seconds=10)
    await desk.replica().run()
    assert desk.posted.said == {}
    desk.clock.time = MORNING
    await desk.replica().run()
    await desk.replica().run()
    assert desk.posted.times == 1
    [message] = desk.posted.said.values()
    assert (message.channel, message.payload["text"]) == ("C1", "🗞️ The last day: 5 pushes.")
    assert desk.rooms.kept["C1"].rhythm.told_at == MORNING.replace(second=0)


async def test_replicas_that_are_late_for_each_other_say_the_same_message() -> None:
    desk = Desk()
    desk.channel("C1", DAILY, PUSHES)
    desk.rooms.error = TryLater("The database went away just now.")
    await desk.replica().run()  # dies between saying and storing
    desk.rooms.error = None
    await desk.replica().run()
    assert (desk.posted.times, len(desk.posted.said)) == (2, 1)  # one key: the outbox has one message


async def test_what_was_missed_is_made_up_once() -> None:
    desk = Desk()
    desk.channel("C1", replace(DAILY, told_at=MORNING - timedelta(days=4)), PUSHES)
    await desk.replica().run()
    await desk.replica().run()
    [(channel, since, until)] = desk.diary.asked
    assert (channel, until - since) == ("C1", timedelta(days=4))
    assert desk.posted.times == 1


async def test_a_day_without_anything_has_no_message_and_is_over_all_the_same() -> None:
    desk = Desk()
    desk.channel("C1", DAILY)
    await desk.replica().run()
    assert desk.posted.said == {}
    assert desk.rooms.kept["C1"].rhythm.told_at == MORNING.replace(second=0)


async def test_a_week_without_anything_is_one_line() -> None:
    desk = Desk()
    desk.channel("C1", Rhythm(digest="weekly tue 09:00", told_at=MORNING - timedelta(days=7)))
    await desk.replica().run()
    [message] = desk.posted.said.values()
    assert message.payload["text"] == "🗞️ The last week: nothing happened that is told here."
    assert len(message.payload["blocks"]) == 1


async def test_quiet_hours_that_kept_nothing_out_have_no_message() -> None:
    desk = Desk()
    night = Rhythm(quiet="22:00-07:00", told_at=MORNING - timedelta(days=1))
    desk.channel("C1", night, replace(PUSHES, filtered=0, quiet=0))
    desk.channel("C2", night, PUSHES)
    await desk.replica().run()
    [message] = desk.posted.said.values()
    assert (message.channel, message.payload["text"]) == ("C2", "☀️ While it was quiet: 2 pushes.")


async def test_trouble_with_one_channel_does_not_touch_the_others() -> None:
    desk = Desk()
    desk.channel("C1", DAILY, PUSHES)
    desk.channel("C2", DAILY, PUSHES)
    desk.diary.away.add("C1")
    await desk.replica().run()
    assert [one.channel for one in desk.posted.said.values()] == ["C2"]
    desk.diary.away.clear()
    await desk.replica().run()
    assert [one.channel for one in desk.posted.said.values()] == ["C2", "C1"]


async def test_what_somebody_decides_meanwhile_is_kept() -> None:
    desk = Desk()
    desk.channel("C1", DAILY, PUSHES)

    class Slow(Posted):
        async def say(self, message: Outgoing, now: datetime) -> None:
            await desk.rooms.keep(Channel("C1", "compact", rhythm=Rhythm(told_at=MORNING)))

    desk.posted = Slow()
    await desk.replica().run()
    assert desk.rooms.kept["C1"] == Channel("C1", "compact", rhythm=Rhythm(told_at=MORNING))
