"""The outbox when our own side is in trouble: bugs, a database that goes away, and the end of the process."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.fakes.slack import Fault
from bot.rules.pacing import PACE
from bot.services.outbox import LEASE, Speaker
from tests.plugins.databases import ONLY_SQLITE
from tests.services.newsroom import Newsroom, no_jitter


class Poison:
    """A voice in which our own code breaks for one text."""

    def __init__(self, voice: Any) -> None:
        self.voice = voice
        self.broken = True

    async def post(self, channel: str, payload: Any, key: str) -> str:
        if self.broken and payload["text"] == "poison":
            raise KeyError("ts")
        return str(await self.voice.post(channel, payload, key))

    async def find(self, channel: str, key: str, since: datetime, until: datetime, thread: str = "") -> str | None:
        return await self.voice.find(channel, key, since, until, thread)  # type: ignore[no-any-return]  # any voice


async def test_a_row_that_breaks_our_own_code_lets_the_channel_go_on(room: Newsroom) -> None:
    voice = Poison(room.voice())
    await room.queue("bad", text="poison")
    await room.queue("good")
    speaker = room.speaker(voice)  # type: ignore[arg-type]  # it neither edits nor whispers here
    for _ in range(20):
        await room.work(speaker)
        room.clock.pass_by(1.05)
    assert room.shown() == ["good"]
    voice.broken = False
    await room.finish(speaker)
    assert room.shown() == ["good", "poison"]


@ONLY_SQLITE
async def test_a_row_that_breaks_our_own_code_again_and_again_becomes_a_dead_letter(room: Newsroom) -> None:
    await room.queue("bad", text="poison", asker="U1")
    speaker = room.speaker(Poison(room.voice()))  # type: ignore[arg-type]  # it neither edits nor whispers here
    for number in range(60):
        await room.queue(f"good {number}", "C2")
        await room.work(speaker)
        room.clock.pass_by(5)
    (letter,) = await room.store.dead.all()
    assert letter.reason == "quaybot failed while it said this; its log says why."
    assert len(room.shown("U1")) == 1


class Shaky:
    """An outbox whose database goes away at planned calls."""

    def __init__(self, store: SqlStore, *plan: str) -> None:
        self.outbox, self.plan = store.outbox, list(plan)

    def __getattr__(self, call: str) -> Any:
        async def asked(*args: Any, **more: Any) -> Any:
            if call in self.plan:
                self.plan.remove(call)
                raise TryLater("The database does not answer right now.", after=1.0)
            return await getattr(self.outbox, call)(*args, **more)

        return asked


@pytest.mark.parametrize("plan", [["sent"], ["sent", "later"], ["attempting"], ["attempting", "later"]], ids="+".join)
async def test_a_database_that_goes_away_in_the_middle_doubles_nothing(room: Newsroom, plan: list[str]) -> None:
    await room.queue("a")
    speaker = Speaker(Shaky(room.store, *plan), room.store.inbox, room.voice(), room.clock, no_jitter)
    await room.finish(speaker)
    assert room.shown() == ["a"]


async def test_giving_up_that_fails_is_repeated_and_the_asker_still_hears_once(room: Newsroom) -> None:
    room.slack.add_user("U9", "gone", deleted=True)
    await room.queue("a", "U9", asker="U1")
    speaker = Speaker(Shaky(room.store, "park"), room.store.inbox, room.voice(), room.clock, no_jitter)
    await room.finish(speaker)
    assert len(room.shown("U1")) == 1


async def test_parking_a_channel_that_fails_is_repeated_and_the_asker_still_hears_once(room: Newsroom) -> None:
    room.slack.channels["C2"].archived = True
    await room.queue("a", "C2", asker="U1")
    speaker = Speaker(Shaky(room.store, "park_lane"), room.store.inbox, room.voice(), room.clock, no_jitter)
    for _ in range(10):
        await room.work(speaker)
        room.clock.pass_by(5)
    assert len(room.shown("U1")) == 1


@ONLY_SQLITE
async def test_a_database_that_is_away_does_not_end_the_work(room: Newsroom) -> None:
    outbox = Shaky(room.store, "claim", "claim")
    speaker = Speaker(outbox, room.store.inbox, room.voice(), room.clock, no_jitter)
    await room.queue("a")
    running = asyncio.create_task(speaker.run(idle=0.01))
    await room.slack.wait(lambda: room.shown() == ["a"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await speaker.close()
    assert outbox.plan == []


@ONLY_SQLITE
async def test_whoever_queues_something_wakes_the_speaker(room: Newsroom) -> None:
    speaker = room.speaker()
    running = asyncio.create_task(speaker.run(idle=3600))
    for number in range(3):
        await room.queue(f"m{number}", f"C{number + 1}")
        speaker.wake()
        await room.slack.wait(lambda place=f"C{number + 1}": room.shown(place))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await speaker.close()


class RunningClock:
    """Begins when the newsroom's clock stands, and runs."""

    def __init__(self, start: datetime) -> None:
        self.start, self.zero = start, time.monotonic()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.monotonic() - self.zero)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@ONLY_SQLITE
async def test_the_second_message_of_a_channel_follows_by_itself_as_soon_as_it_may(room: Newsroom) -> None:
    await room.queue("a")
    await room.queue("b")
    clock = RunningClock(room.clock.now())
    speaker = Speaker(room.store.outbox, room.store.inbox, room.voice(), clock, no_jitter)
    running = asyncio.create_task(speaker.run(idle=3600))
    await room.slack.wait(lambda: len(room.shown()) == 2, timeout=20)
    assert clock.now() - room.clock.now() >= PACE
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await speaker.close()
    assert room.shown() == ["a", "b"]


@ONLY_SQLITE
async def test_closing_waits_for_what_is_in_flight(room: Newsroom) -> None:
    await room.queue("a")
    speaker = room.speaker()
    await speaker.step()
    await speaker.close()
    assert room.shown() == ["a"]
    assert await room.store.outbox.waiting() == 0


@ONLY_SQLITE
async def test_closing_does_not_wait_for_ever_and_leaves_nothing_running(room: Newsroom) -> None:
    room.slack.faults = [Fault("chat.postMessage", "timeout")]
    await room.queue("a")
    speaker = room.speaker()
    await speaker.step()
    await room.slack.wait(room.shown)
    talking = [task for task in asyncio.all_tasks() if "_say_safely" in repr(task.get_coro())]
    assert talking
    await speaker.close(patience=0.0)
    assert all(task.done() for task in talking)
    room.clock.pass_by(LEASE.total_seconds())
    await room.finish(room.speaker())
    assert room.shown() == ["a"]
