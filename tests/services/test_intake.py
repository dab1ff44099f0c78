"""Group commit: nobody is answered before the body is on disk, and trouble stays with its own batch."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.services.intake import BATCH, MOST, GroupCommit
from tests.fakes.slack_desk import HandClock


class SlowDisk:
    """Writes a batch when it is let to; every token but "unknown" is known."""

    def __init__(self) -> None:
        self.batches: list[list[tuple[str, bytes]]] = []
        self.written: list[bytes] = []
        self.began = asyncio.Event()
        self.go = asyncio.Semaphore(0)
        self.errors: list[Exception] = []

    async def keep(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[bool]:
        self.batches.append(list(batch))
        self.began.set()
        await self.go.acquire()
        if self.errors:
            raise self.errors.pop(0)
        self.written += [body for token, body in batch if token != "unknown"]
        return [token != "unknown" for token, _ in batch]

    def hurry(self) -> None:
        """Let every batch be written at once."""
        for _ in range(1000):
            self.go.release()

    async def write(self) -> None:
        """Let the batch that has begun (or begins next) be written."""
        await self.began.wait()
        self.began.clear()
        self.go.release()


class Crowd:
    """Callers with one body each, numbered."""

    def __init__(self, disk: SlowDisk) -> None:
        self.commit = GroupCommit(disk, HandClock())
        self.numbers = count()

    def comes(self, size: int = 1, token: str = "t") -> list[asyncio.Task[bool]]:
        bodies = [b"%d" % next(self.numbers) for _ in range(size)]
        return [asyncio.create_task(self.commit.keep(token, body)) for body in bodies]


@pytest.fixture
def disk() -> SlowDisk:
    return SlowDisk()


@pytest.fixture
def crowd(disk: SlowDisk) -> Crowd:
    return Crowd(disk)


async def test_nobody_is_answered_before_the_body_is_written(disk: SlowDisk, crowd: Crowd) -> None:
    (caller,) = crowd.comes()
    await disk.began.wait()
    assert not caller.done()
    await disk.write()
    assert await caller is True
    assert disk.written == [b"0"]


async def test_who_comes_during_a_write_shares_the_next_one(disk: SlowDisk, crowd: Crowd) -> None:
    first = crowd.comes()
    await disk.began.wait()
    later = crowd.comes(50)
    await disk.write()
    assert await asyncio.gather(*first) == [True]
    assert not any(caller.done() for caller in later)
    await disk.write()
    assert await asyncio.gather(*later) == [True] * 50
    assert [len(batch) for batch in disk.batches] == [1, 50]


async def test_a_huge_crowd_is_written_in_batches_in_its_order(disk: SlowDisk, crowd: Crowd) -> None:
    callers = crowd.comes(2 * BATCH + 5)
    disk.hurry()
    assert await asyncio.gather(*callers) == [True] * (2 * BATCH + 5)
    assert disk.written == [b"%d" % number for number in range(2 * BATCH + 5)]
    assert max(map(len, disk.batches)) <= BATCH


async def test_large_bodies_share_a_write_only_in_small_groups(disk: SlowDisk, crowd: Crowd) -> None:
    sizes = [MOST + 1, MOST // 2, MOST // 2, 1, MOST, 1]
    callers = [asyncio.create_task(crowd.commit.keep("t", bytes(size))) for size in sizes]
    disk.hurry()
    assert await asyncio.gather(*callers) == [True] * len(sizes)
    assert [len(body) for body in disk.written] == sizes
    assert [len(batch) for batch in disk.batches] == [1, 2, 1, 1, 1]


async def test_a_batch_that_fails_tells_each_of_its_callers_and_the_next_one_works(
    disk: SlowDisk, crowd: Crowd
) -> None:
    disk.errors = [TryLater("The database does not answer right now.")]
    unlucky = crowd.comes(3)
    await disk.began.wait()
    lucky = crowd.comes(2)
    await disk.write()
    told = await asyncio.gather(*unlucky, return_exceptions=True)
    assert [type(one) for one in told] == [TryLater] * 3
    await disk.write()
    assert await asyncio.gather(*lucky) == [True, True]


async def test_an_unexpected_error_does_not_stop_the_writer(disk: SlowDisk, crowd: Crowd) -> None:
    disk.errors = [ZeroDivisionError()]
    (unlucky,) = crowd.comes()
    await disk.write()
    with pytest.raises(ZeroDivisionError):
        await unlucky
    (lucky,) = crowd.comes()
    await disk.write()
    assert await lucky is True


async def test_an_unknown_token_is_told_apart_within_a_batch(disk: SlowDisk, crowd: Crowd) -> None:
    callers = [*crowd.comes(), *crowd.comes(token="unknown"), *crowd.comes()]
    disk.hurry()
    assert await asyncio.gather(*callers) == [True, False, True]
    assert disk.written == [b"0", b"2"]
    assert crowd.commit.arrivals == 2


async def test_a_caller_who_leaves_takes_nobody_along(disk: SlowDisk, crowd: Crowd) -> None:
    waiting = crowd.comes()
    await disk.began.wait()
    leaving, staying = crowd.comes(2)
    waiting[0].cancel()
    leaving.cancel()
    await asyncio.wait([waiting[0], leaving])
    await disk.write()
    await disk.write()
    assert await staying is True
    assert {b"0", b"2"} <= set(disk.written)  # what was accepted is kept, whoever waits for the answer


async def test_callers_who_leave_a_failing_batch_are_no_trouble(disk: SlowDisk, crowd: Crowd) -> None:
    disk.errors = [TryLater("away")]
    leaving, staying = crowd.comes(2)
    await disk.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    await disk.write()
    with pytest.raises(TryLater):
        await staying


async def test_closing_waits_until_everything_accepted_is_written(disk: SlowDisk, crowd: Crowd) -> None:
    first = crowd.comes()
    await disk.began.wait()
    second = crowd.comes(3)
    await asyncio.sleep(0)  # they have asked now
    closing = asyncio.create_task(crowd.commit.close())
    await disk.write()
    await asyncio.wait(first)
    assert not closing.done()
    await disk.write()
    await closing
    assert len(disk.written) == 4
    assert await asyncio.gather(*second) == [True] * 3


async def test_closing_when_nothing_waits_returns_at_once(crowd: Crowd) -> None:
    await crowd.commit.close()


async def test_news_is_told_after_a_batch_is_stored(disk: SlowDisk, crowd: Crowd) -> None:
    callers = crowd.comes()
    await disk.began.wait()
    assert not crowd.commit.stored.is_set()
    await disk.write()
    await asyncio.gather(*callers)
    assert crowd.commit.stored.is_set()


async def test_every_body_answered_yes_is_in_the_real_store(store: SqlStore) -> None:
    clock = HandClock()
    await store.hooks.add("repo_push", "acme/web", ["C1"], "known", clock.now())
    commit = GroupCommit(store.intake, clock)
    asks = [commit.keep("known" if number % 3 else "unknown", b"%d" % number) for number in range(100)]
    answers = await asyncio.gather(*asks)
    await commit.close()
    assert answers == [number % 3 != 0 for number in range(100)]
    kept = await store.inbox.claim(200, clock.now(), timedelta(minutes=1))
    assert [delivery.body for delivery in kept] == [b"%d" % number for number in range(100) if number % 3]
